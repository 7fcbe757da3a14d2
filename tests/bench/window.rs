//! From starting the program to a till that can sell, beside an empty Tauri window.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use evertill_tests::real_window::machines::{self, Hub, Person};
use evertill_tests::real_window::{counter, window::Window};
use tokio::runtime::Runtime;

use crate::Effort;
use crate::measure::{Contender, readable, take_turns};
use crate::report::Section;

const SOON: Duration = Duration::from_secs(60);

/// Opens and closes both windows in turn through the same WebDriver.
pub(crate) fn bench(effort: &Effort) -> Result<Section> {
    let runtime = Runtime::new()?;
    let folder = effort.folder("window")?.canonicalize()?;
    let bin = std::env::current_exe()?;
    let Some(bin) = bin.parent() else {
        bail!("the bench lies in no folder")
    };
    let (_driver, driver) = machines::driver(&folder)?;
    let till = Till {
        driver: &driver,
        binary: &bin.join("evertill"),
        dir: &folder.join("till"),
    };
    let cashier = runtime.block_on(enrolled(&till, bin, &folder))?;
    let empty = bin.join("examples/empty_window");
    let mut contenders = [
        Contender::timed("till: people to sign in, then sell", || {
            runtime.block_on(sellable(&till, &cashier))
        }),
        Contender::timed("empty window", || runtime.block_on(opened(&driver, &empty))),
    ];
    let times = take_turns(1, effort.turns(15), &mut contenders)?;
    let [till, empty] = times.as_slice() else {
        bail!("two contenders")
    };
    Ok(Section {
        title: "Window start to sellable",
        what: "From starting the program to the sell screen: the store opened with its key from \
               the keyring, the people shown, a PIN checked (Argon2id) and the first tiles there. \
               The time the fingers take for the PIN is left out. Both windows are opened through \
               the same WebDriver, which takes part of each time."
            .into(),
        head: vec!["what", "p50", "slowest", "ratio to the empty window"],
        rows: [till, empty]
            .map(|one| {
                let [half, most] = [one.percentile(50), one.percentile(100)].map(readable);
                vec![one.name.into(), half, most, one.ratio(empty).to_string()]
            })
            .to_vec(),
        aims: Vec::new(),
    })
}

/// How the bench starts the till.
struct Till<'a> {
    driver: &'a str,
    binary: &'a Path,
    dir: &'a Path,
}

impl Till<'_> {
    async fn open(&self) -> Result<Window> {
        let dir = self.dir.to_string_lossy().into_owned();
        Window::open(self.driver, self.binary, &["--dir".into(), dir]).await
    }
}

/// Enrols the till with a demo hub that is gone afterwards, so that every start is offline.
async fn enrolled(till: &Till<'_>, bin: &Path, folder: &Path) -> Result<Person> {
    let hub = Hub::new(bin, folder)?;
    let (running, card) = hub.start(&folder.join("hub.log"))?;
    let window = till.open().await?;
    window.see("enrol-hub").await?;
    counter::enrol(&window, &card.url, &card.enrol_code).await?;
    let cashier = card.person("cashier")?;
    counter::sign_in_by_password(&window, &cashier).await?;
    window
        .expect("sync-pill", "data-state", "synced", SOON)
        .await?;
    window.close().await?;
    running.stop()?;
    Ok(cashier)
}

async fn sellable(till: &Till<'_>, cashier: &Person) -> Result<Duration> {
    let started = Instant::now();
    let window = till.open().await?;
    window.see(&format!("person-{}", cashier.id)).await?;
    let shown = started.elapsed();
    counter::type_pin(&window, cashier).await?;
    let typed = Instant::now();
    counter::confirm_pin(&window).await?;
    window.row("[data-testid^=\"tile-\"]").await?;
    let took = shown + typed.elapsed();
    window.close().await?;
    Ok(took)
}

async fn opened(driver: &str, binary: &Path) -> Result<Duration> {
    let started = Instant::now();
    let window = Window::open(driver, binary, &[]).await?;
    window.script("return document.readyState").await?;
    let took = started.elapsed();
    window.close().await?;
    Ok(took)
}
