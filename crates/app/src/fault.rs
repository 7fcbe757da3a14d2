//! What the till refuses, as codes with parameters and a sentence.

use evertill_core::{Coded, Fault, Money, Permission};

/// Refusals that belong to the till as a whole; carts, stores and printers have their own.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The window asked for something this till does not know.
    #[error("This till does not know the command {name}.")]
    CommandUnknown {
        /// The name it used.
        name: String,
    },
    /// The window sent a request of the wrong shape.
    #[error("The till did not understand {command}: {reason}.")]
    RequestMalformed {
        /// The command it was for.
        command: String,
        /// What the parser said.
        reason: String,
    },
    /// Nobody is signed in.
    #[error("Please sign in first.")]
    SignInRequired,
    /// The role does not allow it.
    #[error("Your role does not allow this. Ask somebody who may.")]
    PermissionDenied {
        /// What was needed.
        permission: Permission,
    },
    /// The till has no shop yet.
    #[error("This till is not enrolled yet.")]
    NotEnrolled,
    /// The till has a shop already.
    #[error("This till is already enrolled in a shop.")]
    AlreadyEnrolled,
    /// Not an address of a hub.
    #[error("{url} is not the address of a hub. It looks like https://hub.example:8443.")]
    HubUrlInvalid {
        /// What was typed.
        url: String,
    },
    /// Enrolment without a code.
    #[error("Please type the enrolment code.")]
    EnrolCodeMissing,
    /// Enrolment without a name for the till.
    #[error("Please give this till a name of at most 60 characters.")]
    TillNameInvalid,
    /// Wrong code.
    #[error("The hub does not know this code.")]
    EnrolCodeWrong,
    /// A code works once.
    #[error("This code has been used already. Ask for a new one.")]
    EnrolCodeUsed,
    /// A code works for minutes.
    #[error("This code is too old. Ask for a new one.")]
    EnrolCodeExpired,
    /// The hub has revoked the till, or never knew it.
    #[error("The hub does not know this till any more. Ask an administrator.")]
    DeviceUnknown,
    /// Wrong secret or unknown person; which of them is not said.
    #[error("That did not match. Try again.")]
    SignInRefused,
    /// Too many wrong secrets.
    #[error("Too many attempts. Try again in {seconds} seconds.")]
    SignInLocked {
        /// How long to wait.
        seconds: u64,
    },
    /// Never signed in here, and the hub is away.
    #[error("The first sign-in on this till needs the hub, and it cannot be reached.")]
    SignInNeedsNetwork,
    /// The hub's grant is too old.
    #[error(
        "Your permission to sign in offline has run out. Sign in with your password while the hub can be reached."
    )]
    GrantExpired,
    /// No PIN on this till.
    #[error("There is no PIN for you on this till yet. Sign in with your password.")]
    PinNotSet,
    /// Nothing has this barcode.
    #[error("No item has the code {code}.")]
    BarcodeUnknown {
        /// What was scanned.
        code: String,
    },
    /// The item is gone, disabled or has no price in the till's price list.
    #[error("This item cannot be sold here.")]
    ItemUnknown {
        /// Item id.
        item: String,
    },
    /// The customer is gone.
    #[error("This customer is not known here.")]
    CustomerUnknown {
        /// Customer id.
        customer: String,
    },
    /// The total is not the one the cashier saw.
    #[error("The cart has changed. Look at the total again.")]
    CartChanged {
        /// The total now, in minor units.
        total: Money,
    },
    /// Not a mode of payment of this shop.
    #[error("This shop does not take that kind of payment.")]
    PaymentModeUnknown {
        /// Mode id.
        mode: String,
    },
    /// No such invoice on this till.
    #[error("This till has no such sale.")]
    InvoiceUnknown {
        /// What was asked for.
        invoice: String,
    },
    /// No such document in the outbox.
    #[error("This till has no such document.")]
    DocumentUnknown {
        /// What was asked for.
        key: String,
    },
    /// Not an address of a printer.
    #[error("{address} is not the address of a printer. It looks like 192.168.1.50:9100.")]
    PrinterAddressInvalid {
        /// What was typed.
        address: String,
    },
    /// The hub's description of the shop makes no sense.
    #[error("The hub described the shop in a way this till cannot use: {reason}.")]
    ShopInvalid {
        /// What is wrong with it.
        reason: String,
    },
    /// A defect of the till itself.
    #[error("Something went wrong inside the till. Nothing that was sold is lost.")]
    Internal {
        /// For the log and for support.
        reason: String,
    },
}

