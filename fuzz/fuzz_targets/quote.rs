//! Whatever is sent to `quote`: no panic, no overflow, always one JSON object
//! back, and the same one for the same input.
#![no_main]

use evertill_core::calc::Arithmetic;
use evertill_core::calc::quote::Quoter;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for arithmetic in [Arithmetic::Exact, Arithmetic::Erpnext] {
        let answer = |_: u8| {
            let mut quoter = Quoter::new(arithmetic);
            text.lines().map(|line| quoter.quote_line(line)).collect::<Vec<_>>()
        };
        let first = answer(1);
        for line in &first {
            let value: serde_json::Value = serde_json::from_str(line).expect("an answer is JSON");
            assert!(value.is_object());
        }
        assert_eq!(first, answer(2));
    }
});
