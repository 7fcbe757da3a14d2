//! Ringing up the baskets of a data set, through the same commands the window gives.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use evertill_app::types::{
    CartView, ChargeView, DiscountInput, DiscountKind, DoneView, EditLineRequest, EnrolTillRequest,
    Nothing, PayRequest, Phase, ScanRequest, SecretKind, SetDiscountRequest, SignInRequest,
    SyncState, SyncView, TenderInput, TillState,
};
use evertill_app::{Till, TillConfig};
use evertill_core::PaymentKind;
use evertill_tillctl::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::files::{self, Basket, Line, LineKind, Lines, Product};
use crate::local::{self, ConnectLocal, LocalShop};
use crate::progress::{Pace, Progress};
use crate::sums::Sums;
use crate::throw_away::ThrowAway;

/// How long the catalogue may take to load, and the hub to take everything at the end.
const PATIENCE: Duration = Duration::from_secs(600);

/// Which baskets, on which till.
#[derive(Debug, Args)]
pub struct Options {
    /// Folder with `products.csv`, `baskets.csv` and `lines.csv`; see demo/README.md.
    #[arg(long)]
    data: PathBuf,
    /// `shop.json` with currency and tax rules; the one in the data folder when left out.
    #[arg(long)]
    shop: Option<PathBuf>,
    /// Ring up the first so many baskets only.
    #[arg(long)]
    limit: Option<usize>,
    /// Folder of the till's store; a temporary one, removed at the end, when left out.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Keep the store's secret in this file and not in the keyring. For throw-away folders of tests
    /// and long checks only: whoever reads the file can read the store.
    #[arg(long, requires = "dir")]
    secret_file: Option<PathBuf>,
    /// Enrol at this hub and send it everything; without it the till has no hub.
    #[arg(long, requires = "code")]
    hub: Option<String>,
    /// The hub's single-use enrolment code.
    #[arg(long, requires = "hub")]
    code: Option<String>,
    /// Who rings up at a hub; needs a role that may sell at another price than the list's.
    #[arg(long, default_value = local::USER)]
    user: String,
    /// File with the password of `--user`, on its first line.
    #[arg(long)]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    pace: Pace,
}

/// A till that rings up.
struct Counter {
    till: Till,
    shelf: HashMap<String, (String, i64)>,
    /// The shop's mode of payment for notes and coins, known with the first basket.
    cash: OnceCell<String>,
}

/// Rings up, compares, prints the sums.
///
/// # Errors
/// A basket differs, the files are not what demo/README.md says, or the till or the hub refuses.
pub async fn replay(options: Options) -> Result<()> {
    let products = files::products(&options.data)?;
    let mut baskets = files::baskets(&options.data)?;
    baskets.truncate(options.limit.unwrap_or(usize::MAX));
    let throw_away = match options.dir {
        Some(_) => None,
        None => Some(ThrowAway::new()?),
    };
    let config = config(&options, throw_away.as_ref(), &products)?;
    let till = Till::start(config).await?;
    let outcome = run(&till, &options, &products, &baskets).await;
    till.shutdown().await;
    drop(till);
    drop(throw_away);
    let sums = outcome?;
    print!("{sums}");
    ensure!(
        sums.agrees(),
        "{} baskets differ from the data set",
        sums.differ.len()
    );
    Ok(())
}

fn config(
    options: &Options,
    throw_away: Option<&ThrowAway>,
    products: &[Product],
) -> Result<TillConfig> {
    let mut config = match (throw_away, &options.dir) {
        (Some(folder), _) => folder.config(),
        (None, Some(dir)) => Place {
            dir: dir.clone(),
            secret_file: options.secret_file.clone(),
        }
        .config(),
        (None, None) => bail!("no folder for the till"),
    };
    if options.hub.is_none() {
        let path = options
            .shop
            .clone()
            .unwrap_or_else(|| options.data.join("shop.json"));
        let shop = files::shop(&path)?;
        let shop = LocalShop::new(&shop, products, Arc::clone(&config.clock))?;
        config.connect = Arc::new(ConnectLocal(Arc::new(shop)));
    }
    Ok(config)
}

