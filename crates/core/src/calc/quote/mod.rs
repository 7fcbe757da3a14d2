//! Quotes: a document as JSON in, its amounts as JSON out.
//!
//! `docs/quote.md` describes both for integrators. Numbers are read from and
//! written to their decimal text, so nothing is lost on the way.

mod names;
mod read;
mod value;
mod write;

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::{Arithmetic, DocumentTotals, Original, ValidationError, calculate};

/// The documents in a text: one JSON object, over as many lines as it likes, or
/// one on each line. Empty lines are left out.
#[must_use]
pub fn documents(text: &str) -> Vec<&str> {
    if serde_json::from_str::<&RawValue>(text).is_ok() {
        return vec![text];
    }
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .collect()
}

/// Quotes documents one after another. A return finds its sale among the
/// documents quoted before it, so those are remembered by their id.
#[derive(Debug, Default)]
pub struct Quoter {
    arithmetic: Arithmetic,
    sales: HashMap<String, Original>,
}

impl Quoter {
    /// A quoter that has seen nothing yet.
    #[must_use]
    pub fn new(arithmetic: Arithmetic) -> Self {
        Self {
            arithmetic,
            sales: HashMap::new(),
        }
    }

    /// Quotes one JSON object and answers with one, without a line break:
    /// `{"id": …, …}` or `{"id": …, "error": {"reason": …, "message": …}}`.
    pub fn quote_line(&mut self, json: &str) -> String {
        let mut answer = String::with_capacity(1024);
        self.quote_into(json, &mut answer);
        answer
    }

    /// Like [`Quoter::quote_line`], appended to `answer`.
    pub fn quote_into(&mut self, json: &str, answer: &mut String) {
        match read::request(json) {
            Ok(request) => match self.answer(&request) {
                Ok(totals) => write::totals(answer, &request, &totals),
                Err(refusal) => write::refusal(answer, request.id.as_ref(), &refusal),
            },
            Err(message) => {
                let id = read::id_of(json);
                write::refusal(answer, id.as_ref(), &ValidationError::InvalidInput(message));
            }
        }
    }

    /// Works one JSON object out without writing an answer.
    ///
    /// # Errors
    ///
    /// The [`ValidationError`] that the answer would hold.
    pub fn work_out(&mut self, json: &str) -> Result<DocumentTotals, ValidationError> {
        self.answer(&read::request(json).map_err(ValidationError::InvalidInput)?)
    }

    fn answer(&mut self, request: &read::Request) -> Result<DocumentTotals, ValidationError> {
        let document = &request.document;
        let original = self.original_of(request)?;
        let totals = calculate(document, original, self.arithmetic)?;
        if let Some(sale) = &request.return_against {
            if let Some(original) = self.sales.get_mut(sale) {
                original.take_back(document, &totals);
            }
        } else if let (false, Some(id)) = (document.is_return, &request.id) {
            self.sales
                .insert(id.text.clone(), Original::of(document, &totals));
        }
        Ok(totals)
    }

    fn original_of(&self, request: &read::Request) -> Result<Option<&Original>, ValidationError> {
        let Some(sale) = &request.return_against else {
            return Ok(None);
        };
        match self.sales.get(sale) {
            Some(original) => Ok(Some(original)),
            None => Err(ValidationError::OriginalNotFound {
                original: sale.clone(),
            }),
        }
    }
}
