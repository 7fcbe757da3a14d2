//! Each command is for who may give it, whatever the window shows.

use evertill_app::{Access, COMMANDS};
use evertill_core::Role;
use evertill_testkit::{MILK, PEOPLE, World};
use serde_json::json;

/// Which role is the least that may give a command; `None` for anybody in front of the till.
///
/// Written down here a second time on purpose: a command that becomes laxer has to be changed in two
/// places.
fn least(command: &str) -> Option<Role> {
    match command {
        "till.state" | "enrolment.enrol" | "session.people" | "session.sign_in" | "sync.status" => {
            None
        }
        "sell.set_price" | "sync.documents" => Some(Role::Supervisor),
        "sync.retry_now" => Some(Role::Manager),
        "settings.printer" => Some(Role::Administrator),
        _ => Some(Role::Cashier),
    }
}

/// An empty request is enough: access is checked before the request is read.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_signed_in_may_do_next_to_nothing() {
    let world = World::new().await;
    let till = world.till("A").await;
    for command in COMMANDS {
        let answer = till.call(command.name, json!({})).await;
        let denied = answer
            .as_ref()
            .is_err_and(|fault| fault.code == "sign_in_required");
        assert_eq!(
            denied,
            least(command.name).is_some(),
            "{}: {answer:?}",
            command.name
        );
        assert_eq!(
            command.access == Access::Public,
            least(command.name).is_none()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_what_it_may() {
    let world = World::new().await;
    let till = world.till("A").await;
    for person in PEOPLE {
        let mut commands: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        // Signing out ends the round.
        commands.retain(|command| *command != "session.sign_out");
        till.sign_in(person.id).await;
        for command in commands {
            let answer = till.call(command, json!({ "no such field": 1 })).await;
            let denied = answer
                .as_ref()
                .is_err_and(|fault| fault.code == "permission_denied");
            let allowed = least(command).is_none_or(|least| person.role >= least);
            assert_eq!(denied, !allowed, "{} {command}: {answer:?}", person.id);
        }
        till.sign_out().await;
    }
}

/// A refused command has done nothing, and a sign-out takes everything away at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_cashier_cannot_change_a_price_by_calling_the_command() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let line = till.scan(&MILK).await.lines[0].line;
    let fault = till
        .refused("sell.set_price", json!({ "line": line, "price": "0.01" }))
        .await;
    assert_eq!(
        (fault.code.as_str(), fault.params["permission"].as_str()),
        ("permission_denied", "override_price")
    );
    assert_eq!(till.cart().await.total.text, "1.19");
    let pay = till.payment("cash", "2").await;
    till.sign_out().await;
    assert_eq!(
        till.refused("checkout.pay", pay).await.code,
        "sign_in_required"
    );
    assert_eq!(
        till.refused("sell.scan", json!({ "code": MILK.barcode() }))
            .await
            .code,
        "sign_in_required"
    );
    assert_eq!(world.hub().report().documents, 0);
}
