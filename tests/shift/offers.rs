//! What is on offer at the counter, and why each line costs what it does. Nothing of it is sold:
//! the sale is cleared at the end.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use evertill_tests::real_window::window::Window;

const ENTER: char = '\u{E007}';
const SOON: Duration = Duration::from_secs(20);

/// Articles of `demo/promotions.json` by barcode, and how often each is scanned: avocados are
/// "buy 2, get 1 free", any three of the wines cost 20.00, tuna has a price from six on.
const SCANNED: [(&str, usize); 5] = [
    ("2000010288168", 3),
    ("2000009271911", 6),
    ("2000008766265", 3),
    ("2000069044852", 3),
    ("2000008705592", 3),
];

/// 2 × 1.29, 6 × 0.45, three times three wines for 20.00.
const BEFORE_COUPON: &str = "6528";
/// WELCOME5 takes 5.00 off from 50.00 on.
const AFTER_COUPON: &str = "6028";

/// Rings the offers up, looks at the reasons, takes pictures and clears the sale.
pub(crate) async fn look(window: &Window, screens: &Path) -> Result<()> {
    for (barcode, times) in SCANNED {
        for _ in 0..times {
            window.keys(&format!("{barcode}{ENTER}")).await?;
        }
    }
    window
        .expect("total", "data-minor", BEFORE_COUPON, SOON)
        .await?;
    window.keys(&format!("WELCOME5{ENTER}")).await?;
    window
        .expect("coupon-WELCOME5", "data-used", "true", SOON)
        .await?;
    window
        .expect("total", "data-minor", AFTER_COUPON, SOON)
        .await?;
    let tuna = window.text("line-2-why").await?;
    ensure!(tuna.contains('6'), "the price from six on says {tuna:?}");
    window.picture(&screens.join("offers.png")).await?;

    window.touch("line-1").await?;
    window
        .expect("edit-why-saving-0", "data-minor", "129", SOON)
        .await?;
    window.picture(&screens.join("why-this-price.png")).await?;
    window.touch("edit-close").await?;

    window.touch("clear-open").await?;
    window.touch("clear-confirm").await?;
    window.expect("total", "data-minor", "0", SOON).await
}
