//! One story for each promise of the till and for each kind of bad input, told over the real till,
//! the real hub, real sockets and real files.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

mod bad_catalogue;
mod bad_store;
mod books;
mod bridge;
mod clock;
mod crash;
mod demo_shop;
mod desk;
mod enrolment;
mod exactly_once;
mod forks;
mod killed;
mod offline;
mod own_shop;
mod printing;
mod replay;
mod rough_wire;
mod selling;
mod sign_in;
mod simulation;
mod tills;
