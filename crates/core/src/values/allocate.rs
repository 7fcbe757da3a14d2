//! One amount shared out over several, to the last minor unit.

use crate::values::money::{Money, MoneyError};

/// Shares `amount` over the parts in proportion to their size: the shares add up to `amount`
/// exactly, and none is more than its part as long as `amount` is not more than all of them.
///
/// Method of the largest remainder: every part gets its proportional share rounded down, and the
/// minor units left over go one each to the parts that lost most by it. Of equal losses the
/// larger part goes first, then the earlier one, so the result is always the same.
///
/// Parts and amount must not be negative (`amount_overflow`, as nothing of the kind can be a
/// discount). If all parts are 0 the shares are 0 as well, for there is nothing to share by.
pub fn allocate(amount: Money, parts: &[Money]) -> Result<Vec<Money>, MoneyError> {
    if amount.is_negative() || parts.iter().any(|part| part.is_negative()) {
        return Err(MoneyError::Overflow);
    }
    let whole = i128::from(Money::sum(parts.iter().copied())?.minor());
    if whole == 0 {
        return Ok(vec![Money::ZERO; parts.len()]);
    }
    let wanted = i128::from(amount.minor());
    let mut shares = Vec::with_capacity(parts.len());
    let mut losses = Vec::with_capacity(parts.len());
    let mut given = 0_i128;
    for (index, part) in parts.iter().enumerate() {
        // i64 · i64 always fits into i128.
        let product = wanted * i128::from(part.minor());
        let share = product / whole;
        given += share;
        shares.push(share);
        losses.push((product % whole, part.minor(), index));
    }
    losses.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.cmp(&b.2)));
    let left = usize::try_from(wanted - given).map_err(|_| MoneyError::Overflow)?;
    for (_, _, index) in losses.iter().take(left) {
        if let Some(share) = shares.get_mut(*index) {
            *share += 1;
        }
    }
    shares.into_iter().map(Money::from_wide).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(amounts: &[i64]) -> Vec<Money> {
        amounts.iter().copied().map(Money::from_minor).collect()
    }

    #[test]
    fn shares_of_an_amount() {
        let table: [(i64, &[i64], &[i64]); 9] = [
            (100, &[100, 100, 100], &[34, 33, 33]),
            (1, &[100, 200, 100], &[0, 1, 0]),
            (2, &[100, 100, 100], &[1, 1, 0]),
            (10, &[0, 5, 5], &[0, 5, 5]),
            (0, &[1, 2], &[0, 0]),
            (3, &[1, 1, 1], &[1, 1, 1]),
            (999, &[333, 333, 334], &[333, 333, 333]),
            (0, &[0, 0], &[0, 0]),
            (0, &[], &[]),
        ];
        for (amount, parts, shares) in table {
            let found = allocate(Money::from_minor(amount), &minor(parts)).unwrap();
            assert_eq!(found, minor(shares), "{amount} over {parts:?}");
        }
    }

    #[test]
    fn negative_amounts_are_refused() {
        assert_eq!(
            allocate(Money::from_minor(-1), &minor(&[1])),
            Err(MoneyError::Overflow)
        );
        assert_eq!(
            allocate(Money::from_minor(1), &minor(&[2, -1])),
            Err(MoneyError::Overflow)
        );
    }
}
