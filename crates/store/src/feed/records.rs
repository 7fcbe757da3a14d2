//! One function for each kind of row: check it, then write it.

use evertill_core::Currency;
use evertill_protocol::{
    CategoryRecord, CustomerRecord, PaymentModeRecord, PriceListRecord, Record, RecordKind, Shop,
    UserRecord,
};
use rusqlite::OptionalExtension;

use super::batch::{Batch, RowError, RowRejection, refused};
use super::{SHOP_SETTING, items, prices, promotions, taxes};
use crate::error::StoreError;
use crate::{customers, settings, value};

/// Longer ids and names are no ids and names but garbage; they would not fit a screen either.
const MAX_ID: usize = 140;
pub(super) const MAX_NAME: usize = 500;

/// Writes a record. Gives back a flaw that does not keep it from being used.
pub(super) fn upsert(
    batch: &mut Batch<'_>,
    record: &Record,
) -> Result<Option<RowRejection>, RowError> {
    match record {
        Record::Item(item) => return items::upsert(batch, item),
        Record::Price(price) => prices::upsert(batch, price)?,
        Record::PriceList(list) => put_price_list(batch, list)?,
        Record::TaxRule(rule) => taxes::put_rule(batch, rule)?,
        Record::TaxTemplate(template) => taxes::put_template(batch, template)?,
        Record::Category(category) => put_category(batch, category)?,
        Record::Customer(customer) => put_customer(batch, customer)?,
        Record::Promotion(promotion) => promotions::upsert(batch, promotion)?,
        Record::PaymentMode(mode) => put_payment_mode(batch, mode)?,
        Record::User(user) => put_user(batch, user)?,
        Record::Shop(shop) => put_shop(batch, shop)?,
    }
    Ok(None)
}

