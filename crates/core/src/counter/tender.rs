//! Taking the money: what was handed over, and the change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fault::Coded;
use crate::values::currency::Currency;
use crate::values::id::PaymentModeId;
use crate::values::money::{Money, MoneyError};

/// What kind of payment a mode is. Only cash gives change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// Notes and coins.
    Cash,
    /// A card terminal.
    Card,
    /// Anything else that is paid to the cent: voucher, transfer, account.
    Other,
}

/// One payment towards a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// Key of the mode of payment upstream.
    pub mode: PaymentModeId,
    /// Name as printed.
    pub mode_name: String,
    /// Kind of the mode.
    pub kind: PaymentKind,
    /// What was handed over, before change.
    pub amount: Money,
}

/// How a sale was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Sum of all tenders.
    pub paid: Money,
    /// What goes back to the customer, in cash.
    pub change: Money,
}

/// Whether these tenders pay `total`, and the change they give. A total of 0 needs none.
///
/// Errors: `tender_not_positive`; `card_over` where what is not cash is more than the total, for
/// nobody hands out cash for a card; `cash_short` with what is still due; `amount_overflow`.
pub fn settle(total: Money, tenders: &[Tender]) -> Result<Settlement, TenderError> {
    if let Some(tender) = tenders.iter().find(|tender| tender.amount <= Money::ZERO) {
        return Err(TenderError::NotPositive {
            mode: tender.mode_name.clone(),
        });
    }
    let cashless = tenders
        .iter()
        .filter(|tender| tender.kind != PaymentKind::Cash);
    let cashless = Money::sum(cashless.map(|tender| tender.amount))?;
    if cashless > total {
        let over = cashless.checked_sub(total)?;
        return Err(TenderError::CardOver { over });
    }
    let paid = Money::sum(tenders.iter().map(|tender| tender.amount))?;
    if paid < total {
        return Err(TenderError::CashShort {
            due: total.checked_sub(paid)?,
        });
    }
    Ok(Settlement {
        paid,
        change: paid.checked_sub(total)?,
    })
}

/// Amounts a customer is likely to hand over: the exact total, then up to four round ones, the
/// smallest first. Nothing for a total of 0.
pub fn quick_cash(total: Money, currency: &Currency) -> Vec<Money> {
    if total <= Money::ZERO {
        return Vec::new();
    }
    let mut keys = vec![total];
    for step in note_steps(currency.decimals) {
        let over = total.minor().rem_euclid(step);
        let Some(up) = total
            .minor()
            .checked_add(if over == 0 { 0 } else { step - over })
        else {
            continue;
        };
        match Money::try_from(up) {
            Ok(amount) if !keys.contains(&amount) => keys.push(amount),
            _ => {}
        }
    }
    keys.sort_unstable();
    keys.truncate(5);
    keys
}

/// Notes (and the largest coins) as steps in minor units, for a currency with that many
/// decimals. Where units are small (yen, won) a till works in hundreds and thousands of them,
/// where they are large (dinars) in quarters.
const fn note_steps(decimals: u8) -> [i64; 6] {
    match decimals {
        0 => [100, 500, 1_000, 5_000, 10_000, 50_000],
        1 => [50, 100, 200, 500, 1_000, 2_000],
        2 => [500, 1_000, 2_000, 5_000, 10_000, 20_000],
        3 => [250, 500, 1_000, 5_000, 10_000, 20_000],
        _ => [50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000],
    }
}

/// Why these tenders do not settle the sale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum TenderError {
    /// Less was handed over than is due.
    #[error("Not enough yet: more is due.")]
    #[coded("cash_short")]
    CashShort {
        /// What is still missing, in minor units.
        due: Money,
    },
    /// A card or other exact payment over the total.
    #[error("Only cash can be more than the total.")]
    #[coded("card_over")]
    CardOver {
        /// By how much, in minor units.
        over: Money,
    },
    /// Nothing or less than nothing was handed over.
    #[error("The amount for {mode} must be above 0.")]
    #[coded("tender_not_positive")]
    NotPositive {
        /// Name of the mode of payment.
        mode: String,
    },
    /// An amount is out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
