//! What goes over the wire, spelled out: a till and a hub of different versions must still read
//! each other, so a change here is a change of the protocol.

#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use evertill_core::{Currency, Money, PaymentKind, Role};
use evertill_protocol::{
    ApiError, CategoryRecord, Change, ChangeBody, CustomerRecord, DocumentKind, Envelope,
    EnvelopeError, FeedLine, ItemRecord, Outcome, PaymentModeRecord, PriceListRecord, PriceRecord,
    Record, RecordKind, Shop, SignInRequest, TaxRuleRecord, UserRecord, payload_hash,
};
use expect_test::expect;
use uuid::Uuid;

fn records() -> Vec<Record> {
    vec![
        Record::Shop(Shop {
            name: "Corner Grocer".to_owned(),
            address_lines: vec!["1 Example Street".to_owned()],
            tax_id: String::new(),
            currency: Currency::new("EUR", "€", 2).unwrap(),
            time_zone: "Europe/Berlin".to_owned(),
            price_list: "retail".into(),
            receipt_footer: "Thank you!".to_owned(),
        }),
        Record::PriceList(PriceListRecord {
            id: "retail".into(),
            name: "Retail".to_owned(),
        }),
        Record::TaxRule(TaxRuleRecord {
            id: "food".into(),
            name: "Food 7 %".to_owned(),
            rate: "7".to_owned(),
            inclusive: true,
        }),
        Record::Category(CategoryRecord {
            id: "deli".into(),
            name: "Deli".to_owned(),
            position: 5,
        }),
        Record::PaymentMode(PaymentModeRecord {
            id: "cash".into(),
            name: "Cash".to_owned(),
            kind: PaymentKind::Cash,
            position: 0,
        }),
        Record::User(UserRecord {
            id: "ana".into(),
            name: "Ana".to_owned(),
            role: Role::Cashier,
            disabled: false,
            has_pin: true,
        }),
        Record::Customer(CustomerRecord {
            id: "c-1".into(),
            name: "Regular".to_owned(),
            phone: String::new(),
            email: String::new(),
            tax_id: String::new(),
        }),
        Record::Item(ItemRecord {
            id: "1042".into(),
            name: "Bread".to_owned(),
            category: "deli".into(),
            unit: "each".to_owned(),
            whole_units: true,
            tax_rule: "food".into(),
            barcodes: vec!["2000000010427".to_owned()],
            popularity: 7,
            disabled: false,
        }),
        Record::Price(PriceRecord::new(
            "retail".into(),
            "1042".into(),
            Money::from_minor(289),
        )),
    ]
}

