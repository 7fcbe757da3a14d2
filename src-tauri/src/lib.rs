//! The Evertill window.
