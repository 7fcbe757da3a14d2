//! Where a till's store and its secret are: for programs that open a till by hand.

mod place;
mod secret;

pub use place::Place;
pub use secret::FileSecret;
