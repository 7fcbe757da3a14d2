//! The shift, step by step.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::look;
use crate::offers;
use evertill_tests::real_window::counter;
use evertill_tests::real_window::machines::{self, Hub, HubCard, Printer, Running};
use evertill_tests::real_window::plan::{Basket, Line, Plan};
use evertill_tests::real_window::window::Window;

const SOON: Duration = Duration::from_secs(20);
/// The basket whose screens are kept: one with enough lines to look at.
const PICTURED: usize = 3;
const SYNCED: Duration = Duration::from_secs(90);

/// Everything the shift needs, before the till opens.
pub(crate) struct Shift {
    out: PathBuf,
    binary: PathBuf,
    till: PathBuf,
    plan: Plan,
    hub: Hub,
    printer: Printer,
    _driver: Running,
    driver_url: String,
    started: Instant,
}

/// What is left when the shift is over.
pub(crate) struct End {
    pub(crate) plan: Plan,
    /// The hub's own account of what it has.
    pub(crate) report: Value,
    /// Rows of the manager's sync status that say "acknowledged".
    pub(crate) acknowledged: usize,
    /// The numbers the window showed, in order.
    pub(crate) numbers: Vec<String>,
    /// The printed receipts: picture's path without its ending, and text.
    pub(crate) paper: Vec<(PathBuf, String)>,
    pub(crate) out: PathBuf,
}

impl Shift {
    /// Starts the printer and the WebDriver proxy.
    pub(crate) fn prepare(out: PathBuf, bin: &Path, plan: Plan) -> Result<Self> {
        let hub = Hub::new(bin, &out)?;
        let printer = Printer::start(&out)?;
        let (running, driver_url) = machines::driver(&out)?;
        let binary = bin.join("evertill");
        let till = out.join("till");
        std::fs::create_dir_all(out.join("screens"))?;
        let started = Instant::now();
        Ok(Self {
            out,
            binary,
            till,
            plan,
            hub,
            printer,
            _driver: running,
            driver_url,
            started,
        })
    }

    /// Plays it from enrolment to the manager's look at the sync status.
    pub(crate) async fn play(self) -> Result<End> {
        self.step("hub and printer are on");
        let (hub, card) = self.hub.start(&self.out.join("hub.log"))?;
        card.introduce();
        let window = self.open_new_till(&card).await?;

        hub.stop()?;
        self.step("network cut: the hub is stopped");
        window.close().await?;
        let window = self.window().await?;
        self.step("till quit and started again");
        let cashier = card.person("cashier")?;
        counter::sign_in_by_pin(&window, &cashier).await?;
        self.step("cashier signed in offline");
        self.look(&window, "sell-empty").await?;

        let (window, numbers) = self.sell(window, &card).await?;
        let waiting = format!("{} waiting", self.plan.baskets.len());
        let pill = window.text("sync-pill").await?;
        ensure!(
            pill.contains(&waiting),
            "the pill says {pill:?}, not {waiting:?}"
        );
        self.look(&window, "offline-20-waiting").await?;
        self.step(&format!("sync pill: {}", pill.replace('\n', " ")));
        offers::look(&window, &self.out.join("screens")).await?;
        self.step("offers rung up, their reasons read, the sale cleared");

        let (_hub, _card) = self.hub.start(&self.out.join("hub.log"))?;
        self.step("hub is back");
        window
            .expect("sync-pill", "data-state", "synced", SYNCED)
            .await?;
        self.look(&window, "synced").await?;
        self.step(&format!(
            "sync pill: {}",
            window.text("sync-pill").await?.replace('\n', " ")
        ));

        let acknowledged = self.manager(&window, &card).await?;
        look::every_screen(&window, &self.out.join("screens")).await?;
        window.close().await?;
        let report = self.hub.report()?;
        let paper = self.printer.paper()?;
        Ok(End {
            plan: self.plan,
            report,
            acknowledged,
            numbers,
            paper,
            out: self.out,
        })
    }

    async fn open_new_till(&self, card: &HubCard) -> Result<Window> {
        let window = self.window().await?;
        window.see("enrol-hub").await?;
        self.look(&window, "enrolment").await?;
        counter::enrol(&window, &card.url, &card.enrol_code).await?;
        self.step("till enrolled");
        self.look(&window, "sign-in").await?;
        counter::sign_in_by_password(&window, &card.person("cashier")?).await?;
        window
            .expect("sync-pill", "data-state", "synced", SYNCED)
            .await?;
        self.step("cashier signed in online, catalogue loaded");
        Ok(window)
    }

