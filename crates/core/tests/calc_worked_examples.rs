//! Worked examples an accountant can check with a pencil. They are written to
//! `docs/worked-examples.md`; a difference there is a difference in money.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

use evertill_core::calc::{
    Arithmetic, ChargeType, DiscountOn, Document, DocumentDiscount, DocumentTotals, Line, Original,
    Payment, Settings, TaxRow, Wanted, calculate, plan_return,
};
use evertill_core::pricing::{
    Basket, BasketLine, Benefit, Effect, PricedLine, PricingContext, Promotion, Promotions,
    Selector,
};
use expect_test::expect_file;
use rust_decimal::Decimal;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

struct Example {
    title: &'static str,
    note: &'static str,
    document: Document,
    names: Vec<&'static str>,
}

/// A line: name, quantity, price, its own rates by account.
type Sold = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

fn example(
    title: &'static str,
    note: &'static str,
    currency: &str,
    sold: &[Sold],
    taxes: Vec<TaxRow>,
) -> Example {
    let lines = sold.iter().map(|(_, qty, rate, own)| Line {
        qty: number(qty),
        rate: Some(number(rate)),
        item_tax_rates: own
            .iter()
            .map(|(name, rate)| ((*name).to_owned(), number(rate)))
            .collect(),
        ..Line::default()
    });
    Example {
        title,
        note,
        document: Document {
            currency: currency.to_owned(),
            company_currency: currency.to_owned(),
            lines: lines.collect(),
            taxes,
            ..Document::default()
        },
        names: sold.iter().map(|(name, ..)| *name).collect(),
    }
}

fn tax(account: &str, rate: &str, included: bool) -> TaxRow {
    TaxRow {
        account: account.to_owned(),
        rate: number(rate),
        included,
        ..TaxRow::default()
    }
}

fn cash(amount: &str) -> Option<Vec<Payment>> {
    let mode_of_payment = "Cash".to_owned();
    Some(vec![Payment {
        mode_of_payment,
        is_cash: true,
        amount: number(amount),
    }])
}

fn german() -> Example {
    let mut example = example(
        "German receipt, 7 % and 19 % included",
        "Shelf prices hold the tax. Food at 7 %, the rest at 19 %: the line's own rate goes before \
         the row's. Net of the bread: 3.49 / 1.07 = 3.26.",
        "EUR",
        &[
            ("Bread", "1", "3.49", &[("VAT", "7")]),
            ("Apples, kg", "0.846", "2.99", &[("VAT", "7")]),
            ("Detergent", "2", "4.95", &[]),
            ("Batteries", "1", "7.99", &[]),
        ],
        vec![tax("VAT", "19", true)],
    );
    example.document.payments = cash("50");
    example
}

fn american() -> Example {
    example(
        "US sales tax, food exempt",
        "Prices are without tax; 8.875 % comes on top of what is taxed. Food has a rate of 0.",
        "USD",
        &[
            ("Milk", "1", "3.79", &[("Sales Tax", "0")]),
            ("Socks", "3", "5.99", &[]),
            ("Lamp", "1", "34.50", &[]),
        ],
        vec![tax("Sales Tax", "8.875", false)],
    )
}

fn indian() -> Example {
    example(
        "Indian GST, split into CGST and SGST",
        "18 % is booked as 9 % and 9 %, 5 % as 2.5 % and 2.5 %; both halves are charged on the net.",
        "INR",
        &[
            ("Kettle", "1", "1499.00", &[]),
            (
                "Tea, kg",
                "0.5",
                "640.00",
                &[("CGST", "2.5"), ("SGST", "2.5")],
            ),
        ],
        vec![tax("CGST", "9", false), tax("SGST", "9", false)],
    )
}

fn quebec() -> Example {
    let qst = TaxRow {
        charge_type: ChargeType::OnPreviousRowTotal,
        row_id: Some(1),
        ..tax("QST", "9.5", false)
    };
    example(
        "Compound tax, Quebec style",
        "The second tax is charged on the price with the first: 9.5 % of 105.00 is 9.98 (9.975).",
        "CAD",
        &[("Jacket", "1", "100.00", &[])],
        vec![tax("GST", "5", false), qst],
    )
}

fn swiss() -> Example {
    let mut example = example(
        "Swiss rounding to 0.05",
        "There is no coin below 0.05: 33.58 becomes 33.60 and the 0.02 is its own line.",
        "CHF",
        &[
            ("Cheese, kg", "0.412", "28.60", &[("MWST", "2.6")]),
            ("Pan", "1", "21.80", &[]),
        ],
        vec![tax("MWST", "8.1", true)],
    );
    example.document.settings.smallest_currency_fraction = number("0.05");
    example.document.payments = cash("50");
    example
}

