//! Promotions: checked, then kept as they came.

use evertill_core::Money;
use evertill_core::pricing::{Benefit, Effect, Promotion};
use rusqlite::OptionalExtension;
use rust_decimal::Decimal;

use super::batch::{Batch, RowError, RowRejection};
use super::records::{text_id, text_name};
use crate::error::StoreError;

/// Writes a promotion.
pub(super) fn upsert(batch: &mut Batch<'_>, promotion: &Promotion) -> Result<(), RowError> {
    check(promotion)?;
    let body =
        serde_json::to_string(promotion).map_err(|error| StoreError::value("promotion", error))?;
    let before: Option<String> = batch
        .conn
        .prepare_cached("SELECT body FROM promotions WHERE id = ?1")?
        .query_row([&promotion.id], |row| row.get(0))
        .optional()?;
    // A snapshot brings all of them again; the till need not read them anew for that.
    batch.terms_changed |= before.as_ref() != Some(&body);
    batch
        .conn
        .prepare_cached(
            "INSERT INTO promotions (id, body, generation) VALUES (?1, ?2, ?3)
             ON CONFLICT (id)
             DO UPDATE SET body = excluded.body, generation = excluded.generation",
        )?
        .execute((&promotion.id, body, batch.generation))?;
    Ok(())
}

/// What would never do anything, or something nobody means.
fn check(promotion: &Promotion) -> Result<(), RowRejection> {
    text_id(&promotion.id)?;
    text_name(&promotion.name)?;
    if let Some(coupon) = &promotion.coupon {
        require(!coupon.code.trim().is_empty(), "The coupon has no code.")?;
    }
    match &promotion.effect {
        Effect::Each {
            reward, at_least, ..
        } => {
            in_range(*at_least, "least quantity")?;
            check_reward(*reward)
        }
        Effect::BuyGet {
            buy_units,
            get_units,
            reward,
            ..
        } => {
            require(*buy_units > 0, "Nothing has to be bought.")?;
            require(*get_units > 0, "Nothing goes for less.")?;
            check_reward(*reward)
        }
        Effect::MixAndMatch { units, price, .. } => {
            require(*units > 0, "No units go for the price.")?;
            in_range(*price, "price")
        }
        Effect::Ticket { from, reward, .. } => {
            in_range(*from, "sum of the ticket")?;
            check_reward(*reward)
        }
    }
}

fn check_reward(reward: Benefit) -> Result<(), RowRejection> {
    match reward {
        Benefit::Percent(percent) => {
            let fine = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent);
            require(fine, "A discount in percent is from 0 to 100.")
        }
        Benefit::Amount(amount) => in_range(amount, "discount"),
        Benefit::Price(price) => in_range(price, "price"),
        Benefit::Free => Ok(()),
    }
}

fn in_range(value: Decimal, what: &str) -> Result<(), RowRejection> {
    let most = Decimal::from(Money::MAX.minor());
    let fine = (Decimal::ZERO..=most).contains(&value);
    require(fine, &format!("The {what} is below 0 or too large."))
}

fn require(fine: bool, otherwise: &str) -> Result<(), RowRejection> {
    if fine {
        return Ok(());
    }
    Err(RowRejection::new("promotion_invalid", otherwise))
}
