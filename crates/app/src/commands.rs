//! Every command of the till, declared once.
//!
//! A row of the table below is the whole declaration: name, request, answer, who may give it and
//! what carries it out. The dispatcher, the list of commands and the TypeScript types all come from
//! it, and a row without an access or a handler does not compile.

use std::future::Future;

use evertill_core::{Fault, Permission};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ts_rs::{TS, TypeVisitor};

use crate::fault::AppError;
use crate::session::Caller;
use crate::till::Till;
use crate::types::{
    AddItemRequest, CartView, CategoriesView, ChargeView, CouponRequest, CustomersRequest,
    CustomersView, DocumentsRequest, DocumentsView, DoneView, EnrolTillRequest, Event,
    InvoiceRequest, ItemsView, LineRequest, Nothing, PayRequest, PeopleView, PrintView,
    PrinterRequest, PrinterView, QuoteRequest, QuoteView, ReceiptsView, RecentRequest,
    RetryRequest, ScanRequest, SearchRequest, SetCustomerRequest, SetDiscountRequest,
    SetLineDiscountRequest, SetPriceRequest, SetQuantityRequest, SignInRequest, SyncView,
    TillState,
};
use crate::{catalogue, checkout, enrolment, receipt, sell, session, settings, state, sync};

/// Who may give a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody in front of the till.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever is signed in with a role that has this permission.
    Needs(Permission),
}

/// A row of the table, for lists and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandInfo {
    /// Name the window calls it by.
    pub name: &'static str,
    /// Who may give it.
    pub access: Access,
}

/// A command as the TypeScript generator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandTypes {
    /// Name the window calls it by.
    pub name: &'static str,
    /// TypeScript name of the request.
    pub request: String,
    /// TypeScript name of the answer.
    pub response: String,
}

/// `store` handlers read and write the store and run on a blocking thread; `waits` handlers talk to
/// the hub and are awaited.
macro_rules! run {
    (store $handler:path, $till:expr, $caller:expr, $request:expr) => {
        on_store($till, $caller, $request, $handler).await
    };
    (waits $handler:path, $till:expr, $caller:expr, $request:expr) => {
        awaited($handler($till, &$caller, &$request)).await
    };
}

macro_rules! commands {
    ($($name:literal: $request:ty => $response:ty, $access:expr, $kind:ident $handler:path;)+) => {
        /// Every command, in the order of the table.
        pub static COMMANDS: &[CommandInfo] = &[
            $(CommandInfo { name: $name, access: $access },)+
        ];

        /// Hands every type that crosses to the generator.
        pub(crate) fn visit_types(visitor: &mut impl TypeVisitor) {
            $(visitor.visit::<$request>(); visitor.visit::<$response>();)+
            visitor.visit::<Event>();
            visitor.visit::<Fault>();
        }

        /// TypeScript names of every command's request and answer.
        pub fn command_types(config: &ts_rs::Config) -> Vec<CommandTypes> {
            vec![$(CommandTypes {
                name: $name,
                request: <$request as TS>::name(config),
                response: <$response as TS>::name(config),
            },)+]
        }

        /// Carries out a command that has been allowed.
        async fn route(
            till: &Till,
            caller: Caller,
            name: &str,
            request: Value,
        ) -> Result<Value, Fault> {
            match name {
                $($name => {
                    let request = parse::<$request>(name, request)?;
                    let answer: Result<Answer<$response>, Fault> =
                        run!($kind $handler, till, caller, request);
                    answer.map(|answer| answer.json)
                })+
                _ => Err(AppError::CommandUnknown { name: name.to_owned() }.into()),
            }
        }
    };
}

