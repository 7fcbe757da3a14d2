//! Receipts that were printed, wait, or are wanted again.

use evertill_core::{Coded, Fault, Invoice};
use evertill_receipt::ShopHeader;
use evertill_store::{PrintState as Stored, ReceiptRow};
use uuid::Uuid;

use super::printer::LastPrintOutcome;
use super::receipt_types::{
    InvoiceRequest, PrintState, PrintView, ReceiptView, ReceiptsView, RecentRequest,
};
use super::{PrintNews, Printing, UNDER_WAY};
use crate::caller::Caller;
use crate::context::Context;
use crate::fault::AppError;
use crate::shop::EnrolledShop;
use crate::sync::document_state;
use crate::when;

/// The printer's code for a job that may be on paper or not.
const UNKNOWN_OUTCOME: &str = "printer_unknown";

/// Most receipts one list shows.
const RECENT: u32 = 200;

/// `receipt.print_again`: a copy, marked as one; the original if nothing of it can be on paper yet.
///
/// Refusals: `invoice_unknown`.
pub(super) fn print_again(
    printing: &Printing,
    _: &Caller,
    request: &InvoiceRequest,
) -> Result<PrintView, Fault> {
    let invoice = invoice_id(&request.invoice_id)?;
    find(printing, &invoice)?;
    let maybe_printed = [UNDER_WAY, UNKNOWN_OUTCOME];
    if printing
        .context
        .store()
        .print_first_again(&invoice, maybe_printed)?
    {
        printing.wake();
    } else {
        printing.copy(invoice);
    }
    let print = view_of(printing, &invoice)?;
    (printing.tell)(PrintNews {
        invoice,
        print: print.clone(),
    });
    Ok(print)
}

/// `receipt.state`
///
/// Refusals: `invoice_unknown`.
pub(super) fn state(
    printing: &Printing,
    _: &Caller,
    request: &InvoiceRequest,
) -> Result<PrintView, Fault> {
    view_of(printing, &invoice_id(&request.invoice_id)?)
}

/// `receipt.recent`
pub(super) fn recent(
    printing: &Printing,
    _: &Caller,
    request: &RecentRequest,
) -> Result<ReceiptsView, Fault> {
    let enrolled = printing.context.shop()?;
    let sales = printing
        .context
        .store()
        .recent_invoices(request.limit.clamp(1, RECENT))?;
    let receipts = sales
        .into_iter()
        .map(|sale| {
            Ok(ReceiptView {
                invoice_id: sale.key.to_string(),
                number: sale.number.to_string(),
                time_text: when::moment(sale.sold_at, printing.context.now(), &enrolled.zone),
                total: enrolled.money(sale.total),
                print: view_of(printing, &sale.key)?,
                sync_state: document_state(sale.sync),
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(ReceiptsView { receipts })
}

/// How the receipt of an invoice stands.
pub(super) fn view_of(printing: &Printing, invoice: &Uuid) -> Result<PrintView, Fault> {
    let row = find(printing, invoice)?;
    let under_way = row.state == Stored::Waiting || printing.is_copying(invoice);
    let (state, code, message) = match (under_way, row.state) {
        (true, _) => match printing.printer().last_outcome {
            // It waits, itself or behind others, for the printer to be well again.
            LastPrintOutcome::Problem(error) => (
                PrintState::Waiting,
                Some(error.code().to_owned()),
                Some(error.to_string()),
            ),
            LastPrintOutcome::Nothing | LastPrintOutcome::Printed => {
                (PrintState::Printing, None, None)
            }
        },
        (false, Stored::Printed) => (PrintState::Printed, row.last_code, row.last_message),
        (false, Stored::Failed | Stored::Waiting) => {
            (PrintState::Failed, row.last_code, row.last_message)
        }
    };
    Ok(PrintView {
        state,
        code,
        message,
    })
}

fn find(printing: &Printing, invoice: &Uuid) -> Result<ReceiptRow, Fault> {
    printing.context.store().receipt(invoice)?.ok_or_else(|| {
        AppError::InvoiceUnknown {
            invoice: invoice.to_string(),
        }
        .into()
    })
}

fn invoice_id(text: &str) -> Result<Uuid, Fault> {
    Uuid::parse_str(text).map_err(|_| {
        AppError::InvoiceUnknown {
            invoice: text.to_owned(),
        }
        .into()
    })
}

/// An invoice as it was sold.
pub(crate) fn invoice(context: &Context, key: &Uuid) -> Result<Invoice, Fault> {
    context.store().invoice(key)?.ok_or_else(|| {
        AppError::InvoiceUnknown {
            invoice: key.to_string(),
        }
        .into()
    })
}

/// What stands above and below every receipt.
pub(super) fn header(enrolled: &EnrolledShop) -> ShopHeader {
    ShopHeader {
        name: enrolled.shop.name.clone(),
        address_lines: enrolled.shop.address_lines.clone(),
        tax_id: enrolled.shop.tax_id.clone(),
        footer: enrolled.shop.receipt_footer.clone(),
        time_zone: enrolled.zone.clone(),
    }
}
