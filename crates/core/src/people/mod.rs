//! Who works at a till, and what they may do.

pub mod role;
