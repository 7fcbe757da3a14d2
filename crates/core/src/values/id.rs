//! Names of things, each of its own type so that an item can never be passed for a customer.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        ///
        /// The text is the upstream's own key, kept as it came.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as the upstream wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// An item of the catalogue.
    ItemId,
    /// A category of items, as shown on the tiles.
    CategoryId,
    /// A price list.
    PriceListId,
    /// A tax rule.
    TaxRuleId,
    /// A customer.
    CustomerId,
    /// A mode of payment.
    PaymentModeId,
    /// A person who signs in to tills.
    UserId,
    /// A till: also the prefix of its receipt numbers unless the hub gives another.
    TillId,
}
