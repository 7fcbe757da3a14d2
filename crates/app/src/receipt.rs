//! Receipts that were printed, wait, or are wanted again.

use evertill_core::{Coded, Fault, Invoice};
use evertill_receipt::ShopHeader;
use evertill_store::{PrintState as Stored, ReceiptRow};
use uuid::Uuid;

use crate::fault::AppError;
use crate::printing::{self, LastPrintOutcome};
use crate::session::Caller;
use crate::shop::EnrolledShop;
use crate::sync;
use crate::till::Till;
use crate::types::{
    Event, InvoiceRequest, PrintState, PrintView, ReceiptView, ReceiptsView, RecentRequest,
};
use crate::when;

/// The printer's code for a job that may be on paper or not.
const UNKNOWN_OUTCOME: &str = "printer_unknown";

/// Most receipts one list shows.
const RECENT: u32 = 200;

/// `receipt.print_again`: a copy, marked as one; the original if nothing of it can be on paper yet.
///
/// Refusals: `invoice_unknown`.
pub(crate) fn print_again(
    till: &Till,
    _: &Caller,
    request: &InvoiceRequest,
) -> Result<PrintView, Fault> {
    let invoice = invoice_id(&request.invoice_id)?;
    find(till, &invoice)?;
    let maybe_printed = [printing::UNDER_WAY, UNKNOWN_OUTCOME];
    if till.store().print_first_again(&invoice, maybe_printed)? {
        till.printing().wake();
    } else {
        till.printing().copy(invoice);
    }
    let print = view_of(till, &invoice)?;
    till.tell(Event::PrintChanged {
        invoice_id: invoice.to_string(),
        print: print.clone(),
    });
    Ok(print)
}

/// `receipt.state`
///
/// Refusals: `invoice_unknown`.
pub(crate) fn state(till: &Till, _: &Caller, request: &InvoiceRequest) -> Result<PrintView, Fault> {
    view_of(till, &invoice_id(&request.invoice_id)?)
}

/// `receipt.recent`
pub(crate) fn recent(
    till: &Till,
    _: &Caller,
    request: &RecentRequest,
) -> Result<ReceiptsView, Fault> {
    let enrolled = till.shop()?;
    let sales = till
        .store()
        .recent_invoices(request.limit.clamp(1, RECENT))?;
    let receipts = sales
        .into_iter()
        .map(|sale| {
            Ok(ReceiptView {
                invoice_id: sale.key.to_string(),
                number: sale.number.to_string(),
                time_text: when::moment(sale.sold_at, till.now(), &enrolled.zone),
                total: enrolled.money(sale.total),
                print: view_of(till, &sale.key)?,
                sync_state: sync::state(sale.sync),
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(ReceiptsView { receipts })
}

/// How the receipt of an invoice stands.
pub(crate) fn view_of(till: &Till, invoice: &Uuid) -> Result<PrintView, Fault> {
    let row = find(till, invoice)?;
    let under_way = row.state == Stored::Waiting || till.printing().is_copying(invoice);
    let (state, code, message) = match (under_way, row.state) {
        (true, _) => match till.printing().now().last_outcome {
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

fn find(till: &Till, invoice: &Uuid) -> Result<ReceiptRow, Fault> {
    till.store().receipt(invoice)?.ok_or_else(|| {
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
pub(crate) fn invoice(till: &Till, key: &Uuid) -> Result<Invoice, Fault> {
    till.store().invoice(key)?.ok_or_else(|| {
        AppError::InvoiceUnknown {
            invoice: key.to_string(),
        }
        .into()
    })
}

/// What stands above and below every receipt.
pub(crate) fn header(enrolled: &EnrolledShop) -> ShopHeader {
    ShopHeader {
        name: enrolled.shop.name.clone(),
        address_lines: enrolled.shop.address_lines.clone(),
        tax_id: enrolled.shop.tax_id.clone(),
        footer: enrolled.shop.receipt_footer.clone(),
        time_zone: enrolled.zone.clone(),
    }
}
