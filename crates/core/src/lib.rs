//! The domain of a till: money, tax, cart, tender, invoice. Pure.
//!
//! Nothing in here reads a clock, a file, a socket or a random number: time and ids are handed
//! in through [`time::Clock`] and [`time::Ids`]. Amounts are whole minor units ([`Money`]),
//! quantities and rates exact decimals; there is no floating point.

// `#[derive(Coded)]` names this crate, here too.
extern crate self as evertill_core;

pub mod allocate;
pub mod barcode;
pub mod calc;
pub mod cart;
pub mod currency;
pub mod discount;
pub mod fault;
pub mod id;
pub mod invoice;
pub mod item;
pub mod journal;
pub mod money;
pub mod number;
pub mod percent;
pub mod pricing;
pub mod quantity;
pub mod recalculate;
pub mod role;
pub mod sale_rules;
pub mod tax;
pub mod tender;
mod threads;
pub mod time;
pub mod totals;
pub mod totals_policy;

pub use barcode::{Barcode, BarcodeError, BarcodeKind};
pub use cart::{Cart, CartCustomer, CartError, CartLine};
pub use currency::Currency;
pub use discount::Discount;
pub use fault::{Coded, Fault, FaultCode, Param};
pub use id::{
    CategoryId, CustomerId, ItemId, PaymentModeId, PriceListId, TaxRuleId, TillId, UserId,
};
pub use invoice::{CheckoutError, Invoice, InvoiceLine, InvoiceTotals, NewInvoice};
pub use item::SaleItem;
pub use journal::{JournalEntry, JournalFault};
pub use money::{Money, MoneyError};
pub use number::{NumberError, ReceiptNumber};
pub use percent::{Percent, PercentError};
pub use quantity::{Quantity, QuantityError};
pub use role::{Permission, Role};
pub use sale_rules::SaleRules;
pub use tax::{AccountRate, TaxCharge, TaxError, TaxRule, TaxTemplate};
pub use tender::{PaymentKind, Settlement, Tender, TenderError, quick_cash, settle};
pub use threads::Threads;
pub use time::{Clock, Ids, Sleep, Timer};
pub use totals::{LineTotals, Part, PromotionSaving, TaxLine, Totals};
pub use totals_policy::{CashRounding, RoundedPayments, TotalsPolicy, TotalsPolicyError};
