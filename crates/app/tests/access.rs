//! Who may do what: every command with every role, as a table.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::collections::BTreeSet;

use common::{PEOPLE, World, call, sign_in};
use evertill_app::{COMMANDS, Fault};
use serde_json::json;

/// Each command: may somebody who is not signed in, a cashier, a supervisor, a manager, an
/// administrator? Written out by hand, so that a changed declaration has to be changed here too.
const TABLE: &[(&str, [bool; 5])] = &[
    ("till.state", [true, true, true, true, true]),
    ("enrolment.check", [true, true, true, true, true]),
    ("enrolment.enrol", [true, true, true, true, true]),
    ("session.people", [true, true, true, true, true]),
    ("session.sign_in", [true, true, true, true, true]),
    ("session.sign_out", [false, true, true, true, true]),
    ("catalogue.categories", [false, true, true, true, true]),
    ("catalogue.search", [false, true, true, true, true]),
    ("sell.customers", [false, true, true, true, true]),
    ("sell.cart", [false, true, true, true, true]),
    ("sell.scan", [false, true, true, true, true]),
    ("sell.add_item", [false, true, true, true, true]),
    ("sell.edit_line", [false, true, true, true, true]),
    ("sell.remove_line", [false, true, true, true, true]),
    ("sell.set_discount", [false, true, true, true, true]),
    ("sell.set_customer", [false, true, true, true, true]),
    ("sell.remove_coupon", [false, true, true, true, true]),
    ("sell.clear", [false, true, true, true, true]),
    ("checkout.prepare", [false, true, true, true, true]),
    ("checkout.quote", [false, true, true, true, true]),
    ("checkout.pay", [false, true, true, true, true]),
    ("receipt.print_again", [false, true, true, true, true]),
    ("receipt.state", [false, true, true, true, true]),
    ("receipt.recent", [false, true, true, true, true]),
    ("settings.printer", [false, false, false, false, true]),
    ("sync.status", [true, true, true, true, true]),
    ("sync.documents", [false, false, true, true, true]),
    ("sync.retry_now", [false, false, false, true, true]),
];

#[test]
fn the_table_has_every_command_once() {
    let declared: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    let written: Vec<&str> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(written, declared);
    assert_eq!(
        declared.iter().collect::<BTreeSet<_>>().len(),
        declared.len()
    );
}

/// Whether a command got past the door. What it then says of a request that is none does not
/// matter: access is checked before the request is looked at.
fn allowed(answer: Result<serde_json::Value, Fault>) -> bool {
    match answer {
        Ok(_) => true,
        Err(fault) => fault.code != "sign_in_required" && fault.code != "permission_denied",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_exactly_this() {
    let world = World::new();
    let till = world.enrolled().await;
    let nonsense = json!({"no_such_field": 1});
    for (name, may) in TABLE {
        assert_eq!(
            allowed(till.dispatch(name, nonsense.clone()).await),
            may[0],
            "nobody: {name}"
        );
    }
    for (column, (user, ..)) in (1..).zip(PEOPLE) {
        sign_in(&till, user).await;
        for (name, may) in TABLE {
            let answer = till.dispatch(name, nonsense.clone()).await;
            if may[column] {
                assert_eq!(
                    answer.unwrap_err().code,
                    "request_malformed",
                    "{user}: {name}"
                );
            } else {
                let fault = answer.unwrap_err();
                assert_eq!(fault.code, "permission_denied", "{user}: {name}");
                assert!(fault.params.contains_key("permission"), "{user}: {name}");
            }
        }
        call(&till, "session.sign_out", json!({})).await;
    }
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_an_edit_of_a_line_needs_its_own_permission() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    let edit = json!({"line": 1, "quantity": "2", "price": "1.00"});
    let fault = till.dispatch("sell.edit_line", edit).await.unwrap_err();
    assert_eq!(fault.code, "permission_denied");
    assert_eq!(fault.params["permission"], "override_price");
    let cart = call(&till, "sell.cart", json!({})).await;
    assert_eq!(cart["lines"][0]["quantity"], "1", "nothing of it was done");

    sign_in(&till, "sam").await;
    call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    let edit = json!({"line": 1, "quantity": "2", "price": "1.00"});
    let cart = call(&till, "sell.edit_line", edit).await;
    assert_eq!(cart["lines"][0]["amount"]["text"], "2.00");
    till.shutdown().await;
}
