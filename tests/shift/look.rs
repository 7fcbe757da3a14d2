//! What every screen must keep, whatever it shows: nothing cut off, nothing too small to touch,
//! in both themes and at every size the till supports.

use std::path::Path;

use anyhow::{Result, ensure};
use serde_json::Value;

use evertill_tests::real_window::window::Window;

/// The smallest screen, the usual one and a large one, in pixels.
const SIZES: [(u32, u32); 3] = [(1024, 768), (1280, 800), (1920, 1080)];

/// Elements a finger must hit that are smaller than 48 px, and whether the page scrolls.
const MEASURE: &str = r#"
  const small = [];
  for (const one of document.querySelectorAll('button, a[href], [role=button], [role=tab]')) {
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.width < 47.5 || box.height < 47.5) {
      small.push(`${one.dataset.testid ?? one.textContent.trim().slice(0, 30)} ` +
        `${Math.round(box.width)}x${Math.round(box.height)}`);
    }
  }
  const page = document.scrollingElement;
  return {
    small,
    scrolls: page.scrollHeight > window.innerHeight + 1 || page.scrollWidth > window.innerWidth + 1,
  };
"#;

/// Goes through the screens a manager reaches, in both themes and three sizes.
pub(crate) async fn every_screen(window: &Window, folder: &Path) -> Result<()> {
    for theme in ["first", "second"] {
        for (width, height) in SIZES {
            window.resize(width, height).await?;
            for screen in ["sell", "history", "sync", "settings"] {
                window.touch(&format!("nav-{screen}")).await?;
                // Pictures and data of a screen come a moment after the screen.
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                let name = format!("{screen}-{width}x{height}-{theme}");
                window.picture(&folder.join(format!("{name}.png"))).await?;
                measure(window, &name).await?;
                if screen == "settings" {
                    window.keys("\u{E00C}").await?;
                }
            }
        }
        window.touch("nav-sell").await?;
        window.touch("theme-toggle").await?;
    }
    Ok(())
}

async fn measure(window: &Window, name: &str) -> Result<()> {
    let found = window.script(MEASURE).await?;
    let small = found
        .get("small")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    ensure!(small.is_empty(), "{name}: too small to touch: {small:?}");
    ensure!(
        found.get("scrolls") == Some(&Value::Bool(false)),
        "{name}: the page scrolls"
    );
    Ok(())
}
