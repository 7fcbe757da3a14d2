//! What a story sold, to hold against what the hub has.

use evertill_app::types::DoneView;
use evertill_hub::repository::Report;
use evertill_testkit::World;

/// The receipts of a story: number and total of each.
#[derive(Debug, Default, Clone)]
pub(crate) struct Books(Vec<(String, i64)>);

impl Books {
    /// A sale was made.
    pub(crate) fn sold(&mut self, sale: &DoneView) {
        self.0.push((sale.number.clone(), sale.total.minor));
    }

    /// A till said that it has made this sale.
    pub(crate) fn answered(&mut self, number: &str, total: i64) {
        self.0.push((number.to_owned(), total));
    }

    /// Whether a sale has this number.
    pub(crate) fn has(&self, number: &str) -> bool {
        self.0.iter().any(|(sold, _)| sold == number)
    }

    /// How many sales.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The receipt numbers, sorted.
    pub(crate) fn numbers(&self) -> Vec<String> {
        let mut numbers: Vec<String> = self.0.iter().map(|(number, _)| number.clone()).collect();
        numbers.sort();
        numbers
    }

    /// The hub has every one of these sales, once, at its price, and no other; no number of any till
    /// is missing between its first and its last.
    pub(crate) fn agree_with(&self, report: &Report) {
        let mut sold = self.0.clone();
        sold.sort();
        let sales = report.sales_list.as_ref().expect("the list");
        let mut posted: Vec<(String, i64)> = sales
            .iter()
            .map(|sale| (sale.number.clone(), sale.total))
            .collect();
        posted.sort();
        assert_eq!(posted, sold, "the hub has what was sold");
        assert_eq!(
            (report.duplicates, report.quarantined, report.rejected),
            (0, 0, 0)
        );
        let total: i64 = sold.iter().map(|(_, total)| total).sum();
        assert_eq!((report.total, report.taken), (total, total));
        no_gaps(&sold);
    }
}

/// What the hub noted about a sale when it accepted it.
pub(crate) fn notes(world: &World, number: &str) -> Vec<String> {
    let db = rusqlite::Connection::open(world.hub().database()).unwrap();
    let notes: String = db
        .query_row(
            "SELECT notes FROM documents WHERE number = ?1",
            [number],
            |row| row.get(0),
        )
        .unwrap();
    serde_json::from_str(&notes).unwrap()
}

fn no_gaps(sold: &[(String, i64)]) {
    let mut expected = (String::new(), 0_u64);
    for (number, _) in sold {
        let (till, counter) = number.rsplit_once('-').expect("a receipt number");
        if till != expected.0 {
            expected = (till.to_owned(), 0);
        }
        expected.1 += 1;
        assert_eq!(counter.parse(), Ok(expected.1), "no gap before {number}");
    }
}
