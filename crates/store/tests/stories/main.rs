//! What the till's store promises, told as stories.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story ends where it goes wrong"
)]

mod catalogue;
mod damage;
mod disk;
mod feed;
mod journal;
mod keys;
mod outbox;
mod people;
mod pricing;
mod sale;
mod search;
mod world;