impl AppError {
    /// A defect: said in general words to the cashier, in full to the log.
    pub fn internal(reason: impl std::fmt::Display) -> Fault {
        let reason = reason.to_string();
        tracing::error!(%reason, "internal fault");
        Self::Internal { reason }.into()
    }
}

impl Coded for AppError {
    fn code(&self) -> &'static str {
        match self {
            Self::CommandUnknown { .. } => "command_unknown",
            Self::RequestMalformed { .. } => "request_malformed",
            Self::SignInRequired => "sign_in_required",
            Self::PermissionDenied { .. } => "permission_denied",
            Self::NotEnrolled => "not_enrolled",
            Self::AlreadyEnrolled => "already_enrolled",
            Self::HubUrlInvalid { .. } => "hub_url_invalid",
            Self::EnrolCodeMissing => "enrol_code_missing",
            Self::TillNameInvalid => "till_name_invalid",
            Self::EnrolCodeWrong => "enrol_code_wrong",
            Self::EnrolCodeUsed => "enrol_code_used",
            Self::EnrolCodeExpired => "enrol_code_expired",
            Self::DeviceUnknown => "device_unknown",
            Self::SignInRefused => "sign_in_refused",
            Self::SignInLocked { .. } => "sign_in_locked",
            Self::SignInNeedsNetwork => "sign_in_needs_network",
            Self::GrantExpired => "grant_expired",
            Self::PinNotSet => "pin_not_set",
            Self::BarcodeUnknown { .. } => "barcode_unknown",
            Self::ItemUnknown { .. } => "item_unknown",
            Self::CustomerUnknown { .. } => "customer_unknown",
            Self::CartChanged { .. } => "cart_changed",
            Self::PaymentModeUnknown { .. } => "payment_mode_unknown",
            Self::InvoiceUnknown { .. } => "invoice_unknown",
            Self::DocumentUnknown { .. } => "document_unknown",
            Self::PrinterAddressInvalid { .. } => "printer_address_invalid",
            Self::ShopInvalid { .. } => "shop_invalid",
            Self::Internal { .. } => "internal",
        }
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::CommandUnknown { name } => vec![("name", name.clone())],
            Self::RequestMalformed { command, reason } => {
                vec![("command", command.clone()), ("reason", reason.clone())]
            }
            Self::PermissionDenied { permission } => {
                vec![(
                    "permission",
                    serde_json::to_value(permission)
                        .ok()
                        .and_then(|name| name.as_str().map(str::to_owned))
                        .unwrap_or_default(),
                )]
            }
            Self::HubUrlInvalid { url } => vec![("url", url.clone())],
            Self::SignInLocked { seconds } => vec![("seconds", seconds.to_string())],
            Self::BarcodeUnknown { code } => vec![("code", code.clone())],
            Self::ItemUnknown { item } => vec![("item", item.clone())],
            Self::CustomerUnknown { customer } => vec![("customer", customer.clone())],
            Self::CartChanged { total } => vec![("total", total.minor().to_string())],
            Self::PaymentModeUnknown { mode } => vec![("mode", mode.clone())],
            Self::InvoiceUnknown { invoice } => vec![("invoice", invoice.clone())],
            Self::DocumentUnknown { key } => vec![("key", key.clone())],
            Self::PrinterAddressInvalid { address } => vec![("address", address.clone())],
            Self::ShopInvalid { reason } | Self::Internal { reason } => {
                vec![("reason", reason.clone())]
            }
            Self::SignInRequired
            | Self::NotEnrolled
            | Self::AlreadyEnrolled
            | Self::EnrolCodeMissing
            | Self::TillNameInvalid
            | Self::EnrolCodeWrong
            | Self::EnrolCodeUsed
            | Self::EnrolCodeExpired
            | Self::DeviceUnknown
            | Self::SignInRefused
            | Self::SignInNeedsNetwork
            | Self::GrantExpired
            | Self::PinNotSet => Vec::new(),
        }
    }
}
