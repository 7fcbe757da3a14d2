//! The bridge that a browser uses in place of the window, for development.

use std::time::Duration;

use evertill_testkit::{MILK, World, serve_bridge};
use serde_json::{Value, json};
use tokio::net::TcpListener;

async fn bridge(world: &World) -> String {
    let till = world.till("A").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve_bridge(till.app(), listener));
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gives_commands_and_reads_refusals_as_the_window_does() {
    let world = World::new().await;
    let address = bridge(&world).await;
    let call = |body: Value| {
        let request = reqwest::Client::new().post(format!("{address}/call"));
        async move { request.json(&body).send().await.unwrap() }
    };

    let state = call(json!({ "name": "till.state", "request": {} })).await;
    assert_eq!(state.status(), 200);
    assert_eq!(state.json::<Value>().await.unwrap()["phase"], "signed_out");

    let refused = call(json!({ "name": "sell.cart", "request": null })).await;
    assert_eq!(refused.status(), 422);
    let fault = refused.json::<Value>().await.unwrap();
    assert_eq!(fault["code"], "sign_in_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_gets_nothing_from_the_bridge() {
    let world = World::new().await;
    let address = bridge(&world).await;
    let body = json!({ "name": "till.state", "request": {} });
    for (name, value) in [
        ("origin", "http://shop.example"),
        ("origin", "null"),
        ("host", "shop.example"),
    ] {
        let client = reqwest::Client::new();
        let call = client.post(format!("{address}/call")).header(name, value);
        let status = call.json(&body).send().await.unwrap().status();
        assert_eq!(status, 403, "call with {name} {value}");
        let events = client.get(format!("{address}/events")).header(name, value);
        let status = events.send().await.unwrap().status();
        assert_eq!(status, 403, "events with {name} {value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_told_what_happens_without_asking() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve_bridge(till.app(), listener));
    let mut events = reqwest::get(format!("{address}/events")).await.unwrap();

    till.scan(&MILK).await;
    till.pay_cash("2.00").await;
    let mut told = String::new();
    let until_told = async {
        while !told.contains("sync_changed") {
            let chunk = events.chunk().await.unwrap();
            told.push_str(&String::from_utf8_lossy(
                &chunk.expect("the stream goes on"),
            ));
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), until_told).await;
    waited.expect("the bridge tells of the sale in time");
    assert!(told.starts_with("data:"), "{told}");
}
