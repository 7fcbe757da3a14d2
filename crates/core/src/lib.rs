//! The domain of a till: money, tax, cart, tender, invoice. Pure.
//!
//! Nothing in here reads a clock, a file, a socket or a random number: time and ids are handed
//! in through [`Clock`] and [`Ids`]. Amounts are whole minor units ([`Money`]),
//! quantities and rates exact decimals; there is no floating point.

// `#[derive(Coded)]` names this crate, here too.
extern crate self as evertill_core;

pub mod calc;
pub mod catalogue;
pub mod counter;
pub mod fault;
pub mod journal;
pub mod people;
pub mod pricing;
pub mod sales;
pub mod tax;
pub mod values;

pub use catalogue::item::SaleItem;
pub use catalogue::price::{ListOrigin, PriceRule, PriceWhy};
pub use counter::amend::amend;
pub use counter::cart::{Cart, CartCustomer, CartLine};
pub use counter::cart_error::CartError;
pub use counter::discount::Discount;
pub use counter::sale_rules::SaleRules;
pub use counter::tender::{PaymentKind, Settlement, Tender, TenderError, quick_cash, settle};
pub use counter::totals::{LineTotals, Part, PromotionSaving, TaxLine, Totals};
pub use counter::totals_policy::{CashRounding, RoundedPayments, TotalsPolicy, TotalsPolicyError};
pub use fault::{Coded, Fault, FaultCode, Param};
pub use journal::{JournalEntry, JournalFault};
pub use people::role::{Permission, Role};
pub use sales::invoice::{CheckoutError, Invoice, InvoiceLine, InvoiceTotals, NewInvoice};
pub use sales::verify::{RecalculationError, verify_totals};
pub use tax::{AccountRate, TaxCharge, TaxError, TaxRule, TaxTemplate};
pub use values::barcode::{self, Barcode, BarcodeError, BarcodeKind};
pub use values::currency::Currency;
pub use values::id::{
    CategoryId, CustomerId, ItemId, PaymentModeId, PriceListId, TaxRuleId, TillId, UserId,
};
pub use values::money::{Money, MoneyError};
pub use values::number::{NumberError, ReceiptNumber};
pub use values::percent::{Percent, PercentError};
pub use values::quantity::{Quantity, QuantityError};
pub use values::threads::Threads;
pub use values::time::{Clock, Ids, Sleep, Timer};
