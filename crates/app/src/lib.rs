//! What a till can do: commands, sessions, permission checks.
//!
//! A [`Till`] is opened with [`Till::start`], carries out commands by name with [`Till::dispatch`]
//! and tells what happens through [`Till::events`]. It knows nothing of windows: the desktop shell,
//! `tillctl` and the tests all drive it the same way.

mod attempts;
mod cart_view;
mod catalogue;
mod checkout;
pub mod codegen;
mod commands;
mod config;
mod enrolment;
mod fault;
mod fault_codes;
mod hub;
mod open_cart;
mod password;
mod printing;
mod receipt;
mod sale_rules;
mod sell;
mod session;
mod settings;
mod shop;
mod state;
mod support;
mod sync;
pub mod system;
mod till;
pub mod types;
mod when;

pub use commands::{Access, COMMANDS, CommandInfo, CommandTypes, command_types};
pub use config::{PrinterChoice, TillConfig};
pub use fault::AppError;
pub use fault_codes::fault_codes;
pub use hub::{Connect, HubConnect};
pub use support::{About, Support};
pub use till::Till;

// What a caller of this crate needs of the crates below, so that it need not import them.
pub use evertill_core as core;
pub use evertill_core::{Clock, Fault, Ids, Permission, Role};
pub use evertill_device::{PrintError, Printer, PrinterAddress, PrinterStatus};
pub use evertill_protocol as protocol;
pub use evertill_store::{DeviceSecret, Secret, SecretError};
pub use evertill_sync::{Feed, Upstream, UpstreamError};
