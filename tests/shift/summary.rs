//! The end of the shift: what the hub and the printer have, beside what the baskets say.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::story::End;

/// One row of the table: what was expected and what was found.
struct Row {
    name: &'static str,
    expected: String,
    found: String,
}

/// Prints the table and fails unless every row agrees.
pub(crate) fn compare(end: &End, took: Duration) -> Result<()> {
    let rows = rows(end);
    let line = |name: &str, expected: &str, found: &str, mark: &str| {
        println!("   {name:<22} {expected:>12} {found:>12}  {mark}");
    };
    println!();
    line("", "baskets", "hub/printer", "");
    let mut wrong = 0;
    for row in &rows {
        let agrees = row.expected == row.found;
        wrong += usize::from(!agrees);
        line(
            row.name,
            &row.expected,
            &row.found,
            if agrees { "ok" } else { "DIFFERS" },
        );
    }
    line("seconds", "", &took.as_secs().to_string(), "");
    println!("\n   screenshots: {}", end.out.join("screens").display());
    println!(
        "   receipts:    {}",
        end.out.join("printer/receipts").display()
    );
    if wrong > 0 {
        bail!("{wrong} number(s) differ");
    }
    Ok(())
}

fn rows(end: &End) -> Vec<Row> {
    let cents = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let hub = |name: &str| {
        end.report
            .get(name)
            .and_then(serde_json::Value::as_i64)
            .unwrap_or(-1)
    };
    let count = |name, expected: usize, found: i64| Row {
        name,
        expected: expected.to_string(),
        found: found.to_string(),
    };
    let sales = end.plan.baskets.len();
    let printed = end
        .numbers
        .iter()
        .filter(|number| {
            end.paper
                .iter()
                .filter(|(_, text)| text.contains(*number))
                .count()
                == 1
        })
        .count();
    vec![
        count("sales", sales, hub("sales")),
        count("lines", end.plan.lines(), hub("lines")),
        Row {
            name: "total",
            expected: cents(end.plan.total_cents()),
            found: cents(hub("total")),
        },
        Row {
            name: "tax",
            expected: cents(end.plan.tax_cents()),
            found: cents(hub("tax")),
        },
        count(
            "receipts printed",
            sales,
            i64::try_from(printed).unwrap_or(-1),
        ),
        count(
            "papers in the printer",
            sales,
            i64::try_from(end.paper.len()).unwrap_or(-1),
        ),
        count(
            "acknowledged",
            sales,
            i64::try_from(end.acknowledged).unwrap_or(-1),
        ),
        count("duplicates", 0, hub("duplicates")),
        count("quarantined", 0, hub("quarantined")),
    ]
}
