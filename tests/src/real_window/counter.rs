//! What hands do at the counter: sign in, ring up, pay.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::machines::Person;
use super::plan::{Basket, Line, Via};
use super::window::Window;

const ENTER: char = '\u{E007}';
const ESCAPE: &str = "\u{E00C}";
const SOON: Duration = Duration::from_secs(20);

/// Gives a new till its hub, its code and its name.
pub async fn enrol(window: &Window, hub: &str, code: &str) -> Result<()> {
    window.fill("enrol-hub", hub).await?;
    window.touch("enrol-next").await?;
    window.fill("enrol-code", code).await?;
    window.touch("enrol-next").await?;
    window.fill("enrol-name", "Till at the door").await?;
    window.touch("enrol-submit").await?;
    window.row("[data-testid^=\"person-\"]").await.map(drop)
}

/// Signs in by password, as everyone does the first time on a till.
pub async fn sign_in_by_password(window: &Window, person: &Person) -> Result<()> {
    window.touch(&format!("person-{}", person.id)).await?;
    if window.has("kind-password").await? {
        window.touch("kind-password").await?;
    }
    window.fill("secret", &person.password).await?;
    window.touch("signin-submit").await?;
    window.see("sell").await.map(drop)
}

/// Signs in by PIN, which needs no network.
pub async fn sign_in_by_pin(window: &Window, person: &Person) -> Result<()> {
    type_pin(window, person).await?;
    confirm_pin(window).await
}

/// Picks the person and types their PIN, but does not confirm it.
pub async fn type_pin(window: &Window, person: &Person) -> Result<()> {
    window.touch(&format!("person-{}", person.id)).await?;
    window.see("signin-submit").await?;
    if window.has("kind-pin").await? {
        window.touch("kind-pin").await?;
    }
    for digit in person.pin.chars() {
        window.touch(&format!("pin-{digit}")).await?;
    }
    Ok(())
}

/// Confirms the typed PIN and waits for the sell screen.
pub async fn confirm_pin(window: &Window) -> Result<()> {
    window.touch("signin-submit").await?;
    window.see("sell").await.map(drop)
}

/// Rings up some of a basket's lines.
pub async fn ring_up(window: &Window, lines: &[Line]) -> Result<()> {
    for line in lines {
        ring_up_line(window, line)
            .await
            .with_context(|| format!("ringing up {}", line.name))?;
    }
    Ok(())
}

async fn ring_up_line(window: &Window, line: &Line) -> Result<()> {
    match line.via {
        Via::Barcode => window.keys(&format!("{}{ENTER}", line.barcode)).await?,
        Via::Search => {
            window.fill("search", &line.search).await?;
            window.touch(&format!("tile-{}", line.item())).await?;
            window.keys(ESCAPE).await?;
        }
        Via::Touch => {
            window
                .touch(&format!("category-{}", line.category_id()))
                .await?;
            // A person looks for the tile first, and by then it stands where it is touched.
            window
                .expect("tiles", "data-category", &line.category_id(), SOON)
                .await?;
            window.touch(&format!("tile-{}", line.item())).await?;
            window.touch("category-all").await?;
        }
    }
    let selector = format!("[data-testid^=\"line-\"][data-item=\"{}\"]", line.item());
    let row = window.row(&selector).await?;
    // Two of a kind are scanned twice, more are typed, as at any counter.
    if line.quantity == 2 && line.via == Via::Barcode {
        window.keys(&format!("{}{ENTER}", line.barcode)).await?;
        window
            .expect_text(&format!("{row}-quantity"), "2", SOON)
            .await?;
    }
    if line.quantity > 2 || (line.quantity == 2 && line.via != Via::Barcode) {
        window.touch(&row).await?;
        window
            .fill("edit-quantity", &line.quantity.to_string())
            .await?;
        window.touch("edit-apply").await?;
        let quantity = line.quantity.to_string();
        window
            .expect_text(&format!("{row}-quantity"), &quantity, SOON)
            .await?;
    }
    if line.item_discount_cents > 0 {
        window.touch(&row).await?;
        window
            .fill("edit-discount-amount", &amount(line.item_discount_cents))
            .await?;
        window.touch("edit-apply").await?;
    }
    Ok(())
}

/// Gives the basket's invoice discount, if it has one.
pub async fn discount(window: &Window, basket: &Basket) -> Result<()> {
    if basket.invoice_discount_cents == 0 {
        return Ok(());
    }
    window.touch("discount-open").await?;
    window.touch("discount-amount").await?;
    window
        .fill("discount-value", &amount(basket.invoice_discount_cents))
        .await?;
    window.touch("discount-apply").await
}

/// Takes cash, checks total and change, waits for the receipt and starts the next sale.
pub async fn pay(window: &Window, basket: &Basket, pictures: Option<&Path>) -> Result<String> {
    window
        .expect("total", "data-minor", &basket.total_cents.to_string(), SOON)
        .await?;
    window.touch("pay").await?;
    window
        .expect("due", "data-minor", &basket.total_cents.to_string(), SOON)
        .await?;
    let quick = format!("quick-{}", basket.cash_cents);
    if window.has(&quick).await? {
        window.touch(&quick).await?;
    } else {
        window
            .fill("cash-amount", &amount(basket.cash_cents))
            .await?;
    }
    if let Some(folder) = pictures {
        window.picture(&folder.join("pay.png")).await?;
    }
    // A quick key may take the money at once.
    if window.has("pay-confirm").await? {
        window.touch("pay-confirm").await?;
    }
    window
        .expect(
            "done-change",
            "data-minor",
            &basket.change_cents.to_string(),
            SOON,
        )
        .await?;
    window
        .expect("print-state", "data-state", "printed", SOON)
        .await?;
    let number = window.text("done-number").await?;
    ensure!(!number.is_empty(), "the receipt has no number");
    if let Some(folder) = pictures {
        window.picture(&folder.join("done.png")).await?;
    }
    window.touch("next-sale").await?;
    window.see("sell").await?;
    Ok(number)
}

/// Cents as a person types them.
fn amount(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
