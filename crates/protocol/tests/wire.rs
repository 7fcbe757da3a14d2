//! What goes over the wire, spelled out: a till and a hub of different versions must still read
//! each other, so a change here is a change of the protocol.

#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use std::collections::BTreeMap;

use evertill_core::calc::{ChargeType, RoundingMethod};
use evertill_core::pricing::{Effect, Promotion, Selector};
use evertill_core::{
    AccountRate, CashRounding, Currency, Money, PaymentKind, Role, RoundedPayments, TaxCharge,
    TaxTemplate, TotalsPolicy,
};
use evertill_protocol::{
    ApiError, CategoryRecord, Change, ChangeBody, CustomerRecord, DocumentKind, Envelope,
    EnvelopeError, FeedLine, ItemRecord, Outcome, PaymentModeRecord, PriceListRecord, PriceRecord,
    Record, RecordKind, Shop, SignInRequest, TaxRuleRecord, UserRecord, payload_hash,
};
use expect_test::expect;
use uuid::Uuid;

fn charge(account: &str, rate: &str) -> TaxCharge {
    TaxCharge {
        account: account.into(),
        name: format!("VAT {rate} %"),
        charge_type: ChargeType::OnNetTotal,
        rate: rate.parse().unwrap(),
        included: true,
        row_id: None,
        amount: "0".parse().unwrap(),
    }
}

