//! What the till knows of its shop once it is enrolled.

use evertill_core::{Currency, Fault, Money, TillId};
use evertill_protocol::Shop;
use evertill_store::Store;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::common::MoneyView;
use crate::fault::AppError;

/// The setting with what came of the enrolment.
pub(crate) const ENROLMENT: &str = "enrolment";
/// The setting with the shop; the change feed keeps it up to date.
pub(crate) const SHOP: &str = evertill_store::SHOP_SETTING;

/// What came of the enrolment. It lies in the encrypted store, the token with it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Enrolment {
    /// The hub's id of this device.
    pub(crate) device_id: Uuid,
    /// What the till shows the hub with each request.
    pub(crate) token: String,
    /// Where the hub is.
    pub(crate) hub_url: String,
    /// The till's number in the shop.
    pub(crate) till: TillId,
    /// What people call this till.
    pub(crate) till_name: String,
}

/// The shop this till stands in.
pub(crate) struct EnrolledShop {
    pub(crate) enrolment: Enrolment,
    pub(crate) shop: Shop,
    pub(crate) zone: TimeZone,
}

impl EnrolledShop {
    /// The shop the till belongs to, if it was enrolled.
    ///
    /// # Errors
    /// `shop_invalid` and database errors.
    pub(crate) fn load(store: &Store) -> Result<Option<Self>, Fault> {
        match (store.setting(ENROLMENT)?, store.setting(SHOP)?) {
            (Some(enrolment), Some(shop)) => Self::new(enrolment, shop).map(Some),
            _ => Ok(None),
        }
    }

    /// Checks that the till can keep books with what the hub said about the shop.
    pub(crate) fn new(enrolment: Enrolment, shop: Shop) -> Result<Self, Fault> {
        let invalid = |reason: String| Fault::from(AppError::ShopInvalid { reason });
        let zone = TimeZone::get(&shop.time_zone)
            .map_err(|_| invalid(format!("no time zone is called {}", shop.time_zone)))?;
        Currency::new(
            shop.currency.code.clone(),
            shop.currency.symbol.clone(),
            shop.currency.decimals,
        )
        .map_err(|error| invalid(error.to_string()))?;
        if shop.price_list.as_str().is_empty() {
            return Err(invalid("it names no price list".to_owned()));
        }
        Ok(Self {
            enrolment,
            shop,
            zone,
        })
    }

    pub(crate) fn currency(&self) -> &Currency {
        &self.shop.currency
    }

    pub(crate) fn money(&self, amount: Money) -> MoneyView {
        money_view(self.currency(), amount)
    }

    pub(crate) fn view(&self) -> ShopView {
        ShopView {
            name: self.shop.name.clone(),
            till: self.enrolment.till.to_string(),
            currency_code: self.currency().code.clone(),
            currency_symbol: self.currency().symbol.clone(),
            currency_decimals: self.currency().decimals,
        }
    }
}

pub(crate) fn money_view(currency: &Currency, amount: Money) -> MoneyView {
    MoneyView {
        minor: amount.minor(),
        text: currency.format(amount),
    }
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
