//! What a till can do: commands, sessions, permission checks.
//!
//! A [`Till`] is opened with [`Till::start`], carries out commands by name with [`Till::dispatch`]
//! and tells what happens through [`Till::events`]. It knows nothing of windows: the desktop shell,
//! `tillctl` and the tests all drive it the same way.

mod admin;
mod caller;
mod catalogue;
pub mod codegen;
mod command;
mod common;
mod config;
mod context;
mod counter;
mod customers;
mod event;
mod fault;
mod fault_codes;
mod people;
mod printing;
mod shop;
mod state;
mod sync;
pub mod system;
mod tasks;
mod till;
pub mod types;
mod when;

pub use admin::{About, Support};
pub use command::{Access, CommandInfo, CommandTypes};
pub use config::TillConfig;
pub use fault::AppError;
pub use fault_codes::fault_codes;
pub use printing::PrinterChoice;
pub use sync::{Connect, HubConnect};
pub use till::{COMMANDS, Till, command_types};

// What a caller of this crate needs of the crates below, so that it need not import them.
pub use evertill_core as core;
pub use evertill_core::{Clock, Fault, Ids, Permission, Role};
pub use evertill_device::{PrintError, Printer, PrinterAddress, PrinterStatus};
pub use evertill_protocol as protocol;
pub use evertill_store::{DeviceSecret, Secret, SecretError};
pub use evertill_sync::{Feed, Upstream, UpstreamError};
