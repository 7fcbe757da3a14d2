//! The till's real window and the machines around it, driven from outside: what the scripted shift
//! and the window's bench share.

pub mod counter;
pub mod machines;
pub mod plan;
pub mod window;
