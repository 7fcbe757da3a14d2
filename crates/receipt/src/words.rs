//! Every word printed on a receipt, in one place for the day they are translated.

pub(crate) const TAX_ID: &str = "Tax ID";
pub(crate) const COPY: &str = "*** COPY ***";
pub(crate) const RECEIPT: &str = "Receipt";
pub(crate) const TILL: &str = "Till";
pub(crate) const SERVED_BY: &str = "Served by";
pub(crate) const CUSTOMER: &str = "Customer";
pub(crate) const TAX_EXEMPT: &str = "No tax";
pub(crate) const LIST_PRICE: &str = "list price";
pub(crate) const DISCOUNT: &str = "Discount";
pub(crate) const SUBTOTAL: &str = "Subtotal";
pub(crate) const ROUNDING: &str = "Rounding";
pub(crate) const TOTAL: &str = "TOTAL";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const TAX: &str = "Tax";
pub(crate) const NET: &str = "Net";
pub(crate) const GROSS: &str = "Gross";
