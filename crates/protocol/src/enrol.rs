//! How a device becomes a till of the shop.

use std::collections::BTreeMap;

use evertill_core::{Currency, PriceListId, TillId, TotalsPolicy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::{TotalsPolicySchema, currency_schema};

/// A device asks to become a till, with the single-use code an administrator read out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolRequest {
    /// The code; case, spaces and dashes do not matter.
    #[schema(example = "K7QM-2XHD", min_length = 1, max_length = 64)]
    pub code: String,
    /// What people call this till.
    #[schema(example = "Front counter", max_length = 200)]
    pub device_name: String,
    /// Operating system and architecture.
    #[schema(example = "linux-x86_64", max_length = 100)]
    pub platform: String,
    /// The till's software version.
    #[schema(example = "0.1.0", max_length = 100)]
    pub app_version: String,
}

/// Asks whether an enrolment code would enrol a till, without using it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolCheckRequest {
    /// The code; case, spaces and dashes do not matter.
    #[schema(example = "K7QM-2XHD", min_length = 1, max_length = 64)]
    pub code: String,
}

/// The shop a code would enrol a till in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolCheckResponse {
    /// The shop's name.
    #[schema(example = "Corner Grocer")]
    pub shop: String,
}

/// What a new till needs to sell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EnrolResponse {
    /// The device, as the hub knows it.
    pub device_id: Uuid,
    /// Bearer token for all further requests: 32 random bytes in hex. Shown this once; the hub
    /// keeps only its hash.
    #[schema(min_length = 64, max_length = 64)]
    pub token: String,
    /// The till's short id, which no other till ever had.
    #[schema(value_type = String, example = "03")]
    pub till: TillId,
    /// What this till's receipt numbers begin with.
    #[schema(example = "03")]
    pub number_prefix: String,
    /// The counter of the till's next receipt number.
    #[schema(minimum = 1)]
    pub next_number: u64,
    /// The shop the till stands in.
    pub shop: Shop,
}

/// The shop as it stands on a receipt, and how it counts money and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Shop {
    /// Name on the receipt.
    #[schema(example = "Corner Grocer")]
    pub name: String,
    /// Address on the receipt, line by line.
    pub address_lines: Vec<String>,
    /// The shop's own tax number; empty where it has none.
    pub tax_id: String,
    /// The currency prices are in and sales are counted in.
    #[schema(schema_with = currency_schema)]
    pub currency: Currency,
    /// IANA time zone that decides the business date.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
    /// The price list tills sell from.
    #[schema(value_type = String, example = "retail")]
    pub price_list: PriceListId,
    /// Last words on the receipt; empty for none.
    pub receipt_footer: String,
    /// How sales are worked out, so that the till comes to the same cent as the books.
    #[serde(default, skip_serializing_if = "usual")]
    #[schema(value_type = TotalsPolicySchema)]
    pub totals_policy: TotalsPolicy,
    /// The price lists of customer groups. A group without one buys by the till's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub group_price_lists: BTreeMap<String, PriceListId>,
    /// The price lists of single tills. A till without one sells by the shop's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub till_price_lists: BTreeMap<TillId, PriceListId>,
}

/// Whether it is what a till takes where nothing is said.
fn usual(totals_policy: &TotalsPolicy) -> bool {
    *totals_policy == TotalsPolicy::default()
}
