//! The people of the till.

pub(crate) mod credentials;
pub(crate) mod users;
