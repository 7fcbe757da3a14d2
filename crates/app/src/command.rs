//! How a domain declares its commands.
//!
//! A row of a domain's `commands!` table is the whole declaration: name, request, answer, who may
//! give it and what carries it out. The dispatcher, the list of commands and the TypeScript types
//! all come from it, and a row without an access or a handler does not compile.

use std::future::Future;

use evertill_core::{Fault, Permission};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ts_rs::TypeVisitor;

use crate::caller::Caller;
use crate::context::Context;
use crate::fault::AppError;

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

/// A domain: its commands and the state they need.
pub(crate) trait Domain: Clone + Send + Sync + 'static {
    /// Its commands, in the order of its table.
    const COMMANDS: &'static [CommandInfo];

    /// What every domain works with.
    fn context(&self) -> &Context;

    /// Hands every type that crosses to the generator.
    fn visit_types(visitor: &mut impl TypeVisitor);

    /// TypeScript names of every command's request and answer.
    fn command_types(config: &ts_rs::Config) -> Vec<CommandTypes>;

    /// Carries out a command that has been allowed.
    fn route(
        &self,
        caller: Caller,
        name: &str,
        request: Value,
    ) -> impl Future<Output = Result<Value, Fault>> + Send;
}

/// Makes a type a [`Domain`] with the commands of the table.
///
/// A row that ends in `and` names what else a request needs by what is in it.
///
/// `store` handlers read and write the store and run on a blocking thread; `waits` handlers talk to
/// the hub and are awaited.
macro_rules! commands {
    ($domain:ty; $($name:literal: $request:ty => $response:ty, $access:expr, $kind:ident $handler:path $(, and $also:path)?;)+) => {
        impl $crate::command::Domain for $domain {
            const COMMANDS: &'static [$crate::command::CommandInfo] = &[
                $($crate::command::CommandInfo { name: $name, access: $access },)+
            ];

            fn context(&self) -> &$crate::context::Context {
                &self.context
            }

            fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
                $(visitor.visit::<$request>(); visitor.visit::<$response>();)+
            }

            fn command_types(config: &ts_rs::Config) -> Vec<$crate::command::CommandTypes> {
                vec![$($crate::command::CommandTypes {
                    name: $name,
                    request: <$request as ts_rs::TS>::name(config),
                    response: <$response as ts_rs::TS>::name(config),
                },)+]
            }

            async fn route(
                &self,
                caller: $crate::caller::Caller,
                name: &str,
                request: serde_json::Value,
            ) -> Result<serde_json::Value, evertill_core::Fault> {
                match name {
                    $($name => {
                        let request = $crate::command::parse::<$request>(name, request)?;
                        $($crate::command::demand(&caller, &$also(&request))?;)?
                        let answer: Result<$crate::command::Answer<$response>, _> =
                            $crate::command::run!($kind $handler, self, caller, request);
                        answer.map($crate::command::Answer::json)
                    })+
                    _ => Err($crate::fault::AppError::CommandUnknown { name: name.to_owned() }.into()),
                }
            }
        }
    };
}
pub(crate) use commands;

/// Carries out one row of a table.
macro_rules! run {
    (store $handler:path, $domain:expr, $caller:expr, $request:expr) => {
        $crate::command::on_store($domain, $caller, $request, $handler).await
    };
    (waits $handler:path, $domain:expr, $caller:expr, $request:expr) => {
        $crate::command::awaited($handler($domain, &$caller, &$request)).await
    };
}
pub(crate) use run;

/// An answer as JSON that still knows which type it was made of, so that the table and the handler
/// cannot disagree.
pub(crate) struct Answer<T> {
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

    pub(crate) fn json(self) -> Value {
        self.json
    }
}

/// Whether the caller may give a command.
///
/// # Errors
/// `sign_in_required`, `permission_denied`
pub(crate) fn allow(access: Access, caller: &Caller) -> Result<(), Fault> {
    let permission = match access {
        Access::Public => return Ok(()),
        Access::SignedIn => None,
        Access::Needs(permission) => Some(permission),
    };
    caller.session()?;
    demand(caller, permission.as_slice())
}

/// # Errors
/// `sign_in_required`, `permission_denied`
pub(crate) fn demand(caller: &Caller, permissions: &[Permission]) -> Result<(), Fault> {
    for &permission in permissions {
        if !caller.session()?.role.allows(permission) {
            return Err(AppError::PermissionDenied { permission }.into());
        }
    }
    Ok(())
}

/// # Errors
/// `request_malformed`
pub(crate) fn parse<T: DeserializeOwned>(name: &str, request: Value) -> Result<T, Fault> {
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

pub(crate) async fn on_store<D, Q, S>(
    domain: &D,
    caller: Caller,
    request: Q,
    handler: fn(&D, &Caller, &Q) -> Result<S, Fault>,
) -> Result<Answer<S>, Fault>
where
    D: Domain,
    Q: Send + 'static,
    S: Serialize + Send + 'static,
{
    let domain = domain.clone();
    let context = domain.context().clone();
    context
        .blocking(move || Answer::of(&handler(&domain, &caller, &request)?))
        .await
}

pub(crate) async fn awaited<S: Serialize>(
    handler: impl Future<Output = Result<S, Fault>>,
) -> Result<Answer<S>, Fault> {
    Answer::of(&handler.await?)
}