/// Deletes a record, if it is there.
pub(super) fn delete(batch: &mut Batch<'_>, kind: RecordKind, id: &str) -> Result<(), StoreError> {
    let sql = match kind {
        RecordKind::Item => return items::delete(batch, id),
        RecordKind::Price => return prices::delete(batch, id),
        RecordKind::Customer => return delete_customer(batch, id),
        // A till without its shop could not print a receipt: the last one known stays.
        RecordKind::Shop => return Ok(()),
        RecordKind::User => {
            batch
                .conn
                .prepare_cached("DELETE FROM credentials WHERE user = ?1")?
                .execute([id])?;
            "DELETE FROM users WHERE id = ?1"
        }
        RecordKind::TaxRule => {
            batch.tax_rules.remove(id);
            "DELETE FROM tax_rules WHERE id = ?1"
        }
        RecordKind::TaxTemplate => {
            batch.terms_changed = true;
            "DELETE FROM tax_templates WHERE id = ?1"
        }
        RecordKind::Promotion => {
            batch.terms_changed = true;
            "DELETE FROM promotions WHERE id = ?1"
        }
        RecordKind::PriceList => "DELETE FROM price_lists WHERE id = ?1",
        RecordKind::Category => "DELETE FROM categories WHERE id = ?1",
        RecordKind::PaymentMode => "DELETE FROM payment_modes WHERE id = ?1",
    };
    batch.conn.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

/// Keeps what the till had of a record that came but was refused: it does exist at the hub, so
/// the end of a snapshot must not take it for deleted.
pub(super) fn keep(batch: &Batch<'_>, record: &Record) -> Result<(), StoreError> {
    let table = match record {
        Record::Price(price) => return prices::keep(batch, price),
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
    batch
        .conn
        .prepare_cached(&format!("UPDATE {table} SET generation = ?2 WHERE id = ?1"))?
        .execute((record.id(), batch.generation))?;
    Ok(())
}

pub(super) fn text_id(id: &str) -> Result<(), RowRejection> {
    if id.trim().is_empty() {
        return Err(RowRejection::new("id_empty", "The row has no id."));
    }
    if id.len() > MAX_ID {
        return Err(RowRejection::new(
            "id_too_long",
            format!("The id has over {MAX_ID} bytes."),
        ));
    }
    Ok(())
}

pub(super) fn text_name(name: &str) -> Result<(), RowRejection> {
    if name.trim().is_empty() {
        return Err(RowRejection::new("name_empty", "The row has no name."));
    }
    if name.len() > MAX_NAME {
        return Err(RowRejection::new(
            "name_too_long",
            format!("The name has over {MAX_NAME} bytes."),
        ));
    }
    Ok(())
}

fn put_price_list(batch: &Batch<'_>, list: &PriceListRecord) -> Result<(), RowError> {
    text_id(list.id.as_str())?;
    text_name(&list.name)?;
    batch
        .conn
        .prepare_cached(
            "INSERT INTO price_lists (id, name, generation) VALUES (?1, ?2, ?3)
             ON CONFLICT (id)
             DO UPDATE SET name = excluded.name, generation = excluded.generation",
        )?
        .execute((list.id.as_str(), &list.name, batch.generation))?;
    Ok(())
}

fn put_category(batch: &Batch<'_>, category: &CategoryRecord) -> Result<(), RowError> {
    text_id(category.id.as_str())?;
    text_name(&category.name)?;
    batch
        .conn
        .prepare_cached(
            "INSERT INTO categories (id, name, position, generation) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                 position = excluded.position, generation = excluded.generation",
        )?
        .execute((
            category.id.as_str(),
            &category.name,
            category.position,
            batch.generation,
        ))?;
    Ok(())
}

fn put_customer(batch: &mut Batch<'_>, customer: &CustomerRecord) -> Result<(), RowError> {
    text_id(customer.id.as_str())?;
    text_name(&customer.name)?;
    let serial: Option<i64> = batch
        .conn
        .prepare_cached("SELECT serial FROM customers WHERE id = ?1")?
        .query_row([customer.id.as_str()], |row| row.get(0))
        .optional()?;
    let new: i64 = batch
        .conn
        .prepare_cached(
            "INSERT INTO customers (id, name, phone, email, tax_id, customer_group, price_list,
                                    tax_category, exemption, loyalty, local, generation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
                 email = excluded.email, tax_id = excluded.tax_id,
                 customer_group = excluded.customer_group, price_list = excluded.price_list,
                 tax_category = excluded.tax_category, exemption = excluded.exemption,
                 loyalty = excluded.loyalty, local = 0, generation = excluded.generation
             RETURNING serial",
        )?
        .query_row(
            (
                customer.id.as_str(),
                &customer.name,
                &customer.phone,
                &customer.email,
                &customer.tax_id,
                &customer.group,
                &customer.price_list,
                &customer.tax_category,
                &customer.exemption,
                customer.loyalty,
                batch.generation,
            ),
            |row| row.get(0),
        )?;
    if let Some(serial) = serial {
        batch.customers.remove(serial);
    }
    batch.customers.add(new, customers::words(customer));
    Ok(())
}

fn delete_customer(batch: &mut Batch<'_>, id: &str) -> Result<(), StoreError> {
    let serial: Option<i64> = batch
        .conn
        .prepare_cached("DELETE FROM customers WHERE id = ?1 RETURNING serial")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if let Some(serial) = serial {
        batch.customers.remove(serial);
    }
    Ok(())
}

fn put_payment_mode(batch: &Batch<'_>, mode: &PaymentModeRecord) -> Result<(), RowError> {
    text_id(mode.id.as_str())?;
    text_name(&mode.name)?;
    batch
        .conn
        .prepare_cached(
            "INSERT INTO payment_modes (id, name, kind, position, generation)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
                 position = excluded.position, generation = excluded.generation",
        )?
        .execute((
            mode.id.as_str(),
            &mode.name,
            value::name("kind of payment", &mode.kind)?,
            mode.position,
            batch.generation,
        ))?;
    Ok(())
}

fn put_user(batch: &Batch<'_>, user: &UserRecord) -> Result<(), RowError> {
    text_id(user.id.as_str())?;
    text_name(&user.name)?;
    batch
        .conn
        .prepare_cached(
            "INSERT INTO users (id, name, role, disabled, has_pin, generation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role,
                 disabled = excluded.disabled, has_pin = excluded.has_pin,
                 generation = excluded.generation",
        )?
        .execute((
            user.id.as_str(),
            &user.name,
            value::name("role", &user.role)?,
            user.disabled,
            user.has_pin,
            batch.generation,
        ))?;
    Ok(())
}

fn put_shop(batch: &mut Batch<'_>, shop: &Shop) -> Result<(), RowError> {
    text_name(&shop.name)?;
    text_id(shop.price_list.as_str())?;
    let currency = &shop.currency;
    Currency::new(&currency.code, &currency.symbol, currency.decimals)
        .map_err(|error| refused(&error))?;
    if shop.totals_policy.smallest_coin.is_negative() {
        return Err(RowRejection::new("coin_negative", "The smallest coin is below 0.").into());
    }
    batch.terms_changed |= settings::get::<Shop>(batch.conn, SHOP_SETTING)?.as_ref() != Some(shop);
    settings::set(batch.conn, SHOP_SETTING, shop)?;
    Ok(())
}
