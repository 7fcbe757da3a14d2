//! What the hub's answer to a batch means for each document in it.

use std::collections::BTreeMap;

use evertill_protocol::{BatchResult, DocumentResult, Outcome};
use uuid::Uuid;

/// What becomes of a document after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The hub has it, whether since now or since an earlier try.
    Acknowledged,
    /// Not this time: try again later.
    Again {
        /// Stable code.
        code: String,
        /// Sentence.
        message: String,
    },
    /// Never by itself: a person has to look.
    Attention {
        /// Stable code.
        code: String,
        /// Sentence.
        message: String,
    },
}

/// Sorts an answer by key, whatever its order. Each sent document gets exactly one verdict: those
/// the answer leaves out, or speaks of twice and differently, are tried again. Keys that were not
/// sent are ignored.
pub(crate) fn verdicts(sent: &[Uuid], answer: &BatchResult) -> BTreeMap<Uuid, Verdict> {
    let mut said: BTreeMap<Uuid, Option<Verdict>> = BTreeMap::new();
    for result in &answer.results {
        let verdict = verdict(result);
        said.entry(result.key)
            .and_modify(|earlier| {
                if earlier.as_ref() != Some(&verdict) {
                    *earlier = None;
                }
            })
            .or_insert(Some(verdict));
    }
    let for_document = |key: &Uuid| match said.get(key) {
        Some(Some(verdict)) => verdict.clone(),
        Some(None) => again(
            "hub_answer_contradicts",
            "The hub gave two different answers.",
        ),
        None => again(
            "hub_answer_missing",
            "The hub's answer leaves this document out.",
        ),
    };
    sent.iter().map(|key| (*key, for_document(key))).collect()
}

fn verdict(result: &DocumentResult) -> Verdict {
    let code = |otherwise: &str| result.code.clone().unwrap_or_else(|| otherwise.to_owned());
    let message = |otherwise: &str| {
        result
            .message
            .clone()
            .unwrap_or_else(|| otherwise.to_owned())
    };
    match result.outcome {
        Outcome::Accepted | Outcome::Duplicate => Verdict::Acknowledged,
        Outcome::Retry => Verdict::Again {
            code: code("hub_busy"),
            message: message("The hub could not take this document now."),
        },
        Outcome::Fork => Verdict::Attention {
            code: code("fork"),
            message: message("The hub has another document under this key or number."),
        },
        Outcome::Rejected => Verdict::Attention {
            code: code("rejected"),
            message: message("The hub does not take this document as it is."),
        },
    }
}

fn again(code: &str, message: &str) -> Verdict {
    Verdict::Again {
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    fn result(key: Uuid, outcome: Outcome) -> DocumentResult {
        DocumentResult {
            key,
            outcome,
            code: None,
            message: None,
            notes: vec![],
            posted_at: None,
        }
    }

    fn keys(count: u128) -> Vec<Uuid> {
        (1..=count).map(Uuid::from_u128).collect()
    }

    #[test]
    fn each_outcome_has_its_verdict_and_the_hub_s_own_words_win() {
        let [a, b, c, d, e] = [1, 2, 3, 4, 5].map(Uuid::from_u128);
        let fork = DocumentResult {
            code: Some("number_reused".into()),
            message: Some("03-000147 is another sale.".into()),
            ..result(c, Outcome::Fork)
        };
        let answer = BatchResult {
            results: vec![
                result(e, Outcome::Retry),
                fork,
                result(a, Outcome::Accepted),
                result(d, Outcome::Rejected),
                result(b, Outcome::Duplicate),
            ],
        };
        let found = verdicts(&[a, b, c, d, e], &answer);
        let code = |key| match &found[&key] {
            Verdict::Acknowledged => "ok".to_owned(),
            Verdict::Again { code, .. } => format!("again {code}"),
            Verdict::Attention { code, .. } => format!("attention {code}"),
        };
        assert_eq!(
            [a, b, c, d, e].map(code),
            [
                "ok",
                "ok",
                "attention number_reused",
                "attention rejected",
                "again hub_busy"
            ]
        );
    }

    #[test]
    fn what_is_missing_or_contradicted_is_tried_again_and_never_acknowledged() {
        let [a, b, stranger] = [1, 2, 9].map(Uuid::from_u128);
        let answer = BatchResult {
            results: vec![
                result(a, Outcome::Accepted),
                result(a, Outcome::Rejected),
                result(stranger, Outcome::Accepted),
            ],
        };
        let found = verdicts(&[a, b], &answer);
        assert_eq!(found.len(), 2, "strangers get no verdict");
        assert!(
            matches!(&found[&a], Verdict::Again { code, .. } if code == "hub_answer_contradicts")
        );
        assert!(matches!(&found[&b], Verdict::Again { code, .. } if code == "hub_answer_missing"));
    }

    proptest! {
        #[test]
        fn a_document_is_acknowledged_exactly_if_its_own_key_was(
            accepted in subsequence(keys(40), 0..=40),
            turn in 0_usize..40,
        ) {
            let mut results: Vec<_> =
                accepted.iter().map(|key| result(*key, Outcome::Accepted)).collect();
            let middle = turn.min(results.len());
            results.rotate_left(middle);
            let found = verdicts(&keys(40), &BatchResult { results });
            prop_assert_eq!(found.len(), 40);
            for (key, verdict) in found {
                prop_assert_eq!(verdict == Verdict::Acknowledged, accepted.contains(&key));
            }
        }
    }
}
