//! What a document must be before it is posted. Pure: no database, no clock.

use evertill_core::values::money::MoneyError;
use evertill_core::{Invoice, InvoiceLine, InvoiceTotals, Money, TillId, verify_totals};
use evertill_protocol::{DocumentKind, Envelope, code};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

/// Why a document can never be posted as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentRejection {
    /// Stable code of [`evertill_protocol::code`].
    pub(crate) code: &'static str,
    /// The same as a sentence.
    pub(crate) message: String,
}

impl DocumentRejection {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// A document as it came, read as far as it can be.
pub(crate) enum Incoming {
    /// Not even an envelope; the key if at least that could be read.
    Unreadable {
        key: Uuid,
        refusal: DocumentRejection,
    },
    /// An envelope with its hash proven, and what is inside it or why that is refused. A refused
    /// document is still looked up by key: what was accepted once is acknowledged for ever, even
    /// if the rules got stricter since.
    Sealed {
        envelope: Envelope,
        invoice: Result<Box<Invoice>, DocumentRejection>,
    },
}

/// Reads one document of a batch that came from `till`.
pub(crate) fn read(document: &RawValue, till: &TillId) -> Incoming {
    let envelope: Envelope = match serde_json::from_str(document.get()) {
        Ok(envelope) => envelope,
        Err(error) => {
            let refusal = DocumentRejection::new(
                code::ENVELOPE_MALFORMED,
                format!("The document's envelope cannot be read: {error}."),
            );
            return Incoming::Unreadable {
                key: key_of(document),
                refusal,
            };
        }
    };
    if !envelope.verify_hash() {
        let refusal = DocumentRejection::new(
            code::PAYLOAD_HASH_WRONG,
            "The document is not what was hashed; it was damaged on its way.",
        );
        return Incoming::Unreadable {
            key: envelope.key,
            refusal,
        };
    }
    let invoice = open(&envelope, till);
    Incoming::Sealed { envelope, invoice }
}

/// The key of something that is not quite an envelope, so that its sender can tell which.
fn key_of(document: &RawValue) -> Uuid {
    #[derive(Deserialize)]
    struct KeyAlone {
        key: Uuid,
    }
    serde_json::from_str::<KeyAlone>(document.get()).map_or(Uuid::nil(), |alone| alone.key)
}

fn open(envelope: &Envelope, till: &TillId) -> Result<Box<Invoice>, DocumentRejection> {
    if envelope.till != *till {
        return Err(DocumentRejection::new(
            code::TILL_DIFFERS,
            format!(
                "The document is from till {}, the sender is till {till}.",
                envelope.till
            ),
        ));
    }
    if let DocumentKind::Other(kind) = &envelope.kind {
        return Err(DocumentRejection::new(
            code::DOCUMENT_KIND_UNKNOWN,
            format!(
                "This hub does not know documents of kind “{}”.",
                shorten(kind)
            ),
        ));
    }
    let invoice: Invoice = serde_json::from_str(envelope.payload.get()).map_err(|error| {
        DocumentRejection::new(
            code::PAYLOAD_MALFORMED,
            format!("The invoice cannot be read: {error}."),
        )
    })?;
    agrees(envelope, &invoice)?;
    well_formed(&invoice)?;
    match adds_up(&invoice) {
        Ok(None) => {}
        Ok(Some(what)) => {
            return Err(does_not_add_up(&what));
        }
        Err(MoneyError::Overflow) | Err(_) => {
            return Err(does_not_add_up(&"its amounts are too large"));
        }
    }
    // The hub comes to the same cent as the till, or the books do not take it.
    match verify_totals(&invoice) {
        Ok(None) => Ok(Box::new(invoice)),
        Ok(Some(what)) => Err(does_not_add_up(&format_args!("{what} differs"))),
        Err(error) => Err(does_not_add_up(&error)),
    }
}

fn does_not_add_up(why: &dyn std::fmt::Display) -> DocumentRejection {
    DocumentRejection::new(
        code::TOTALS_DO_NOT_ADD_UP,
        format!("The invoice does not add up: {why}."),
    )
}

fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

fn agrees(envelope: &Envelope, invoice: &Invoice) -> Result<(), DocumentRejection> {
    let number = invoice.number.to_string();
    let differs = if invoice.key != envelope.key {
        "key"
    } else if invoice.till != envelope.till {
        "till"
    } else if envelope.number.as_deref() != Some(number.as_str()) {
        "number"
    } else if invoice.business_date != envelope.business_date {
        "business date"
    } else {
        return Ok(());
    };
    Err(DocumentRejection::new(
        code::PAYLOAD_DIFFERS,
        format!("Envelope and invoice name a different {differs}."),
    ))
}

fn well_formed(invoice: &Invoice) -> Result<(), DocumentRejection> {
    let malformed = |message: &str| Err(DocumentRejection::new(code::PAYLOAD_MALFORMED, message));
    if invoice.lines.is_empty() {
        return malformed("The invoice has no lines.");
    }
    if !(1_u32..)
        .zip(&invoice.lines)
        .all(|(row, line)| line.row == row)
    {
        return malformed("The invoice's lines are not numbered from 1 without gaps.");
    }
    Ok(())
}

/// What does not add up, if anything. Errors are sums beyond any amount.
fn adds_up(invoice: &Invoice) -> Result<Option<&'static str>, MoneyError> {
    let totals = &invoice.totals;
    let lines = &invoice.lines;
    let taxes = &invoice.tax_lines;
    let sum_of = |part: fn(&InvoiceLine) -> Money| Money::sum(lines.iter().map(part));

