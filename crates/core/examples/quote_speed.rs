//! How many five-line baskets a second one core quotes.
use std::time::Instant;

use evertill_core::calc::Arithmetic;
use evertill_core::calc::quote::Quoter;

fn main() {
    let basket = r#"{"doctype":"POS Invoice","currency":"EUR","taxes":[{"account":"VAT","rate":19,"included_in_print_rate":1,"charge_type":"On Net Total"},{"account":"VAT 7","rate":0,"included_in_print_rate":1,"charge_type":"On Net Total"}],"items":[{"qty":2,"rate":1.99,"item_tax_rates":{"VAT":0,"VAT 7":7}},{"qty":0.345,"rate":12.9,"item_tax_rates":{}},{"qty":1,"rate":3.49,"item_tax_rates":{}},{"qty":6,"rate":0.89,"price_list_rate":0.99,"item_tax_rates":{}},{"qty":1,"price_list_rate":24.95,"discount_percentage":10,"item_tax_rates":{}}],"apply_discount_on":"Grand Total","discount_amount":1.5,"additional_discount_percentage":0,"payments":[{"mode_of_payment":"Cash","type":"Cash","amount":100}]}"#;
    for arithmetic in [Arithmetic::Exact, Arithmetic::Erpnext] {
        let mut quoter = Quoter::new(arithmetic);
        let mut answer = String::new();
        let count = 100_000_u32;
        let start = Instant::now();
        for _ in 0..count {
            answer.clear();
            quoter.quote_into(basket, &mut answer);
        }
        let rate = u128::from(count) * 1_000_000 / start.elapsed().as_micros().max(1);
        println!("{arithmetic:?}: {rate} baskets a second; {answer}");
    }
}
