//! What crosses between the window and the till, of every domain: requests, answers and events.
//!
//! Amounts are minor units in an `i64` with the text to show beside it. The largest amount the core
//! allows (10^15 minor units) is below 2^53, so a JavaScript `number` holds it exactly.

pub use crate::admin::{EnrolTillRequest, EnrolmentCheckRequest, EnrolmentCheckView};
pub use crate::catalogue::{
    CategoriesView, CategoryView, ItemTile, ItemsView, SEARCH_LIMIT, SearchRequest,
};
pub use crate::common::{MoneyView, Nothing};
pub use crate::counter::{
    AddItemRequest, CartCustomerView, CartLineView, CartView, ChargeView, CouponRequest,
    CouponView, DiscountInput, DiscountKind, DoneView, EditLineRequest, LineRequest, ModeDueView,
    OfferView, PayRequest, PaymentModeView, PriceWhyView, QuoteRequest, QuoteView, SavingView,
    ScanRequest, SetCustomerRequest, SetDiscountRequest, TenderInput, TenderView, WhyNotView,
};
pub use crate::customers::{CustomerView, CustomersRequest, CustomersView};
pub use crate::event::Event;
pub use crate::people::{PeopleView, PersonView, SecretKind, SignInRequest};
pub use crate::printing::{
    InvoiceRequest, PaperWidth, PrintState, PrintView, PrinterCondition, PrinterKind,
    PrinterRequest, PrinterView, ReceiptView, ReceiptsView, RecentRequest,
};
pub use crate::shop::ShopView;
pub use crate::state::{Phase, SessionView, ThemeHint, TillState};
pub use crate::sync::{
    CatalogueView, DocumentCountsView, DocumentFilter, DocumentState, DocumentView,
    DocumentsRequest, DocumentsView, LoadingView, RetryRequest, SyncState, SyncView,
};