commands! {
    "till.state": Nothing => TillState, Access::Public, store state::state;
    "enrolment.enrol": EnrolTillRequest => TillState, Access::Public, waits enrolment::enrol;
    "session.people": Nothing => PeopleView, Access::Public, store session::people;
    "session.sign_in": SignInRequest => TillState, Access::Public, waits session::sign_in;
    "session.sign_out": Nothing => TillState, Access::SignedIn, store session::sign_out;
    "catalogue.categories": Nothing => CategoriesView, Access::SignedIn, store catalogue::categories;
    "catalogue.search": SearchRequest => ItemsView, Access::Needs(Permission::Sell), store catalogue::search;
    "sell.cart": Nothing => CartView, Access::Needs(Permission::Sell), store sell::cart;
    "sell.scan": ScanRequest => CartView, Access::Needs(Permission::Sell), store sell::scan;
    "sell.add_item": AddItemRequest => CartView, Access::Needs(Permission::Sell), store sell::add_item;
    "sell.set_quantity": SetQuantityRequest => CartView, Access::Needs(Permission::Sell), store sell::set_quantity;
    "sell.remove_line": LineRequest => CartView, Access::Needs(Permission::Sell), store sell::remove_line;
    "sell.set_line_discount": SetLineDiscountRequest => CartView, Access::Needs(Permission::DiscountLine), store sell::set_line_discount;
    "sell.set_discount": SetDiscountRequest => CartView, Access::Needs(Permission::DiscountInvoice), store sell::set_discount;
    "sell.set_price": SetPriceRequest => CartView, Access::Needs(Permission::OverridePrice), store sell::set_price;
    "sell.set_customer": SetCustomerRequest => CartView, Access::Needs(Permission::Sell), store sell::set_customer;
    "sell.customers": CustomersRequest => CustomersView, Access::Needs(Permission::Sell), store sell::customers;
    "sell.remove_coupon": CouponRequest => CartView, Access::Needs(Permission::Sell), store sell::remove_coupon;
    "sell.clear": Nothing => CartView, Access::Needs(Permission::Sell), store sell::clear;
    "checkout.prepare": Nothing => ChargeView, Access::Needs(Permission::Sell), store checkout::prepare;
    "checkout.quote": QuoteRequest => QuoteView, Access::Needs(Permission::Sell), store checkout::quote;
    "checkout.pay": PayRequest => DoneView, Access::Needs(Permission::Sell), store checkout::pay;
    "receipt.print_again": InvoiceRequest => PrintView, Access::Needs(Permission::Reprint), store receipt::print_again;
    "receipt.state": InvoiceRequest => PrintView, Access::Needs(Permission::Sell), store receipt::state;
    "receipt.recent": RecentRequest => ReceiptsView, Access::Needs(Permission::Sell), store receipt::recent;
    "sync.status": Nothing => SyncView, Access::Public, store sync::status;
    "sync.documents": DocumentsRequest => DocumentsView, Access::Needs(Permission::ViewSync), store sync::documents;
    "sync.retry_now": RetryRequest => SyncView, Access::Needs(Permission::RetrySync), store sync::retry_now;
    "settings.printer": PrinterRequest => PrinterView, Access::Needs(Permission::ManageTill), store settings::printer;
}

/// An answer as JSON that still knows which type it was made of, so that the table and the handler
/// cannot disagree.
struct Answer<T> {
    json: Value,
    made_of: std::marker::PhantomData<T>,
}

impl<T: Serialize> Answer<T> {
    fn of(answer: &T) -> Result<Self, Fault> {
        let json = serde_json::to_value(answer).map_err(AppError::internal)?;
        Ok(Self {
            json,
            made_of: std::marker::PhantomData,
        })
    }
}

impl Till {
    /// Carries out a command by name, as the window gives it.
    ///
    /// This is the one place where access is checked.
    ///
    /// # Errors
    /// `command_unknown`, `sign_in_required`, `permission_denied`, `request_malformed`, and whatever
    /// the command itself refuses.
    pub async fn dispatch(&self, name: &str, request: Value) -> Result<Value, Fault> {
        let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
            return Err(AppError::CommandUnknown {
                name: name.to_owned(),
            }
            .into());
        };
        let caller = self.caller();
        allow(command.access, &caller)?;
        let answer = route(self, caller, name, request).await;
        if let Err(fault) = &answer {
            tracing::debug!(command = name, code = %fault.code, "command refused");
        }
        answer
    }
}

fn allow(access: Access, caller: &Caller) -> Result<(), Fault> {
    let permission = match access {
        Access::Public => return Ok(()),
        Access::SignedIn => None,
        Access::Needs(permission) => Some(permission),
    };
    let session = caller.session()?;
    match permission {
        Some(permission) if !session.role.allows(permission) => {
            Err(AppError::PermissionDenied { permission }.into())
        }
        _ => Ok(()),
    }
}

fn parse<T: DeserializeOwned>(name: &str, request: Value) -> Result<T, Fault> {
    // A command without parameters may be given with `null`, as a caller without arguments does.
    let request = if request.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        request
    };
    serde_json::from_value(request).map_err(|error| {
        AppError::RequestMalformed {
            command: name.to_owned(),
            reason: error.to_string(),
        }
        .into()
    })
}

async fn on_store<Q, S>(
    till: &Till,
    caller: Caller,
    request: Q,
    handler: fn(&Till, &Caller, &Q) -> Result<S, Fault>,
) -> Result<Answer<S>, Fault>
where
    Q: Send + 'static,
    S: Serialize + Send + 'static,
{
    till.blocking(move |till| Answer::of(&handler(till, &caller, &request)?))
        .await
}

async fn awaited<S: Serialize>(
    handler: impl Future<Output = Result<S, Fault>>,
) -> Result<Answer<S>, Fault> {
    Answer::of(&handler.await?)
}
