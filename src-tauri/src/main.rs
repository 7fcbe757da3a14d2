//! The Evertill window.

// A release on Windows opens no console beside the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use clap::Parser;

mod adapter;
mod options;

fn main() -> anyhow::Result<()> {
    adapter::run(&options::Options::parse())
}
