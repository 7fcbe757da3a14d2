//! `evertill-hub report`.

use evertill_hub::repository::Repository;

use super::say;

/// Says what was posted, added up.
pub(crate) fn report(repository: &Repository, json: bool, sales: bool) -> anyhow::Result<()> {
    let report = repository.report(sales)?;
    if json {
        return say(&serde_json::to_string(&report)?);
    }
    // The field names of the JSON are the labels, so that both always say the same.
    if let serde_json::Value::Object(fields) = serde_json::to_value(&report)? {
        for (name, value) in fields.iter().filter(|(_, value)| value.is_number()) {
            say(&format!("{:<17} {value:>14}", name.replace('_', " ")))?;
        }
    }
    for sale in report.sales_list.unwrap_or_default() {
        say(&format!(
            "{}  {}  {:>3} lines  {:>12}",
            sale.number, sale.business_date, sale.lines, sale.total
        ))?;
    }
    Ok(())
}