#[test]
fn every_feed_line_has_one_spelling_and_comes_back_the_same() {
    let mut lines = vec![FeedLine::Header {
        version: 1,
        cursor: 9,
        records: 10,
    }];
    for (seq, record) in (1..).zip(records()) {
        lines.push(FeedLine::Change(Change {
            seq,
            body: ChangeBody::Upsert(record),
        }));
    }
    let body = ChangeBody::Delete {
        kind: RecordKind::Item,
        id: "1041".to_owned(),
    };
    lines.push(FeedLine::Change(Change { seq: 10, body }));
    lines.push(FeedLine::End {
        cursor: 10,
        records: 10,
        more: false,
    });
    let mut text = String::new();
    for line in &lines {
        let json = serde_json::to_string(line).unwrap();
        assert_eq!(FeedLine::parse(&json).unwrap(), *line);
        text.push_str(&json);
        text.push('\n');
    }
    expect![[r#"
        {"type":"header","version":1,"cursor":9,"records":10}
        {"type":"change","seq":1,"body":{"upsert":{"kind":"shop","name":"Corner Grocer","address_lines":["1 Example Street"],"tax_id":"","currency":{"code":"EUR","symbol":"€","decimals":2},"time_zone":"Europe/Berlin","price_list":"retail","receipt_footer":"Thank you!"}}}
        {"type":"change","seq":2,"body":{"upsert":{"kind":"price_list","id":"retail","name":"Retail"}}}
        {"type":"change","seq":3,"body":{"upsert":{"kind":"tax_rule","id":"food","name":"Food 7 %","rate":"7","inclusive":true}}}
        {"type":"change","seq":4,"body":{"upsert":{"kind":"category","id":"deli","name":"Deli","position":5}}}
        {"type":"change","seq":5,"body":{"upsert":{"kind":"payment_mode","id":"cash","name":"Cash","payment_kind":"cash","position":0}}}
        {"type":"change","seq":6,"body":{"upsert":{"kind":"user","id":"ana","name":"Ana","role":"cashier","disabled":false,"has_pin":true}}}
        {"type":"change","seq":7,"body":{"upsert":{"kind":"customer","id":"c-1","name":"Regular","phone":"","email":"","tax_id":""}}}
        {"type":"change","seq":8,"body":{"upsert":{"kind":"item","id":"1042","name":"Bread","category":"deli","unit":"each","whole_units":true,"tax_rule":"food","barcodes":["2000000010427"],"popularity":7,"disabled":false}}}
        {"type":"change","seq":9,"body":{"upsert":{"kind":"price","id":"retail/1042","price_list":"retail","item":"1042","amount":289}}}
        {"type":"change","seq":10,"body":{"delete":{"kind":"item","id":"1041"}}}
        {"type":"end","cursor":10,"records":10,"more":false}
    "#]]
    .assert_eq(&text);
}

#[test]
fn every_kind_of_record_is_in_the_snapshot_order_once() {
    let kinds: Vec<RecordKind> = records().iter().map(Record::kind).collect();
    assert_eq!(kinds, RecordKind::ALL);
    for kind in RecordKind::ALL {
        assert_eq!(RecordKind::from_name(kind.as_str()), Some(kind));
        assert_eq!(
            serde_json::to_string(&kind).unwrap(),
            format!("{:?}", kind.as_str())
        );
    }
    assert_eq!(RecordKind::from_name("ghost"), None);
}

#[test]
fn a_malformed_line_is_named_by_its_sequence_if_it_has_one() {
    let table = [
        ("", None),
        ("not json", None),
        (r#"{"type":"change"}"#, None),
        (r#"{"type":"change","seq":7}"#, Some(7)),
        (
            r#"{"type":"change","seq":8,"body":{"upsert":{"kind":"ghost","id":"x"}}}"#,
            Some(8),
        ),
        (
            r#"{"type":"change","seq":9,"body":{"upsert":{"kind":"item","id":1}}}"#,
            Some(9),
        ),
        (r#"{"type":"change","seq":-1,"body":{}}"#, None),
    ];
    for (line, seq) in table {
        assert_eq!(FeedLine::parse(line).unwrap_err().seq, seq, "{line}");
    }
}

fn envelope(payload: &str) -> Result<Envelope, EnvelopeError> {
    Envelope::new(
        Uuid::from_u128(7),
        DocumentKind::Invoice,
        "03".into(),
        Some("03-000147".to_owned()),
        "2026-01-05".parse().unwrap(),
        "2026-01-05T09:00:00Z".parse().unwrap(),
        payload.to_owned(),
    )
}

#[test]
fn a_payload_travels_byte_for_byte_and_its_hash_with_it() {
    // Order, white space and number spelling would not survive a parse and a print.
    let odd = r#"{"z": 1.10,  "a":[1e2,"\u00fc"]}"#;
    let sent = envelope(odd).unwrap();
    assert_eq!(sent.payload_hash, payload_hash(odd));
    let text = serde_json::to_string(&sent).unwrap();
    expect![[r#"{"key":"00000000-0000-0000-0000-000000000007","kind":"invoice","till":"03","number":"03-000147","business_date":"2026-01-05","created_at":"2026-01-05T09:00:00Z","payload_hash":"6551508cf2329052e1737040009f7e0c6c7d46a5bc0a4819b3475008556f7067","payload":{"z": 1.10,  "a":[1e2,"\u00fc"]}}"#]]
    .assert_eq(&text);
    let received: Envelope = serde_json::from_str(&text).unwrap();
    assert_eq!(received, sent);
    assert_eq!(received.payload.get(), odd);
    assert!(received.verify_hash());
    let damaged: Envelope = serde_json::from_str(&text.replace("1.10", "1.11")).unwrap();
    assert!(!damaged.verify_hash());
}

#[test]
fn what_is_not_json_does_not_become_an_envelope() {
    assert!(matches!(envelope("{half"), Err(EnvelopeError::NotJson(_))));
    assert!(envelope("{}").is_ok());
}

#[test]
fn white_space_around_a_payload_does_not_change_its_hash() {
    assert_eq!(envelope(" {} \n").unwrap().payload_hash, payload_hash("{}"));
}

#[test]
fn a_kind_from_the_future_can_still_be_read() {
    let json = serde_json::to_string(&envelope("{}").unwrap()).unwrap();
    let newer: Envelope =
        serde_json::from_str(&json.replace("\"invoice\"", "\"loyalty_note\"")).unwrap();
    assert_eq!(newer.kind, DocumentKind::Other("loyalty_note".to_owned()));
    assert_eq!(
        serde_json::to_string(&newer.kind).unwrap(),
        "\"loyalty_note\""
    );
}

#[test]
fn a_password_is_never_written_to_a_log() {
    let request = SignInRequest {
        user: "ana".into(),
        password: "correct horse".to_owned(),
    };
    assert!(!format!("{request:?}").contains("horse"));
}

#[test]
fn errors_and_outcomes_are_spelled_like_this() {
    let error = ApiError::new("body_too_large", "Too large.").with("limit", "500");
    assert_eq!(
        serde_json::to_string(&error).unwrap(),
        r#"{"code":"body_too_large","params":{"limit":"500"},"message":"Too large."}"#
    );
    let short: ApiError = serde_json::from_str(r#"{"code":"busy","message":"Busy."}"#).unwrap();
    assert!(short.params.is_empty(), "parameters may be left out");
    let outcomes = [
        (Outcome::Accepted, "accepted"),
        (Outcome::Duplicate, "duplicate"),
        (Outcome::Fork, "fork"),
        (Outcome::Rejected, "rejected"),
        (Outcome::Retry, "retry"),
    ];
    for (outcome, text) in outcomes {
        assert_eq!(
            serde_json::to_string(&outcome).unwrap(),
            format!("{text:?}")
        );
    }
}
