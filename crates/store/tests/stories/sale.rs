//! A sale is there whole or not at all, and its numbers have no gaps.

use evertill_core::{CartCustomer, CheckoutError, Coded, Discount, Invoice, Money};
use evertill_store::{OutboxFilter, OutboxState, PrintResult, PrintState, StoreError};
use tempfile::TempDir;

use crate::world::{World, code, copy};

#[test]
fn a_sale_is_everywhere_at_once() {
    let world = World::new();
    let store = world.till();
    let mut cart = world.cart(&store, &[("milk", "2"), ("cheese", "1")]);
    cart.set_discount(Discount::Amount(Money::from_minor(50)))
        .unwrap();
    store.save_cart(&cart).unwrap();

    let invoice = world.sell(&store, &cart).unwrap();

    assert_eq!(invoice.number.to_string(), "03-000001");
    assert_eq!(
        store.invoice(&invoice.key).unwrap().as_ref(),
        Some(&invoice)
    );
    assert_eq!(store.load_cart().unwrap(), None);
    assert_eq!(
        store.next_number().unwrap().unwrap().to_string(),
        "03-000002"
    );
    assert_eq!(store.journal_verify().unwrap(), 1);
    assert_eq!(store.invoice_of_cart(&cart.id).unwrap(), Some(invoice.key));

    let due = store.outbox_due(world.now(), 10).unwrap();
    assert_eq!(due.len(), 1);
    assert!(due[0].envelope.verify_hash());
    assert_eq!(due[0].envelope.key, invoice.key);
    assert_eq!(due[0].envelope.number.as_deref(), Some("03-000001"));
    assert_eq!(due[0].total, Some(Money::from_minor(2 * 119 + 349 - 50)));
    let sent: Invoice = serde_json::from_str(due[0].envelope.payload.get()).unwrap();
    assert_eq!(sent, invoice);

    let waiting = store.receipts_waiting().unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].invoice, waiting[0].copies), (invoice.key, 0));

    let sums = store.integers(
            "SELECT total FROM invoices
                 UNION ALL SELECT sum(amount) - sum(invoice_discount) FROM invoice_lines
                 UNION ALL SELECT sum(base) + sum(tax) + (SELECT difference + rounding FROM invoices)
                     FROM invoice_taxes
                 UNION ALL SELECT sum(net) + (SELECT tax + difference + rounding FROM invoices)
                     FROM invoice_lines
                 UNION ALL SELECT p.amount - i.change FROM payments p
                     JOIN invoices i ON i.id = p.invoice",
        ).unwrap();
    assert_eq!(sums, [537; 5]);

    let recent = store.recent_invoices(5).unwrap();
    assert_eq!(recent.len(), 1);
    assert_eq!(recent[0].total, Money::from_minor(537));
    assert_eq!(
        (recent[0].print, recent[0].sync),
        (PrintState::Waiting, OutboxState::Pending)
    );
}

#[test]
fn a_refused_sale_leaves_no_gap_and_keeps_its_cart() {
    let world = World::new();
    let store = world.till();
    let first = world.sale(&store);
    let cart = world.cart(&store, &[("cola", "3")]);
    store.save_cart(&cart).unwrap();

    let short = store.commit_sale(&cart, |number| world.invoice(&cart, number, 100));
    assert_eq!(code(short), "cash_short");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = store.commit_sale(&cart, |_| panic!("the printer driver took the till down"));
    }));
    assert!(panicked.is_err());

    assert_eq!(store.load_cart().unwrap(), Some(cart.clone()));
    let second = world.sell(&store, &cart).unwrap();
    assert_eq!(first.number.next().unwrap(), second.number);
    assert_eq!(store.outbox_list(OutboxFilter::All, 10).unwrap().len(), 2);
    assert_eq!(store.journal_verify().unwrap(), 2);
}

