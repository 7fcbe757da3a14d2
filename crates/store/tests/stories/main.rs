//! What the till's store promises, told as stories.

mod catalogue;
mod damage;
mod disk;
mod feed;
mod journal;
mod keys;
mod outbox;
mod people;
mod sale;
mod search;
mod world;