    async fn sell(&self, mut window: Window, card: &HubCard) -> Result<(Window, Vec<String>)> {
        let mut numbers = Vec::new();
        for basket in &self.plan.baskets {
            let (before, after) = basket.lines.split_at(basket.interrupted_after_line);
            self.watched(&window, counter::ring_up(&window, before))
                .await?;
            if basket.interrupted_after_line > 0 {
                window = self.kill_and_return(window, basket, card).await?;
            }
            let number = self
                .watched(&window, self.finish(&window, basket, after))
                .await?;
            self.step(&format!(
                "basket {:>2}: {} lines, {}.{:02}, receipt {number}",
                basket.no,
                basket.lines.len(),
                basket.total_cents / 100,
                basket.total_cents % 100
            ));
            numbers.push(number);
        }
        Ok((window, numbers))
    }

    /// The rest of a basket, its discount and its payment.
    async fn finish(&self, window: &Window, basket: &Basket, rest: &[Line]) -> Result<String> {
        counter::ring_up(window, rest).await?;
        counter::discount(window, basket).await?;
        let pictures = (basket.no == PICTURED).then(|| self.out.join("screens"));
        if pictures.is_some() {
            let total = basket.total_cents.to_string();
            window.expect("total", "data-minor", &total, SOON).await?;
            self.look(window, "sell").await?;
        }
        let paid = counter::pay(window, basket, pictures.as_deref()).await;
        paid.with_context(|| format!("basket {}", basket.no))
    }

    /// Keeps a picture of the window when a step of the shift fails.
    async fn watched<T>(
        &self,
        window: &Window,
        step: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let done = step.await;
        if done.is_err() {
            self.look(window, "failure").await?;
        }
        done
    }

    /// SIGKILL in the middle of a basket; the same cart must be there afterwards.
    async fn kill_and_return(
        &self,
        window: Window,
        basket: &Basket,
        card: &HubCard,
    ) -> Result<Window> {
        let total = window.attribute("total", "data-minor").await?;
        let rows = window.count("[data-testid^=\"line-\"][data-item]").await?;
        ensure!(
            rows == basket.interrupted_after_line,
            "{rows} lines before the kill"
        );
        let pid = machines::till_process(&self.binary, &self.till)?;
        machines::signal(pid, "KILL")?;
        window.forget().await;
        self.step(&format!(
            "basket {:>2}: till killed with SIGKILL after {rows} lines",
            basket.no
        ));
        let window = self.window().await?;
        counter::sign_in_by_pin(&window, &card.person("cashier")?).await?;
        window.expect("total", "data-minor", &total, SOON).await?;
        let back = window.count("[data-testid^=\"line-\"][data-item]").await?;
        ensure!(back == rows, "{back} lines came back of {rows}");
        self.look(&window, "cart-after-crash").await?;
        self.step(&format!("basket {:>2}: the same cart is back", basket.no));
        Ok(window)
    }

    /// The manager signs in and sees every document acknowledged.
    async fn manager(&self, window: &Window, card: &HubCard) -> Result<usize> {
        window.touch("sign-out").await?;
        counter::sign_in_by_password(window, &card.person("manager")?).await?;
        window.touch("nav-sync").await?;
        window.see("sync-status").await?;
        window.row("[data-testid^=\"sync-row-\"]").await?;
        let selector = "[data-testid^=\"sync-row-\"][data-state=\"acknowledged\"]";
        let acknowledged = window.count(selector).await?;
        self.look(window, "sync-status").await?;
        self.step(&format!(
            "manager's sync status: {acknowledged} acknowledged"
        ));
        Ok(acknowledged)
    }

    async fn window(&self) -> Result<Window> {
        let word = |path: &Path| path.to_string_lossy().into_owned();
        let arguments = [
            "--dir".into(),
            word(&self.till),
            "--printer".into(),
            self.printer.address.clone(),
        ];
        Window::open(&self.driver_url, &self.binary, &arguments).await
    }

    async fn look(&self, window: &Window, name: &str) -> Result<()> {
        window
            .picture(&self.out.join("screens").join(format!("{name}.png")))
            .await
    }

    fn step(&self, what: &str) {
        println!("   {:>6.1} s  {what}", self.started.elapsed().as_secs_f32());
    }
}
