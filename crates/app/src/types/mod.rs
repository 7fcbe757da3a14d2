//! What crosses between the window and the till: requests, answers and events, one file a domain.
//!
//! Amounts are minor units in an `i64` with the text to show beside it. The largest amount the core
//! allows (10^15 minor units) is below 2^53, so a JavaScript `number` holds it exactly.

mod catalogue;
mod checkout;
mod common;
mod enrolment;
mod event;
mod receipt;
mod sell;
mod session;
mod settings;
mod state;
mod sync;

pub use catalogue::{
    CategoriesView, CategoryView, ItemTile, ItemsView, SEARCH_LIMIT, SearchRequest,
};
pub use checkout::{
    ChargeView, DoneView, PayRequest, PaymentModeView, QuoteRequest, QuoteView, TenderInput,
    TenderView,
};
pub use common::{MoneyView, Nothing};
pub use enrolment::EnrolTillRequest;
pub use event::Event;
pub use receipt::{
    InvoiceRequest, PrintState, PrintView, ReceiptView, ReceiptsView, RecentRequest,
};
pub use sell::{
    AddItemRequest, CartCustomerView, CartLineView, CartView, CouponRequest, CouponView,
    CustomerView, CustomersRequest, CustomersView, DiscountInput, DiscountKind, LineRequest,
    OfferView, PriceWhyView, SavingView, ScanRequest, SetCustomerRequest, SetDiscountRequest,
    SetLineDiscountRequest, SetPriceRequest, SetQuantityRequest, WhyNotView,
};
pub use session::{PeopleView, PersonView, SecretKind, SessionView, SignInRequest};
pub use settings::{PaperWidth, PrinterCondition, PrinterKind, PrinterRequest, PrinterView};
pub use state::{CatalogueView, LoadingView, Phase, ShopView, ThemeHint, TillState};
pub use sync::{
    DocumentCountsView, DocumentFilter, DocumentState, DocumentView, DocumentsRequest,
    DocumentsView, RetryRequest, SyncState, SyncView,
};
