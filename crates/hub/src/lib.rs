//! The reference server a shop's tills post to.
//!
//! [`Hub::start`] serves a database over HTTP; the `evertill-hub` binary is a thin shell around
//! it. Layers, from the outside in: `serve` (connections), `http` (requests and answers),
//! `posting` (what a document must be, pure), [`repository`] (the database). TLS is the business
//! of the reverse proxy in front; the hub itself listens on the loopback interface by default.

mod error;
pub mod founding;
mod http;
mod hub;
pub mod import;
mod master_data;
mod person;
mod posting;
pub mod repository;
mod run;
mod secrets;
mod serve;
pub mod system;

pub use error::HubError;
pub use hub::{Hub, HubConfig, RunningHub};
pub use run::run_until_stopped;
pub use secrets::new_password;

/// The OpenAPI document as JSON text, pretty-printed; the same the hub serves.
///
/// # Errors
/// [`HubError::Unreadable`] if it cannot be written as JSON, which the tests exclude.
pub fn openapi_json() -> Result<String, HubError> {
    Ok(http::openapi_document().to_pretty_json()?)
}
