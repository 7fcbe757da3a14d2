//! `evertill-hub init`: a shop where there was none.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use console::Term;
use evertill_core::{PaymentKind, Role};
use evertill_hub::HubError;
use evertill_hub::founding::{self, Founding};
use evertill_hub::repository::{NewPerson, Repository};
use evertill_hub::system;
use evertill_protocol::{PaymentModeRecord, TaxRuleRecord, UserRecord};

use super::ask::{self, Secrets};
use super::say;

/// Where the administrator's password may stand, if it is neither typed nor in a file.
const PASSWORD_VARIABLE: &str = "EVERTILL_ADMIN_PASSWORD";

/// What the new shop is. What is not given is asked for on a terminal.
#[derive(Args)]
pub(crate) struct Init {
    /// The database file; must not have a shop in it
    #[arg(long)]
    db: PathBuf,
    /// The shop's name, as on the receipt
    #[arg(long)]
    name: Option<String>,
    /// A line of the shop's address; once for each line
    #[arg(long = "address", value_name = "LINE")]
    address: Vec<String>,
    /// The shop's tax number
    #[arg(long)]
    tax_id: Option<String>,
    /// The currency's three letters, as EUR
    #[arg(long)]
    currency: Option<String>,
    /// The currency's sign, where the usual one is not wanted
    #[arg(long)]
    currency_sign: Option<String>,
    /// Where the shop is, as Europe/Vienna; this computer's time zone unless given
    #[arg(long)]
    time_zone: Option<String>,
    /// A tax that prices include: name on the receipt and percent, as "VAT 20 %=20"
    #[arg(long = "tax", value_name = "NAME=PERCENT")]
    taxes: Vec<String>,
    /// A tax that comes on top of prices, as "Sales tax=8.25"
    #[arg(long = "tax-on-top", value_name = "NAME=PERCENT")]
    taxes_on_top: Vec<String>,
    /// A mode of payment: what its key says, and cash, card or other; Cash and Card unless given
    #[arg(long = "payment", value_name = "NAME=KIND")]
    payments: Vec<String>,
    /// Name of the price list tills sell from; Retail unless given
    #[arg(long)]
    price_list: Option<String>,
    /// Last words on the receipt
    #[arg(long)]
    footer: Option<String>,
    /// The administrator's name
    #[arg(long)]
    admin_name: Option<String>,
    /// The administrator's user name
    #[arg(long)]
    admin_user: Option<String>,
    /// File with the administrator's password and, on a second line, a PIN; `-` reads the
    /// standard input. Else it is taken from EVERTILL_ADMIN_PASSWORD, or asked for
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Makes the shop, and says what to do next.
pub(crate) fn init(options: &Init) -> anyhow::Result<()> {
    let db = options.db.display().to_string();
    let there = options.db.is_file();
    if there && Repository::open(&options.db)?.shop()?.is_some() {
        bail!("There is a shop in {db} already; it stays as it is. Name another file with --db.");
    }
    let term = ask::terminal();
    let shop = match &term {
        Some(term) => {
            term.write_line("A new shop. Enter takes what is in brackets.")?;
            asked(options, term)?
        }
        None => given(options)?,
    };
    let repository = Repository::open(&options.db)?;
    match repository.found(&shop) {
        Err(HubError::ShopExists) => {
            bail!("There is a shop in {db} already; it stays as it is.")
        }
        founded => founded?,
    }
    let user = &shop.administrator.user.id;
    say(&format!("“{}” is in {db}. Next:", shop.name))?;
    say(&format!(
        "  evertill-hub import --db {db} FILE…   items, prices, customers, people"
    ))?;
    say(&format!(
        "  evertill-hub serve --db {db}          for the tills"
    ))?;
    say(&format!(
        "  evertill-hub enrol-code --db {db}     a code for one till; {user} signs in there"
    ))
}

/// The shop from the options alone; names everything that is missing at once.
fn given(options: &Init) -> anyhow::Result<Founding> {
    let secrets = secrets(options)?;
    let missing: Vec<&str> = [
        ("--name", options.name.is_none()),
        ("--currency", options.currency.is_none()),
        (
            "--tax or --tax-on-top",
            options.taxes.is_empty() && options.taxes_on_top.is_empty(),
        ),
        ("--admin-name", options.admin_name.is_none()),
        ("--admin-user", options.admin_user.is_none()),
        ("--password-file", secrets.is_none()),
    ]
    .into_iter()
    .filter_map(|(option, missing)| missing.then_some(option))
    .collect();
    let Some(secrets) = secrets.filter(|_| missing.is_empty()) else {
        bail!(
            "Without a terminal to ask at, init also needs {}.",
            missing.join(", ")
        );
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut shop = Founding {
        name: not_empty(&text(&options.name)).map_err(refused("--name"))?,
        address_lines: options.address.clone(),
        tax_id: text(&options.tax_id),
        currency: founding::currency(&text(&options.currency)).map_err(refused("--currency"))?,
        time_zone: zone(options).map_err(refused("--time-zone"))?,
        price_list: listed(options.price_list.as_deref().unwrap_or("Retail"))
            .map_err(refused("--price-list"))?,
        receipt_footer: text(&options.footer),
        taxes: taxes(options)?,
        payment_modes: payments(options)?,
        administrator: administrator(
            &not_empty(&text(&options.admin_name)).map_err(refused("--admin-name"))?,
            &not_empty(&text(&options.admin_user)).map_err(refused("--admin-user"))?,
            secrets,
        ),
    };
    sign(&mut shop, options);
    Ok(shop)
}

/// The shop from a conversation, in which the options are the answers offered.
fn asked(options: &Init, term: &Term) -> anyhow::Result<Founding> {
    let offer = |value: &Option<String>, otherwise: &str| {
        value.clone().unwrap_or_else(|| otherwise.to_owned())
    };
    let any = |typed: &str| Ok::<_, String>(typed.to_owned());
    let name = ask::ask(
        term,
        "Shop name, as on the receipt",
        &offer(&options.name, ""),
        not_empty,
    )?;
    let address_lines = if options.address.is_empty() {
        ask::ask_list(term, "Address line (empty: no more)", any)?
    } else {
        options.address.clone()
    };
    let tax_id = ask::ask(
        term,
        "Tax number (empty: none)",
        &offer(&options.tax_id, ""),
        any,
    )?;
    let currency = ask::ask(
        term,
        "Currency, three letters",
        &offer(&options.currency, "EUR"),
        founding::currency,
    )?;
    let time_zone = ask::ask(
        term,
        "Time zone",
        &offer(&options.time_zone, &system::time_zone()),
        founding::time_zone,
    )?;
    let taxes = match taxes(options)? {
        given if given.is_empty() => ask_taxes(term)?,
        given => given,
    };
    let payment_modes = ask_payments(options, term)?;
    let price_list = ask::ask(
        term,
        "Price list",
        &offer(&options.price_list, "Retail"),
        listed,
    )?;
    let receipt_footer = ask::ask(
        term,
        "Last words on the receipt (empty: none)",
        &offer(&options.footer, ""),
        any,
    )?;
    let administrator = ask_administrator(options, term)?;
    let mut shop = Founding {
        name,
        address_lines,
        tax_id,
        currency,
        time_zone,
        price_list,
        receipt_footer,
        taxes,
        payment_modes,
        administrator,
    };
    sign(&mut shop, options);
    Ok(shop)
}

fn ask_payments(options: &Init, term: &Term) -> anyhow::Result<Vec<PaymentModeRecord>> {
    let payment_modes = payments(options)?;
    let keys: Vec<&str> = payment_modes
        .iter()
        .map(|mode| mode.name.as_str())
        .collect();
    ask::ask(
        term,
        "Modes of payment, as Cash=cash, Card=card, Voucher=other",
        &keys.join(", "),
        |typed| {
            if typed == keys.join(", ") {
                return Ok(payment_modes.clone());
            }
            let parts = (0_u32..).zip(typed.split(','));
            parts.map(|(at, text)| payment(text, at)).collect()
        },
    )
}

fn ask_administrator(options: &Init, term: &Term) -> anyhow::Result<NewPerson> {
    term.write_line("The administrator, who may do everything:")?;
    let admin = ask::ask(
        term,
        "Their name",
        options.admin_name.as_deref().unwrap_or_default(),
        not_empty,
    )?;
    let user = ask::ask(
        term,
        "Their user name",
        options
            .admin_user
            .as_deref()
            .unwrap_or(&founding::slug(&admin)),
        not_empty,
    )?;
    let secrets = match secrets(options)? {
        Some(secrets) => secrets,
        None => ask::ask_secrets(term)?,
    };
    Ok(administrator(&admin, &user, secrets))
}

fn ask_taxes(term: &Term) -> anyhow::Result<Vec<TaxRuleRecord>> {
    let included = ask::ask(
        term,
        "Do your prices include the tax? (yes/no)",
        "yes",
        |typed| match typed.to_lowercase().as_str() {
            "yes" | "y" => Ok(true),
            "no" | "n" => Ok(false),
            _ => Err("yes or no?".to_owned()),
        },
    )?;
    loop {
        let taxes = ask::ask_list(
            term,
            "Tax: name on the receipt = percent, as VAT 20 % = 20 (empty: no more)",
            |typed| tax(typed, included),
        )?;
        if !taxes.is_empty() {
            return Ok(taxes);
        }
        term.write_line("  an item needs a tax; where there is none, write No tax = 0")?;
    }
}

/// A currency's own sign, where one was asked for.
fn sign(shop: &mut Founding, options: &Init) {
    if let Some(sign) = &options.currency_sign {
        shop.currency.symbol.clone_from(sign);
    }
}

fn secrets(options: &Init) -> anyhow::Result<Option<Secrets>> {
    if let Some(file) = &options.password_file {
        return ask::read_secrets(file).map(Some);
    }
    let Ok(password) = std::env::var(PASSWORD_VARIABLE) else {
        return Ok(None);
    };
    let secrets = ask::checked(password, String::new());
    secrets.map(Some).map_err(refused(PASSWORD_VARIABLE))
}

fn administrator(name: &str, user: &str, secrets: Secrets) -> NewPerson {
    NewPerson {
        user: UserRecord {
            id: user.into(),
            name: name.to_owned(),
            role: Role::Administrator,
            disabled: false,
            has_pin: secrets.pin.is_some(),
        },
        password: secrets.password,
        pin: secrets.pin,
    }
}

fn zone(options: &Init) -> Result<String, String> {
    match &options.time_zone {
        Some(zone) => founding::time_zone(zone),
        None => Ok(system::time_zone()),
    }
}

fn taxes(options: &Init) -> anyhow::Result<Vec<TaxRuleRecord>> {
    let included = options.taxes.iter().map(|text| (text, true));
    let on_top = options.taxes_on_top.iter().map(|text| (text, false));
    let taxes = included
        .chain(on_top)
        .map(|(text, inclusive)| tax(text, inclusive));
    let taxes: Vec<_> = taxes.collect::<Result<_, _>>().map_err(refused("--tax"))?;
    let ids: std::collections::BTreeSet<_> = taxes.iter().map(|tax| tax.id.as_str()).collect();
    if ids.len() < taxes.len() {
        bail!("--tax: two taxes have the same name.");
    }
    Ok(taxes)
}

fn tax(text: &str, inclusive: bool) -> Result<TaxRuleRecord, String> {
    let Some((name, rate)) = text.rsplit_once('=') else {
        return Err(format!("“{text}” has no rate: write it as VAT 20 % = 20"));
    };
    founding::tax(name, rate.trim(), inclusive)
}

fn payments(options: &Init) -> anyhow::Result<Vec<PaymentModeRecord>> {
    let usual = ["Cash=cash".to_owned(), "Card=card".to_owned()];
    let given = if options.payments.is_empty() {
        &usual[..]
    } else {
        &options.payments
    };
    let modes = (0_u32..).zip(given).map(|(at, text)| payment(text, at));
    modes
        .collect::<Result<_, _>>()
        .map_err(refused("--payment"))
}

fn payment(text: &str, position: u32) -> Result<PaymentModeRecord, String> {
    let (name, kind) = text.rsplit_once('=').unwrap_or((text, text));
    let (name, kind) = (name.trim(), kind.trim().to_lowercase());
    let kind = match kind.as_str() {
        "cash" => PaymentKind::Cash,
        "card" => PaymentKind::Card,
        "other" => PaymentKind::Other,
        _ => {
            return Err(format!(
                "“{}” does not say what it is: write {name}=cash, {name}=card or {name}=other",
                text.trim()
            ));
        }
    };
    Ok(PaymentModeRecord {
        id: founding::slug(name).into(),
        name: listed(name)?,
        kind,
        position,
    })
}

/// A name that an id can be made of.
fn listed(name: &str) -> Result<String, String> {
    if founding::slug(name).is_empty() {
        return Err("a name has letters or digits".to_owned());
    }
    Ok(name.trim().to_owned())
}

fn not_empty(typed: &str) -> Result<String, String> {
    if typed.trim().is_empty() {
        return Err("this cannot be empty".to_owned());
    }
    Ok(typed.trim().to_owned())
}

fn refused(option: &str) -> impl Fn(String) -> anyhow::Error + '_ {
    move |why| anyhow::anyhow!("{option}: {why}")
}