async fn run(
    till: &Till,
    options: &Options,
    products: &[Product],
    baskets: &[Basket],
) -> Result<Sums> {
    enrol(till, options).await?;
    let expected = u64::try_from(products.len()).unwrap_or(u64::MAX);
    let items = if options.hub.is_none() { expected } else { 1 };
    load(till, items, options.pace).await?;
    sign_in(till, options).await?;
    let counter = Counter::new(till, products);
    let mut lines = Lines::open(&options.data)?;
    let count = u64::try_from(baskets.len()).unwrap_or(u64::MAX);
    let mut progress = Progress::new(options.pace, count, "baskets");
    let mut sums = Sums::default();
    for basket in baskets {
        let lines = lines.of(basket)?;
        counter
            .ring_up(basket, &lines, &mut sums)
            .await
            .with_context(|| format!("basket {}", basket.basket_id))?;
        progress.one_more();
    }
    progress.finish();
    if options.hub.is_some() {
        sums.acknowledged = Some(wait_for_hub(till, options.pace).await?);
    }
    let support = till.support();
    sums.journal = Some(tokio::task::spawn_blocking(move || support.verify_journal()).await??);
    Ok(sums)
}

async fn call<Q: Serialize, A: DeserializeOwned>(
    till: &Till,
    name: &str,
    request: &Q,
) -> Result<A> {
    let answer = till.dispatch(name, serde_json::to_value(request)?).await?;
    Ok(serde_json::from_value(answer)?)
}

async fn enrol(till: &Till, options: &Options) -> Result<()> {
    let state: TillState = call(till, "till.state", &Nothing {}).await?;
    if state.phase != Phase::NeedsEnrolment {
        return Ok(());
    }
    let request = EnrolTillRequest {
        hub_url: options
            .hub
            .clone()
            .unwrap_or_else(|| "http://localhost".to_owned()),
        code: options.code.clone().unwrap_or_else(|| "LOCAL".to_owned()),
        till_name: "Replay".to_owned(),
    };
    let _: TillState = call(till, "enrolment.enrol", &request).await?;
    Ok(())
}