#[test]
fn what_does_not_fit_its_number_or_cart_is_no_sale() {
    let world = World::new();
    let store = world.till();
    let cart = world.cart(&store, &[("milk", "1")]);
    let other = world.cart(&store, &[("cola", "1")]);
    let wrong_number = store.commit_sale(&cart, |number| {
        world.invoice(&cart, number.next().unwrap(), 10_000)
    });
    let wrong_cart = store.commit_sale(&cart, |number| world.invoice(&other, number, 10_000));
    assert_eq!(code(wrong_number), "sale_mismatch");
    assert_eq!(code(wrong_cart), "sale_mismatch");
    assert_eq!(store.next_number().unwrap().unwrap().counter, 1);
    assert_eq!(store.outbox_counts().unwrap().waiting, 0);
}

#[test]
fn a_cart_is_sold_once() {
    let world = World::new();
    let store = world.till();
    let cart = world.cart(&store, &[("milk", "1")]);
    store.save_cart(&cart).unwrap();
    world.sell(&store, &cart).unwrap();

    let again = world.sell(&store, &cart);
    assert!(matches!(&again, Err(StoreError::CartClosed { state }) if state == "sold"));
    assert_eq!(code(store.save_cart(&cart)), "cart_closed");
    assert_eq!(code(store.drop_cart(&cart.id)), "cart_closed");
    assert_eq!(store.next_number().unwrap().unwrap().counter, 2);
}

#[test]
fn a_till_without_numbers_sells_nothing() {
    let world = World::new();
    let store = world.open().unwrap();
    store.apply_changes(&crate::world::shop(), None).unwrap();
    let cart = world.cart(&store, &[("milk", "1")]);
    assert_eq!(code(world.sell(&store, &cart)), "not_enrolled");
    assert_eq!(store.next_number().unwrap(), None);
}

#[test]
fn a_prefix_once_used_never_starts_again() {
    let world = World::new();
    let store = world.till();
    for _ in 0..3 {
        world.sale(&store);
    }
    store.set_numbering(&"04".into(), "04", 1).unwrap();
    assert_eq!(world.sale(&store).number.to_string(), "04-000001");
    // The hub lost its memory and gives the old prefix from 1.
    store.set_numbering(&"03".into(), "03", 1).unwrap();
    assert_eq!(world.sale(&store).number.to_string(), "03-000004");
    assert_eq!(
        code(store.set_numbering(&"03".into(), "", 1)),
        "number_malformed"
    );
}

#[test]
fn the_open_cart_survives_the_end_of_the_till() {
    let world = World::new();
    let store = world.till();
    let mut cart = world.cart(&store, &[("milk", "2")]);
    store.save_cart(&cart).unwrap();
    cart.set_line_discount(1, Discount::Amount(Money::from_minor(10)))
        .unwrap();
    store.save_cart(&cart).unwrap();

    let crashed = TempDir::new().unwrap();
    copy(world.folder.path(), crashed.path());
    let again = world.open_in(crashed.path()).unwrap();

    assert_eq!(again.load_cart().unwrap(), Some(cart.clone()));
    let other = world.cart(&again, &[("cola", "1")]);
    again.save_cart(&other).unwrap();
    assert_eq!(again.load_cart().unwrap(), Some(other));
    assert_eq!(code(again.save_cart(&cart)), "cart_closed");
}

#[test]
fn a_till_killed_after_any_sale_has_that_sale_and_goes_on_counting() {
    let world = World::new();
    let store = world.till();
    let mut sold = Vec::new();
    for round in 0..6 {
        sold.push(world.sale(&store));
        if round == 3 {
            store.maintain().unwrap();
        }
        // What lies on disk when the plug is pulled: the file, its log, no clean shutdown.
        let crashed = TempDir::new().unwrap();
        copy(world.folder.path(), crashed.path());
        let again = world.open_in(crashed.path()).unwrap();
        for invoice in &sold {
            assert_eq!(again.invoice(&invoice.key).unwrap().as_ref(), Some(invoice));
        }
        assert_eq!(again.journal_verify().unwrap(), sold.len() as u64);
        assert_eq!(again.check().unwrap(), Vec::<String>::new());
        let next = world.sale(&again).number;
        assert_eq!(next, sold.last().unwrap().number.next().unwrap());
    }
}

