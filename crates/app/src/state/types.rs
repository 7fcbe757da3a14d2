//! The till as a whole.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::printing::PrinterView;
use crate::shop::ShopView;
use crate::sync::{CatalogueView, SyncView};
use evertill_core::{Permission, Role};

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

/// Who is signed in and what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionView {
    /// User id.
    pub user_id: String,
    /// Full name.
    pub name: String,
    /// Role in the shop.
    pub role: Role,
    /// What the role allows; the till checks it again on every command.
    pub permissions: Vec<Permission>,
    /// Time of day of the sign-in in the shop, `08:02`.
    pub since: String,
}
