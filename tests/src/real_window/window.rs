//! The real window, driven as a person would: by what can be seen, clicked and typed.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

/// Nothing on a till may keep a cashier waiting longer; on a loaded machine it means "never".
const PATIENCE: Duration = Duration::from_secs(20);

/// WebKitGTK takes a picture with the next redraw, and a till at rest redraws once a minute.
const REDRAW: &str = "
  const page = document.documentElement;
  let left = 60;
  const timer = setInterval(() => {
    page.style.opacity = left-- % 2 ? '' : '0.9999';
    if (left <= 0) clearInterval(timer);
  }, 20);
";

/// One open window of the till.
pub struct Window {
    client: Client,
}

impl Window {
    /// Starts the till's binary through the WebDriver proxy and waits until it shows something.
    pub async fn open(driver: &str, binary: &Path, arguments: &[String]) -> Result<Self> {
        let wanted = json!({
            "tauri:options": { "application": binary, "args": arguments },
        });
        let capabilities = wanted.as_object().cloned().unwrap_or_default();
        let client = ClientBuilder::rustls()
            .context("no TLS for the WebDriver client")?
            .capabilities(capabilities)
            .connect(driver)
            .await
            .context("the window did not open")?;
        Ok(Self { client })
    }

    /// The element with this test id, once it is there.
    pub async fn see(&self, id: &str) -> Result<Element> {
        self.see_within(id, PATIENCE).await
    }

    /// The same, with the caller's patience.
    pub async fn see_within(&self, id: &str, patience: Duration) -> Result<Element> {
        let selector = format!("[data-testid=\"{id}\"]");
        self.client
            .wait()
            .at_most(patience)
            .every(Duration::from_millis(25))
            .for_element(Locator::Css(&selector))
            .await
            .with_context(|| format!("`{id}` did not appear"))
    }

    /// True if the element is there now.
    pub async fn has(&self, id: &str) -> Result<bool> {
        let selector = format!("[data-testid=\"{id}\"]");
        Ok(!self
            .client
            .find_all(Locator::Css(&selector))
            .await?
            .is_empty())
    }

    /// How many elements match a CSS selector now.
    pub async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.client.find_all(Locator::Css(selector)).await?.len())
    }

    /// Touches the element. One that a redraw has just replaced is looked for again.
    pub async fn touch(&self, id: &str) -> Result<()> {
        let started = Instant::now();
        loop {
            let clicked = self.see(id).await?.click().await;
            match clicked {
                Ok(()) => return Ok(()),
                Err(why) if started.elapsed() > PATIENCE => {
                    return Err(why).with_context(|| format!("`{id}` could not be touched"));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, id: &str, text: &str) -> Result<()> {
        let field = self.see(id).await?;
        field
            .clear()
            .await
            .with_context(|| format!("`{id}` could not be cleared"))?;
        if text.is_empty() {
            return Ok(());
        }
        field
            .send_keys(text)
            .await
            .with_context(|| format!("`{id}` took no keys"))
    }

    /// Keys with no field in mind, as a scanner sends them; `\u{E007}` is Enter.
    pub async fn keys(&self, text: &str) -> Result<()> {
        let mut keys = KeyActions::new("scanner".to_owned());
        for value in text.chars() {
            keys = keys
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.client
            .perform_actions(keys)
            .await
            .context("the window took no keys")
    }

    /// The test id of the first element that matches, once there is one.
    pub async fn row(&self, selector: &str) -> Result<String> {
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .every(Duration::from_millis(25))
            .for_element(Locator::Css(selector))
            .await
            .with_context(|| format!("nothing matches {selector}"))?;
        found
            .attr("data-testid")
            .await?
            .context("a row without a test id")
    }

    /// What the element says.
    pub async fn text(&self, id: &str) -> Result<String> {
        Ok(self.see(id).await?.text().await?)
    }

    /// An attribute of the element, empty if it has none.
    pub async fn attribute(&self, id: &str, name: &str) -> Result<String> {
        Ok(self.see(id).await?.attr(name).await?.unwrap_or_default())
    }

    /// Waits until an attribute has the value.
    pub async fn expect(
        &self,
        id: &str,
        name: &str,
        value: &str,
        patience: Duration,
    ) -> Result<()> {
        let started = Instant::now();
        loop {
            // A redraw between finding and reading is no failure.
            let found = self.attribute(id, name).await.unwrap_or_default();
            if found == value {
                return Ok(());
            }
            if started.elapsed() > patience {
                let error = self.text_now("error").await;
                bail!("`{id}` has {name}={found:?}, not {value:?}; the window says: {error:?}");
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Waits until the element says this.
    pub async fn expect_text(&self, id: &str, text: &str, patience: Duration) -> Result<()> {
        let started = Instant::now();
        loop {
            let found = self.text_now(id).await.unwrap_or_default();
            if found.trim() == text {
                return Ok(());
            }
            ensure!(
                started.elapsed() < patience,
                "`{id}` says {found:?}, not {text:?}"
            );
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// What the element says, if it is there now.
    pub async fn text_now(&self, id: &str) -> Option<String> {
        let selector = format!("[data-testid=\"{id}\"]");
        let found = self.client.find(Locator::Css(&selector)).await.ok()?;
        found.text().await.ok()
    }

    /// Runs a script in the page; only checks that look at the page as a whole need it.
    pub async fn script(&self, script: &str) -> Result<serde_json::Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Runs a script that ends by calling its last argument.
    pub async fn script_async(&self, script: &str) -> Result<serde_json::Value> {
        Ok(self.client.execute_async(script, Vec::new()).await?)
    }

    /// Makes the window so large, in pixels.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        Ok(self.client.set_window_size(width, height).await?)
    }

    /// A picture of the window as PNG.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        self.script(REDRAW).await?;
        let png = self
            .client
            .screenshot()
            .await
            .context("no picture of the window")?;
        std::fs::write(file, png).with_context(|| format!("could not write {}", file.display()))
    }

    /// Closes the window as a person does; the till ends.
    pub async fn close(self) -> Result<()> {
        self.client
            .close()
            .await
            .context("the window did not close")
    }

    /// Lets go of a window whose till is already dead.
    pub async fn forget(self) {
        // The session is gone with the till, so an error is what is expected.
        drop(self.client.close().await);
    }
}
