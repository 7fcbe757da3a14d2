//! The till as a whole.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PrinterView, SessionView, SyncView};

/// How far the till has come since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No hub has enrolled this till yet.
    NeedsEnrolment,
    /// Enrolled, nobody is signed in.
    SignedOut,
    /// Somebody is signed in and may sell.
    SignedIn,
}

/// Which theme the till was started with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ThemeHint {
    /// As the operating system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Everything a window needs to decide which screen it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct TillState {
    /// How far the till has come.
    pub phase: Phase,
    /// The shop, once enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopView>,
    /// The till's name as the person who enrolled it typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub till_name: Option<String>,
    /// The hub this till belongs to, or the address to offer for enrolment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub_url: Option<String>,
    /// Who is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionView>,
    /// How the sync stands.
    pub sync: SyncView,
    /// How the printer stands.
    pub printer: PrinterView,
    /// How much of the catalogue is here.
    pub catalogue: CatalogueView,
    /// The time of day in the shop, `14:07`.
    pub now_text: String,
    /// Version of the till.
    pub version: String,
    /// Which theme the till was started with.
    pub theme_hint: ThemeHint,
}

/// The shop as the window names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShopView {
    /// Name over the door.
    pub name: String,
    /// The till's number in the shop, such as `03`.
    pub till: String,
    /// ISO 4217 code.
    pub currency_code: String,
    /// Sign to show beside amounts.
    pub currency_symbol: String,
    /// How many decimals amounts have.
    pub currency_decimals: u8,
}

/// How much of the catalogue is on the till.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CatalogueView {
    /// Items that can be sold now.
    pub items: u64,
    /// Set while the first load runs; the till sells what is already there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loading: Option<LoadingView>,
}

/// Progress of a catalogue load, in records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LoadingView {
    /// Records applied.
    pub done: u64,
    /// Records announced by the hub.
    pub total: u64,
}