    if invoice.totals_policy.is_none()
        && let Some(wrong) = adds_up_without_policy(invoice)?
    {
        return Ok(Some(wrong));
    }
    let below_zero =
        |line: &InvoiceLine| line.discount.is_negative() || line.invoice_discount.is_negative();
    let amounts = sum_of(|line| line.amount)?;
    let tendered = Money::sum(invoice.tenders.iter().map(|tender| tender.amount))?;
    let inside = |base: Money, tax: Money, gross: Money| Ok(base.checked_add(tax)? == gross);
    let mut tax_lines_hold = true;
    for tax in taxes {
        tax_lines_hold &= inside(tax.base, tax.tax, tax.gross)?;
    }

    let checks = [
        (!lines.iter().any(below_zero), "a discount is below zero"),
        (
            amounts == totals.gross.checked_sub(totals.line_discount)?,
            "the lines are not the gross",
        ),
        (
            sum_of(|line| line.discount)? == totals.line_discount,
            "the line discounts differ",
        ),
        (
            sum_of(|line| line.invoice_discount)? == totals.invoice_discount,
            "the shares of the invoice discount differ",
        ),
        (
            tax_lines_hold,
            "a tax line's base and tax are not its gross",
        ),
        (
            Money::sum(taxes.iter().map(|tax| tax.tax))? == totals.tax,
            "the taxes differ",
        ),
        (
            inside(totals.net, totals.tax, without_differences(totals)?)?,
            "net and tax are not the total",
        ),
        (!totals.total.is_negative(), "the total is below zero"),
        (
            tendered == invoice.paid,
            "the payments are not what was paid",
        ),
        (
            invoice.paid.checked_sub(invoice.change)? == totals.total,
            "paid less change differs",
        ),
        (!invoice.change.is_negative(), "the change is below zero"),
    ];
    Ok(checks
        .into_iter()
        .find(|(holds, _)| !holds)
        .map(|(_, what)| what))
}

/// What only the sums can show on an invoice that does not say how it was calculated, and so cannot
/// be worked out again.
fn adds_up_without_policy(invoice: &Invoice) -> Result<Option<&'static str>, MoneyError> {
    for line in &invoice.lines {
        if !line_adds_up(line)? {
            return Ok(Some(
                "price, quantity and discount of a line do not give its amount",
            ));
        }
    }
    let (totals, taxes) = (&invoice.totals, &invoice.tax_lines);
    if Money::sum(taxes.iter().map(|tax| tax.base))? != totals.net {
        return Ok(Some("the tax bases differ"));
    }
    let added = taxes.iter().filter(|tax| !tax.inclusive);
    let due = Money::sum(invoice.lines.iter().map(|line| line.amount))?
        .checked_sub(totals.invoice_discount)?
        .checked_add(Money::sum(added.map(|tax| tax.tax))?)?;
    Ok((due != totals.total).then_some("lines, discount and tax are not the total"))
}

/// The total without what rounding added.
fn without_differences(totals: &InvoiceTotals) -> Result<Money, MoneyError> {
    totals
        .total
        .checked_sub(totals.rounding)?
        .checked_sub(totals.difference)
}

/// Price times quantity, however the upstream rounds halves, is within one minor unit.
fn line_adds_up(line: &InvoiceLine) -> Result<bool, MoneyError> {
    let stated = line.amount.checked_add(line.discount)?;
    let gross = Decimal::from(line.price.minor())
        .checked_mul(line.quantity.value())
        .ok_or(MoneyError::Overflow)?;
    let off = (gross - Decimal::from(stated.minor())).abs();
    Ok(off <= Decimal::ONE)
}