/// Waits until so many items can be sold and no load is under way.
async fn load(till: &Till, items: u64, pace: Pace) -> Result<()> {
    let mut progress = Progress::new(pace, 0, "records");
    let waited = tokio::time::timeout(PATIENCE, async {
        loop {
            let state: TillState = call(till, "till.state", &Nothing {}).await?;
            match state.catalogue.loading {
                None if state.catalogue.items >= items => return anyhow::Ok(()),
                None => {}
                Some(loading) => progress.set(loading.done, loading.total),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    waited
        .await
        .context("the catalogue did not load in time")??;
    progress.finish_and_clear();
    Ok(())
}

async fn sign_in(till: &Till, options: &Options) -> Result<()> {
    let secret = match &options.password_file {
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            text.lines().next().unwrap_or_default().to_owned()
        }
        // A till by itself has no hub to ask for passwords.
        None if options.hub.is_none() => local::USER.to_owned(),
        None => bail!("give the password of {} with --password-file", options.user),
    };
    let user_id = if options.hub.is_some() {
        options.user.clone()
    } else {
        local::USER.to_owned()
    };
    let request = SignInRequest {
        user_id,
        secret,
        kind: SecretKind::Password,
    };
    let _: TillState = call(till, "session.sign_in", &request).await?;
    Ok(())
}

impl Counter {
    fn new(till: &Till, products: &[Product]) -> Self {
        let shelf = products
            .iter()
            .map(|p| (p.product_id.clone(), (p.barcode.clone(), p.price_cents)))
            .collect();
        Self {
            till: till.clone(),
            shelf,
            cash: OnceCell::new(),
        }
    }

    /// Asks what is due, as the window does, and finds the mode for cash.
    async fn cash(&self) -> Result<String> {
        if let Some(mode) = self.cash.get() {
            return Ok(mode.clone());
        }
        let charge: ChargeView = call(&self.till, "checkout.prepare", &Nothing {}).await?;
        let mode = charge
            .modes
            .into_iter()
            .find(|mode| mode.kind == PaymentKind::Cash);
        let mode = mode.context("the shop takes no cash")?.id;
        Ok(self.cash.get_or_init(|| mode).clone())
    }

    async fn cart<Q: Serialize>(&self, name: &str, request: &Q) -> Result<CartView> {
        call(&self.till, name, request).await
    }

    /// Rings one basket up, pays it in cash and adds it to the sums.
    async fn ring_up(&self, basket: &Basket, lines: &[Line], sums: &mut Sums) -> Result<()> {
        if basket.items == 0 {
            sums.empty += 1;
            return Ok(());
        }
        let mut cart = self.empty_cart().await?;
        for line in lines.iter().filter(|line| line.kind == LineKind::Item) {
            cart = self.item(line).await?;
        }
        let coupons: i64 = lines
            .iter()
            .filter(|line| line.kind == LineKind::Coupon)
            .map(Line::off)
            .sum();
        if coupons > 0 {
            let discount = amount(coupons);
            cart = self
                .cart("sell.set_discount", &SetDiscountRequest { discount })
                .await?;
        }
        let done = self.pay(&cart).await?;
        sums.add(basket, &cart, &done);
        Ok(())
    }

    /// A cart that an interrupted replay left behind is begun again.
    async fn empty_cart(&self) -> Result<CartView> {
        let cart = self.cart("sell.cart", &Nothing {}).await?;
        if cart.lines.is_empty() {
            return Ok(cart);
        }
        self.cart("sell.clear", &Nothing {}).await
    }

    /// Scans an article and makes its line what the data set says.
    async fn item(&self, sold: &Line) -> Result<CartView> {
        let (barcode, price) = self
            .shelf
            .get(&sold.product_id)
            .with_context(|| format!("product {} is not in products.csv", sold.product_id))?;
        let scan = ScanRequest {
            code: barcode.clone(),
        };
        let cart = self.cart("sell.scan", &scan).await?;
        let line = cart.changed_line.context("the scan changed no line")?;
        let edit = EditLineRequest {
            line,
            quantity: (sold.quantity != "1").then(|| sold.quantity.clone()),
            price: (sold.unit_price_cents != *price).then(|| decimal(sold.unit_price_cents)),
            discount: (sold.off() > 0).then(|| amount(sold.off())),
        };
        if edit.quantity.is_none() && edit.price.is_none() && edit.discount.is_none() {
            return Ok(cart);
        }
        self.cart("sell.edit_line", &edit).await
    }

    /// Pays with the next note of five or more, so that there is change to give.
    async fn pay(&self, cart: &CartView) -> Result<DoneView> {
        let total = cart.total.minor;
        let handed = total + (500 - total % 500) % 500;
        let mut tenders = Vec::new();
        if handed > 0 {
            tenders.push(TenderInput {
                mode: self.cash().await?,
                amount: decimal(handed),
            });
        }
        let request = PayRequest {
            cart_id: cart.id.clone(),
            expected_total_minor: total,
            tenders,
        };
        let done: DoneView = call(&self.till, "checkout.pay", &request).await?;
        ensure!(done.change.minor == handed - total, "the change is wrong");
        Ok(done)
    }
}

fn amount(cents: i64) -> DiscountInput {
    DiscountInput {
        kind: DiscountKind::Amount,
        value: decimal(cents),
    }
}

/// Cents, none negative, as a person types them.
fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// Waits until the hub has everything, and answers how many documents it has.
async fn wait_for_hub(till: &Till, pace: Pace) -> Result<u64> {
    let mut progress = Progress::new(pace, 0, "documents sent to the hub");
    let mut most = 0;
    let waited = tokio::time::timeout(PATIENCE, async {
        loop {
            let sync: SyncView = call(till, "sync.status", &Nothing {}).await?;
            ensure!(
                sync.attention == 0,
                "{} documents need attention",
                sync.attention
            );
            if sync.waiting == 0 && sync.state == SyncState::Synced {
                return anyhow::Ok(());
            }
            most = most.max(sync.waiting);
            progress.set(most - sync.waiting, most);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    waited
        .await
        .context("the hub did not take everything in time")??;
    progress.finish_and_clear();
    let support = till.support();
    let about = tokio::task::spawn_blocking(move || support.about()).await??;
    Ok(about.acknowledged)
}
