//! What the till refuses, as codes with parameters and a sentence.

use evertill_core::{Coded, Fault, Money, Permission};

/// Refusals that belong to the till as a whole; carts, stores and printers have their own.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Coded)]
#[non_exhaustive]
pub enum AppError {
    /// The window asked for something this till does not know.
    #[error("This till does not know the command {name}.")]
    #[coded("command_unknown")]
    CommandUnknown {
        /// The name it used.
        name: String,
    },
    /// The window sent a request of the wrong shape.
    #[error("The till did not understand {command}: {reason}.")]
    #[coded("request_malformed")]
    RequestMalformed {
        /// The command it was for.
        command: String,
        /// What the parser said.
        reason: String,
    },
    /// Nobody is signed in.
    #[error("Please sign in first.")]
    #[coded("sign_in_required")]
    SignInRequired,
    /// The role does not allow it.
    #[error("Your role does not allow this. Ask somebody who may.")]
    #[coded("permission_denied")]
    PermissionDenied {
        /// What was needed.
        #[coded(with = name_of)]
        permission: Permission,
    },
    /// The till has no shop yet.
    #[error("This till is not enrolled yet.")]
    #[coded("not_enrolled")]
    NotEnrolled,
    /// The till has a shop already.
    #[error("This till is already enrolled in a shop.")]
    #[coded("already_enrolled")]
    AlreadyEnrolled,
    /// Not an address of a hub.
    #[error("{url} is not the address of a hub. It looks like https://hub.example:8443.")]
    #[coded("hub_url_invalid")]
    HubUrlInvalid {
        /// What was typed.
        url: String,
    },
    /// Enrolment without a code.
    #[error("Please type the enrolment code.")]
    #[coded("enrol_code_missing")]
    EnrolCodeMissing,
    /// Enrolment without a name for the till.
    #[error("Please give this till a name of at most 60 characters.")]
    #[coded("till_name_invalid")]
    TillNameInvalid,
    /// Wrong code.
    #[error("The hub does not know this code.")]
    #[coded("enrol_code_wrong")]
    EnrolCodeWrong,
    /// A code works once.
    #[error("This code has been used already. Ask for a new one.")]
    #[coded("enrol_code_used")]
    EnrolCodeUsed,
    /// A code works for minutes.
    #[error("This code is too old. Ask for a new one.")]
    #[coded("enrol_code_expired")]
    EnrolCodeExpired,
    /// The hub has no shop a till could be enrolled in.
    #[error("The hub has no shop yet. The administrator makes one there with “evertill-hub init”.")]
    #[coded("hub_without_shop")]
    HubWithoutShop,
    /// The hub has revoked the till, or never knew it.
    #[error("The hub does not know this till any more. Ask an administrator.")]
    #[coded("device_unknown")]
    DeviceUnknown,
    /// Wrong secret or unknown person; which of them is not said.
    #[error("That did not match. Try again.")]
    #[coded("sign_in_refused")]
    SignInRefused,
    /// Too many wrong secrets.
    #[error("Too many attempts. Try again in {seconds} seconds.")]
    #[coded("sign_in_locked")]
    SignInLocked {
        /// How long to wait.
        seconds: u64,
    },
    /// Never signed in here, and the hub is away.
    #[error("The first sign-in on this till needs the hub, and it cannot be reached.")]
    #[coded("sign_in_needs_network")]
    SignInNeedsNetwork,
    /// The hub's grant is too old.
    #[error(
        "Your permission to sign in offline has run out. Sign in with your password while the hub can be reached."
    )]
    #[coded("grant_expired")]
    GrantExpired,
    /// No PIN on this till.
    #[error("There is no PIN for you on this till yet. Sign in with your password.")]
    #[coded("pin_not_set")]
    PinNotSet,
    /// Nothing has this barcode.
    #[error("No item has the code {code}.")]
    #[coded("barcode_unknown")]
    BarcodeUnknown {
        /// What was scanned.
        code: String,
    },
    /// The item is gone, disabled or has no price in the till's price list.
    #[error("This item cannot be sold here.")]
    #[coded("item_unknown")]
    ItemUnknown {
        /// Item id.
        item: String,
    },
    /// The customer is gone.
    #[error("This customer is not known here.")]
    #[coded("customer_unknown")]
    CustomerUnknown {
        /// Customer id.
        customer: String,
    },
    /// The total is not the one the cashier saw.
    #[error("The cart has changed. Look at the total again.")]
    #[coded("cart_changed")]
    CartChanged {
        /// The total now, in minor units.
        total: Money,
    },
    /// Not a mode of payment of this shop.
    #[error("This shop does not take that kind of payment.")]
    #[coded("payment_mode_unknown")]
    PaymentModeUnknown {
        /// Mode id.
        mode: String,
    },
    /// No such invoice on this till.
    #[error("This till has no such sale.")]
    #[coded("invoice_unknown")]
    InvoiceUnknown {
        /// What was asked for.
        invoice: String,
    },
    /// No such document in the outbox.
    #[error("This till has no such document.")]
    #[coded("document_unknown")]
    DocumentUnknown {
        /// What was asked for.
        key: String,
    },
    /// Not an address of a printer.
    #[error("{address} is not the address of a printer. It looks like 192.168.1.50:9100.")]
    #[coded("printer_address_invalid")]
    PrinterAddressInvalid {
        /// What was typed.
        address: String,
    },
    /// The hub's description of the shop makes no sense.
    #[error("The hub described the shop in a way this till cannot use: {reason}.")]
    #[coded("shop_invalid")]
    ShopInvalid {
        /// What is wrong with it.
        reason: String,
    },
    /// A defect of the till itself.
    #[error("Something went wrong inside the till. Nothing that was sold is lost.")]
    #[coded("internal")]
    Internal {
        /// For the log and for support.
        reason: String,
    },
}

/// The permission's name as it crosses to the window.
fn name_of(permission: &Permission) -> String {
    serde_json::to_value(permission)
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

impl AppError {
    /// A defect: said in general words to the cashier, in full to the log.
    pub fn internal(reason: impl std::fmt::Display) -> Fault {
        let reason = reason.to_string();
        tracing::error!(%reason, "internal fault");
        Self::Internal { reason }.into()
    }
}