fn kuwaiti() -> Example {
    let mut example = example(
        "Kuwaiti dinar, three decimals, 7.5 % off the whole",
        "A dinar has 1000 fils. The discount of 1.063 is spread over the lines in proportion; \
         the smallest coin is 5 fils.",
        "KWD",
        &[
            ("Dates, kg", "1.250", "3.375", &[]),
            ("Coffee pot", "1", "9.950", &[]),
        ],
        vec![],
    );
    example.document.settings.currency_precision = 3;
    example.document.settings.smallest_currency_fraction = number("0.005");
    example.document.discount = DocumentDiscount {
        percentage: number("7.5"),
        ..DocumentDiscount::default()
    };
    example
}

fn japanese() -> Example {
    let mut example = example(
        "Japanese reduced rate, no decimals",
        "10 % included, 8 % for food. Everything is whole yen, the tax too.",
        "JPY",
        &[
            ("Rice ball", "3", "138", &[("Tax", "8")]),
            ("Umbrella", "1", "715", &[]),
        ],
        vec![tax("Tax", "10", true)],
    );
    example.document.settings.currency_precision = 0;
    example.document.settings.smallest_currency_fraction = Decimal::ONE;
    example
}

fn deposit() -> Example {
    let bottles = TaxRow {
        charge_type: ChargeType::OnItemQuantity,
        ..tax("Deposit", "0", false)
    };
    example(
        "Deposit bottles",
        "0.25 a bottle comes on top of the price, and no tax on the deposit here. Only lines whose \
         own rates name the deposit carry it; empty bottles come back as a negative quantity.",
        "EUR",
        &[
            ("Water", "12", "0.59", &[("Deposit", "0.25")]),
            ("Crisps", "1", "1.99", &[]),
            ("Empty bottles", "-4", "0.00", &[("Deposit", "0.25")]),
        ],
        vec![tax("VAT", "19", true), bottles],
    )
}

fn net_discount() -> Example {
    let mut example = example(
        "An amount off the net total",
        "10.00 off before tax: 6.67 of the larger line and 3.33 of the smaller, then tax on what \
         is left.",
        "EUR",
        &[("Table", "1", "200.00", &[]), ("Chair", "1", "100.00", &[])],
        vec![tax("VAT", "20", false)],
    );
    example.document.discount = DocumentDiscount {
        on: DiscountOn::NetTotal,
        amount: number("10"),
        ..DocumentDiscount::default()
    };
    example
}

