//! Stories, golden files and the real window.
pub mod real_window;
