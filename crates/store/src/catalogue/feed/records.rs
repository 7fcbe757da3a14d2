//! Each kind of record goes to its table.

use evertill_core::Currency;
use evertill_protocol::{Record, RecordKind, Shop};

use super::run::Run;
use crate::catalogue::categories;
use crate::customers;
use crate::db::StoreError;
use crate::people::{credentials, users};
use crate::pricing::{price_lists, promotions, taxes};
use crate::row::{RowError, RowRejection, refused, text_id, text_name};
use crate::sales::payment_modes;
use crate::settings::{self, SHOP_SETTING};

/// Writes a record. Gives back a flaw that does not keep it from being used.
pub(super) fn upsert(run: &mut Run<'_>, record: &Record) -> Result<Option<RowRejection>, RowError> {
    let to = run.to;
    match record {
        Record::Item(item) => return run.items.upsert(item),
        Record::Price(price) => run.prices.upsert(price)?,
        Record::PriceList(list) => price_lists::put(to, list)?,
        Record::TaxRule(rule) => {
            taxes::put_rule(to, rule)?;
            run.items.tax_rule_came(rule.id.as_str());
        }
        Record::TaxTemplate(template) => {
            run.terms_changed |= taxes::put_template(to, template)?;
        }
        Record::Category(category) => categories::put(to, category)?,
        Record::Customer(customer) => customers::put(to, &mut run.customers, customer)?,
        Record::Promotion(promotion) => {
            run.terms_changed |= promotions::upsert(to, promotion)?;
        }
        Record::PaymentMode(mode) => payment_modes::put(to, mode)?,
        Record::User(user) => users::put(to, user)?,
        Record::Shop(shop) => put_shop(run, shop)?,
    }
    Ok(None)
}

/// Deletes a record, if it is there.
pub(super) fn delete(run: &mut Run<'_>, kind: RecordKind, id: &str) -> Result<(), StoreError> {
    let to = run.to;
    let sql = match kind {
        RecordKind::Item => return run.items.delete(id),
        RecordKind::Price => return run.prices.delete(id),
        RecordKind::Customer => return customers::delete(to, &mut run.customers, id),
        // A till without its shop could not print a receipt: the last one known stays.
        RecordKind::Shop => return Ok(()),
        RecordKind::User => {
            credentials::delete(to.conn, id)?;
            return users::delete(to.conn, id);
        }
        RecordKind::TaxRule => {
            run.items.tax_rule_went(id);
            "DELETE FROM tax_rules WHERE id = ?1"
        }
        RecordKind::TaxTemplate => {
            run.terms_changed = true;
            "DELETE FROM tax_templates WHERE id = ?1"
        }
        RecordKind::Promotion => {
            run.terms_changed = true;
            "DELETE FROM promotions WHERE id = ?1"
        }
        RecordKind::PriceList => "DELETE FROM price_lists WHERE id = ?1",
        RecordKind::Category => "DELETE FROM categories WHERE id = ?1",
        RecordKind::PaymentMode => "DELETE FROM payment_modes WHERE id = ?1",
    };
    to.conn.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

/// Keeps what the till had of a record that came but was refused: it does exist at the hub, so
/// the end of a snapshot must not take it for deleted.
pub(super) fn keep(run: &Run<'_>, record: &Record) -> Result<(), StoreError> {
    let table = match record {
        Record::Price(price) => return run.prices.keep(price),
        Record::Shop(_) => return Ok(()),
        Record::Item(_) => "items",
        Record::PriceList(_) => "price_lists",
        Record::TaxRule(_) => "tax_rules",
        Record::TaxTemplate(_) => "tax_templates",
        Record::Category(_) => "categories",
        Record::Customer(_) => "customers",
        Record::Promotion(_) => "promotions",
        Record::PaymentMode(_) => "payment_modes",
        Record::User(_) => "users",
    };
    run.to
        .conn
        .prepare_cached(&format!("UPDATE {table} SET generation = ?2 WHERE id = ?1"))?
        .execute((record.id(), run.to.generation))?;
    Ok(())
}

fn put_shop(run: &mut Run<'_>, shop: &Shop) -> Result<(), RowError> {
    text_name(&shop.name)?;
    text_id(shop.price_list.as_str())?;
    let currency = &shop.currency;
    Currency::new(&currency.code, &currency.symbol, currency.decimals)
        .map_err(|error| refused(&error))?;
    shop.totals_policy
        .validate()
        .map_err(|error| refused(&error))?;
    run.terms_changed |= settings::get::<Shop>(run.to.conn, SHOP_SETTING)?.as_ref() != Some(shop);
    settings::set(run.to.conn, SHOP_SETTING, shop)?;
    Ok(())
}