#[test]
fn nothing_sold_is_ever_edited() {
    let world = World::new();
    let store = world.till();
    world.sale(&store);
    for attempt in [
        "UPDATE invoices SET total = 1",
        "DELETE FROM payments",
        "UPDATE invoice_lines SET amount = 1",
        "DELETE FROM invoice_taxes",
        "UPDATE documents SET payload = ''",
        "DELETE FROM outbox",
        "UPDATE journal SET body = ''",
        "DELETE FROM journal",
    ] {
        let result = store.tamper(attempt);
        assert_eq!(result.unwrap_err().code(), "store_database", "{attempt}");
    }
    let by_a_reader = store.integers("DELETE FROM carts RETURNING 1");
    assert_eq!(by_a_reader.unwrap_err().code(), "store_database");
}

#[test]
fn a_receipt_waits_until_it_came_out_and_then_is_a_copy() {
    let world = World::new();
    let store = world.till();
    let invoice = world.sale(&store);
    let paper = (
        "printer_paper_out".to_owned(),
        "The printer is out of paper.".to_owned(),
    );
    let waiting = PrintResult::Waiting {
        code: paper.0.clone(),
        message: paper.1.clone(),
    };
    store.mark_receipt(&invoice.key, &waiting).unwrap();
    let row = store.receipts_waiting().unwrap().remove(0);
    assert_eq!(row.last_code.as_deref(), Some("printer_paper_out"));
    assert_eq!((row.number, row.copies), (invoice.number.clone(), 0));

    let failed = PrintResult::Failed {
        code: paper.0,
        message: paper.1,
    };
    store.mark_receipt(&invoice.key, &failed).unwrap();
    assert!(store.receipts_waiting().unwrap().is_empty());
    assert_eq!(
        store.receipt(&invoice.key).unwrap().unwrap().state,
        PrintState::Failed
    );

    store
        .mark_receipt(&invoice.key, &PrintResult::Printed)
        .unwrap();
    store
        .mark_receipt(&invoice.key, &PrintResult::Printed)
        .unwrap();
    store.mark_receipt(&invoice.key, &waiting).unwrap();
    let row = store.receipt(&invoice.key).unwrap().unwrap();
    assert_eq!((row.state, row.copies), (PrintState::Printed, 2));
    assert_eq!(
        code(store.mark_receipt(&world.id(), &PrintResult::Printed)),
        "unknown_key"
    );
}

#[test]
fn a_coupon_is_used_up_by_the_sale_and_by_nothing_less() {
    let world = World::new();
    let store = world.till();
    let codes = ["TEN".to_owned(), "NEVER".to_owned()];
    let sell = |customer: Option<&str>, coupons: &[&str], fails: bool| {
        let mut cart = world.cart(&store, &[("milk", "1")]);
        cart.customer = customer.map(|id| CartCustomer::named(id.into(), id));
        store.commit_sale(&cart, |number| {
            if fails {
                return Err(CheckoutError::CartEmpty);
            }
            let invoice = world.invoice(&cart, number, 10_000)?;
            let coupons = coupons.iter().map(|code| (*code).to_owned()).collect();
            Ok(Invoice { coupons, ..invoice })
        })
    };
    let who = |customer: &str| {
        let uses = store.coupon_uses(&codes, Some(&customer.into())).unwrap();
        let uses = uses.0.get("TEN").cloned().unwrap_or_default();
        uses.into_iter()
            .map(|one| (one.on.to_string(), one.customer))
            .collect::<Vec<_>>()
    };
    assert_eq!(sell(None, &["TEN"], true).unwrap_err().code(), "cart_empty");
    assert_eq!(who("c1"), []);
    sell(None, &["TEN", "TEN"], false).unwrap();
    sell(Some("c1"), &["TEN", "OTHER"], false).unwrap();
    sell(Some("c2"), &[], false).unwrap();
    let day = || "2026-01-02".to_owned();
    assert_eq!(who("c1"), [(day(), None), (day(), Some("c1".to_owned()))]);
    assert_eq!(
        who("c2"),
        [(day(), None), (day(), None)],
        "whose is their secret"
    );
    assert_eq!(store.coupon_uses(&codes, None).unwrap().0.len(), 1);
    let changed = store.tamper("DELETE FROM coupon_uses");
    assert!(changed.is_err(), "a use is never taken back");
}
