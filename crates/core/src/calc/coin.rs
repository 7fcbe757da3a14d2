//! Step 10: the total in coins.

use super::arithmetic::Number;
use super::sheet::Sheet;

impl<N: Number> Sheet<'_, N> {
    /// Rounded total and rounding adjustment; both 0 when disabled.
    pub(super) fn round_to_coin(&self) -> (N, N) {
        let settings = &self.document.settings;
        if !self.document.rounds_to_coin() {
            return (N::ZERO, N::ZERO);
        }
        let coin = N::from_decimal(settings.smallest_currency_fraction);
        let total = if coin.is_zero() {
            self.grand_total.round(0, settings.rounding_method)
        } else {
            let rest = self.rest_over_coin(coin);
            if rest > coin / N::from_int(2) {
                self.grand_total + (coin - rest)
            } else {
                self.grand_total - rest
            }
        };
        let total = self.money(total);
        (total, self.money(total - self.grand_total))
    }

    fn rest_over_coin(&self, coin: N) -> N {
        let rest = if self.places == 0 {
            self.grand_total.floored_remainder(coin)
        } else {
            let units = N::power_of_ten(self.places);
            (self.grand_total * units).floored_remainder(coin * units) / units
        };
        self.money(rest)
    }
}