fn three_for_five() -> Effect {
    Effect::MixAndMatch {
        of: Selector::items(["1042", "1043"]),
        units: 3,
        price: "5.00".parse().unwrap(),
        repeats: None,
    }
}

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
            totals_policy: TotalsPolicy::default(),
            group_price_lists: BTreeMap::new(),
            till_price_lists: BTreeMap::new(),
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
            rates: Vec::new(),
        }),
        Record::TaxTemplate(TaxTemplate {
            id: "home".to_owned(),
            name: "At home".to_owned(),
            category: String::new(),
            charges: vec![charge("vat-19", "19")],
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
        Record::Customer(CustomerRecord::named("c-1".into(), "Regular")),
        Record::from(Promotion::new("p-1", "3 for 5", three_for_five())),
        Record::Item(ItemRecord {
            id: "1042".into(),
            name: "Bread".to_owned(),
            category: "deli".into(),
            brand: String::new(),
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
        records: 12,
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
    lines.push(FeedLine::Change(Change { seq: 12, body }));
    lines.push(FeedLine::End {
        cursor: 12,
        records: 12,
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
        {"type":"header","version":1,"cursor":9,"records":12}
        {"type":"change","seq":1,"body":{"upsert":{"kind":"shop","name":"Corner Grocer","address_lines":["1 Example Street"],"tax_id":"","currency":{"code":"EUR","symbol":"€","decimals":2},"time_zone":"Europe/Berlin","price_list":"retail","receipt_footer":"Thank you!"}}}
        {"type":"change","seq":2,"body":{"upsert":{"kind":"price_list","id":"retail","name":"Retail"}}}
        {"type":"change","seq":3,"body":{"upsert":{"kind":"tax_rule","id":"food","name":"Food 7 %","rate":"7","inclusive":true}}}
        {"type":"change","seq":4,"body":{"upsert":{"kind":"tax_template","id":"home","name":"At home","category":"","charges":[{"account":"vat-19","name":"VAT 19 %","charge_type":"on_net_total","rate":"19","included":true,"amount":"0"}]}}}
        {"type":"change","seq":5,"body":{"upsert":{"kind":"category","id":"deli","name":"Deli","position":5}}}
        {"type":"change","seq":6,"body":{"upsert":{"kind":"payment_mode","id":"cash","name":"Cash","payment_kind":"cash","position":0}}}
        {"type":"change","seq":7,"body":{"upsert":{"kind":"user","id":"ana","name":"Ana","role":"cashier","disabled":false,"has_pin":true}}}
        {"type":"change","seq":8,"body":{"upsert":{"kind":"customer","id":"c-1","name":"Regular","phone":"","email":"","tax_id":""}}}
        {"type":"change","seq":9,"body":{"upsert":{"kind":"promotion","id":"p-1","name":"3 for 5","priority":0,"stacking":"exclusive","window":{"from":null,"to":null,"weekdays":[],"hours":null},"tills":[],"customer_groups":[],"loyalty_only":false,"effect":{"kind":"mix_and_match","of":{"everything":false,"items":["1042","1043"],"categories":[],"brands":[],"except":[]},"units":3,"price":"5.00"}}}}
        {"type":"change","seq":10,"body":{"upsert":{"kind":"item","id":"1042","name":"Bread","category":"deli","unit":"each","whole_units":true,"tax_rule":"food","barcodes":["2000000010427"],"popularity":7,"disabled":false}}}
        {"type":"change","seq":11,"body":{"upsert":{"kind":"price","id":"retail/1042","price_list":"retail","item":"1042","amount":289}}}
        {"type":"change","seq":12,"body":{"delete":{"kind":"item","id":"1041"}}}
        {"type":"end","cursor":12,"records":12,"more":false}
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

/// What older hubs and tills write has none of the newer fields; what is not used is not written,
/// so that nothing changes for them either.
#[test]
fn records_without_the_newer_fields_are_read_and_written_as_ever() {
    let older = [
        r#"{"kind":"shop","name":"Corner Grocer","address_lines":["1 Example Street"],"tax_id":"","currency":{"code":"EUR","symbol":"€","decimals":2},"time_zone":"Europe/Berlin","price_list":"retail","receipt_footer":"Thank you!"}"#,
        r#"{"kind":"tax_rule","id":"food","name":"Food 7 %","rate":"7","inclusive":true}"#,
        r#"{"kind":"customer","id":"c-1","name":"Regular","phone":"","email":"","tax_id":""}"#,
        r#"{"kind":"item","id":"1042","name":"Bread","category":"deli","unit":"each","whole_units":true,"tax_rule":"food","barcodes":["2000000010427"],"popularity":7,"disabled":false}"#,
        r#"{"kind":"price","id":"retail/1042","price_list":"retail","item":"1042","amount":289}"#,
    ];
    let now = records();
    for json in older {
        let record: Record = serde_json::from_str(json).unwrap();
        assert!(now.contains(&record), "{json}");
        assert_eq!(serde_json::to_string(&record).unwrap(), json);
    }
}

#[test]
fn the_newer_fields_are_spelled_like_this() {
    let Some(Record::Shop(shop)) = records().into_iter().next() else {
        panic!("the shop comes first")
    };
    let plain = PriceRecord::new("retail".into(), "1042".into(), Money::from_minor(289));
    assert!(plain.is_plain());
    let six = PriceRecord {
        id: "retail/1042/6".to_owned(),
        unit: "each".to_owned(),
        from: Some("2026-11-01".parse().unwrap()),
        to: Some("2026-11-30".parse().unwrap()),
        min_qty: "6".to_owned(),
        customer: "c-1".to_owned(),
        batch: "b".to_owned(),
        ..plain
    };
    assert!(!six.is_plain());
    let records = [
        Record::Shop(Shop {
            totals_policy: TotalsPolicy {
                rounding: RoundingMethod::Commercial,
                cash_rounding: Some(CashRounding {
                    increment: Money::from_minor(5),
                    applies_to: RoundedPayments::Cash,
                }),
                ..TotalsPolicy::default()
            },
            group_price_lists: [("staff".to_owned(), "staff".into())].into(),
            till_price_lists: [("03".into(), "bar".into())].into(),
            ..shop
        }),
        Record::TaxRule(TaxRuleRecord {
            id: "food".into(),
            name: "Food".to_owned(),
            rate: "7".to_owned(),
            inclusive: true,
            rates: vec![AccountRate {
                account: "vat-7".into(),
                rate: "7.0".parse().unwrap(),
            }],
        }),
        Record::Customer(CustomerRecord {
            group: "staff".to_owned(),
            price_list: "own".to_owned(),
            tax_category: "export".to_owned(),
            exemption: "diplomat".to_owned(),
            loyalty: true,
            ..CustomerRecord::named("c-1".into(), "Regular")
        }),
        Record::Price(six),
    ];
    let mut text = String::new();
    for record in &records {
        let json = serde_json::to_string(record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&json).unwrap(), *record);
        text.push_str(&json);
        text.push('\n');
    }
    expect![[r#"
        {"kind":"shop","name":"Corner Grocer","address_lines":["1 Example Street"],"tax_id":"","currency":{"code":"EUR","symbol":"€","decimals":2},"time_zone":"Europe/Berlin","price_list":"retail","receipt_footer":"Thank you!","totals_policy":{"arithmetic":"exact","document":"pos_invoice","rounding":"commercial","round_row_wise_tax":false,"drop_included_difference":false,"discount_on":"grand_total","cash_rounding":{"increment":5,"applies_to":"cash"}},"group_price_lists":{"staff":"staff"},"till_price_lists":{"03":"bar"}}
        {"kind":"tax_rule","id":"food","name":"Food","rate":"7","inclusive":true,"rates":[{"account":"vat-7","rate":"7.0"}]}
        {"kind":"customer","id":"c-1","name":"Regular","phone":"","email":"","tax_id":"","group":"staff","price_list":"own","tax_category":"export","exemption":"diplomat","loyalty":true}
        {"kind":"price","id":"retail/1042/6","price_list":"retail","item":"1042","amount":289,"unit":"each","from":"2026-11-01","to":"2026-11-30","min_qty":"6","customer":"c-1","batch":"b"}
    "#]].assert_eq(&text);
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