/// An amount with the decimals of the document.
fn money(value: Decimal, settings: &Settings) -> String {
    let mut value = value;
    value.rescale(settings.currency_precision);
    value.to_string()
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn render(example: &Example, totals: &DocumentTotals) -> String {
    let settings = &example.document.settings;
    let show = |value: Decimal| money(value, settings);
    let mut text = format!("## {}\n\n{}\n\n", example.title, example.note);
    text.push_str(&format!(
        "All amounts in {}.\n\n",
        example.document.currency
    ));
    text.push_str("| line | quantity | price | amount | net |\n|---|---:|---:|---:|---:|\n");
    for ((name, line), input) in example
        .names
        .iter()
        .zip(&totals.lines)
        .zip(&example.document.lines)
    {
        text.push_str(&row(&[
            (*name).to_owned(),
            input.qty.to_string(),
            show(line.rate),
            show(line.amount),
            show(line.net_amount),
        ]));
    }
    if !totals.taxes.is_empty() {
        text.push_str("\n| charge | rate | on | amount |\n|---|---:|---:|---:|\n");
    }
    for (input, charge) in example.document.taxes.iter().zip(&totals.taxes) {
        let is_percent = input.charge_type != ChargeType::OnItemQuantity;
        for share in &charge.by_rate {
            text.push_str(&row(&[
                input.account.clone(),
                format!("{}{}", share.rate, if is_percent { " %" } else { " each" }),
                if is_percent {
                    show(share.taxable_amount)
                } else {
                    String::new()
                },
                show(share.tax_amount),
            ]));
        }
    }
    text.push_str("\n| | |\n|---|---:|\n");
    let mut total = |name: &str, value: Decimal| {
        text.push_str(&row(&[name.to_owned(), show(value)]));
    };
    total("lines", totals.total);
    if !totals.discount_amount.is_zero() {
        total("discount", -totals.discount_amount);
    }
    total("net total", totals.net_total);
    total("charges", totals.total_taxes_and_charges);
    if !totals.included_difference.is_zero() {
        total("difference to the shelf prices", totals.included_difference);
    }
    total("**total**", totals.grand_total);
    if !totals.rounding_adjustment.is_zero() {
        total("rounding", totals.rounding_adjustment);
        total("**to pay**", totals.rounded_total);
    }
    if let Some(payment) = &totals.payment {
        total("paid", payment.paid_amount);
        total("change", payment.change_amount);
    }
    text.push('\n');
    text
}

/// Three coffees with a promotion that takes one for nothing.
fn three_coffees(price: Decimal) -> PricedLine {
    let coffee = Selector::items(["coffee"]);
    let effect = Effect::BuyGet {
        buy: coffee.clone(),
        buy_units: 2,
        get: coffee,
        get_units: 1,
        benefit: Benefit::Free,
        repeats: None,
    };
    let promotions = Promotions::new([Promotion::new("1", "Buy 3, pay 2", effect)]);
    let line = BasketLine {
        item: "coffee".to_owned(),
        name: "Coffee".to_owned(),
        qty: 3.into(),
        price,
        ..BasketLine::default()
    };
    let basket = Basket {
        lines: vec![line],
        coupons: Vec::new(),
    };
    let context = PricingContext::at(jiff::civil::date(2026, 11, 23).at(10, 0, 0, 0));
    promotions.price(&basket, &context).lines.remove(0)
}

fn buy_three_pay_two() -> String {
    let price = number("4.99");
    let priced = three_coffees(price);
    let own = Line {
        item_tax_rates: vec![("VAT".to_owned(), 7.into())],
        ..Line::default()
    };
    let mut sale = example(
        "Buy 3, pay 2, across a return",
        "The free one is spread over all three, so that whichever comes back refunds its share: \
         9.98 / 3 is 3.326…, hence two at 3.33 and one at 3.32. Returned one by one they refund \
         what was paid, to the cent.",
        "EUR",
        &[],
        vec![tax("VAT", "19", true)],
    );
    sale.document.lines = priced.document_lines(&own, price);
    sale.names = vec!["Coffee"; sale.document.lines.len()];
    let totals = calculate(&sale.document, None, Arithmetic::Exact).unwrap();
    let mut text = render(&sale, &totals);
    text.push_str(&format!("On the line: {}\n\n", priced.why.join("; ")));
    text.push_str("| return | refund | of which tax |\n|---|---:|---:|\n");
    let mut original = Original::of(&sale.document, &totals);
    for (name, row_of_sale) in [("first", 2), ("second", 1), ("third", 1)] {
        let wanted = [Wanted {
            row: row_of_sale,
            qty: Decimal::ONE,
        }];
        let back = plan_return(
            &sale.document,
            &original,
            &wanted,
            "Round Off",
            Arithmetic::Exact,
        )
        .unwrap();
        text.push_str(&row(&[
            name.to_owned(),
            money(back.refund, &sale.document.settings),
            money(
                -back.totals.total_taxes_and_charges,
                &sale.document.settings,
            ),
        ]));
        original.take_back(&back.document, &back.totals);
    }
    assert_eq!(original.refunded(), totals.due());
    text.push_str(&row(&[
        "together".to_owned(),
        money(original.refunded(), &sale.document.settings),
        String::new(),
    ]));
    text
}

#[test]
fn worked_examples_come_out_as_written() {
    let mut text = "# Worked examples\n\nCalculated by the engine, in exact decimals; ERPNext's \
                    arithmetic gives the same. [calculation.md](calculation.md) explains the \
                    steps.\n\n"
        .to_owned();
    let examples = [
        german(),
        american(),
        indian(),
        quebec(),
        swiss(),
        kuwaiti(),
        japanese(),
        deposit(),
        net_discount(),
    ];
    for example in examples {
        let totals = calculate(&example.document, None, Arithmetic::Exact).unwrap();
        let erpnext = calculate(&example.document, None, Arithmetic::Erpnext).unwrap();
        assert_eq!(totals.due(), erpnext.due(), "{}", example.title);
        assert_eq!(totals.net_total, erpnext.net_total, "{}", example.title);
        text.push_str(&render(&example, &totals));
    }
    text.push_str(&buy_three_pay_two());
    expect_file!["../../../docs/worked-examples.md"].assert_eq(&text);
}
