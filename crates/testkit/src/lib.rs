//! A world of tills, hub, printer, clock and network for tests to break.
//!
//! Everything in it is the product itself, talking over real sockets and writing real files. Only
//! what surrounds it is played: time ([`WorldClock`]), the machine's keyring ([`Keyring`]), the wire
//! between till and hub ([`Network`]) and the printer ([`Printer`]). So a story reads like one:
//!
//! ```no_run
//! # use evertill_testkit::{MILK, World};
//! # async fn story() {
//! let world = World::new().await;
//! let till = world.till("A").await;
//! till.sign_in("ana").await;
//! till.network.cut().await;
//! till.scan(&MILK).await;
//! till.pay_cash("2.00").await;
//! till.network.mend();
//! till.until_synced().await;
//! assert_eq!(world.hub().report().sales, 1);
//! # }
//! ```

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "used by tests alone, which fail loudly"
)]

mod bridge;
mod chance;
mod clock;
mod counter;
mod http;
mod hub;
mod many;
mod network;
mod printer;
mod quick;
mod reserved_port;
mod secret;
mod set_up;
mod shop;
mod simulation;
mod till;
mod world;

pub use bridge::serve_bridge;
pub use chance::Chance;
pub use clock::WorldClock;
pub use counter::{Counter, password, pin};
pub use hub::Hub;
pub use many::serve_tills;
pub use network::{Network, NetworkFault};
pub use printer::{Paper, Printer, PrinterBehaviour};
pub use quick::quick_config;
pub use secret::Keyring;
pub use shop::{
    APPLES, BREAD, COFFEE, GOODS, Good, MILK, PEOPLE, PRICE_LIST, Person, SOAP, someone,
};
pub use simulation::{
    Delivery, Line, MemoryPrinter, SimulatedHub, SimulatedTill, Simulation, Trace,
};
pub use till::Till;
pub use world::World;
