//! What goes over the wire.

use std::fmt::Write;

use evertill_core::Coded;
use evertill_receipt::{Align, CodePage, Paper, Row, Style, escpos_bytes, layout};
use expect_test::{expect, expect_file};

use crate::shop::{german_invoice, receipt};

/// Bytes as a person can read them: ASCII as it is, a line feed as a new line, all else in hex.
fn show(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        match byte {
            b'\n' => out.push_str("<0a>\n"),
            b' '..=b'~' => out.push(char::from(*byte)),
            _ => {
                let _ = write!(out, "<{byte:02x}>");
            }
        }
    }
    out
}

fn row(text: &str) -> Row {
    Row::Text {
        text: text.into(),
        align: Align::Left,
        style: Style::default(),
    }
}

fn printed(rows: &[Row], pages: &[CodePage]) -> String {
    show(&escpos_bytes(rows, pages).unwrap())
}

#[test]
fn every_kind_of_row() {
    let style = Style {
        bold: true,
        wide: true,
        tall: true,
    };
    let rows = [
        Row::Kick,
        Row::Text {
            text: "Käse".into(),
            align: Align::Center,
            style,
        },
        Row::Blank,
        row("5 €"),
        row("Bœuf"),
        row("Müsli"),
        Row::Rule(5),
        Row::Qr("03-000147".into()),
        Row::Cut,
    ];
    expect![[r#"
        <1b>@<1b>R<00><1b>t<13><1b>p<00><19><fa><1b>a<01><1b>E<01><1d>!<11>K<84>se<0a>
        <1b>a<00><1b>E<00><1d>!<00><0a>
        5 <d5><0a>
        B<1b>t<10><9c>uf<0a>
        <1b>t<13>M<81>sli<0a>
        <c4><c4><c4><c4><c4><0a>
        <1b>a<01><1d>(k<04><00>1A2<00><1d>(k<03><00>1C<06><1d>(k<03><00>1E1<1d>(k<0c><00>1P003-000147<1d>(k<03><00>1Q0<1b>a<00><1d>VA<00>"#]].assert_eq(&printed(&rows, CodePage::WESTERN));
}

#[test]
fn a_printer_with_nothing_but_its_first_page() {
    expect![[r#"
        <1b>@<1b>R<00><1b>t<00>K<84>se 5 ?<0a>
        <c4><c4><c4><0a>
    "#]]
    .assert_eq(&printed(&[row("Käse 5 €"), Row::Rule(3)], CodePage::PLAIN));
    // No page named at all: the one that every printer starts with.
    assert_eq!(
        printed(&[row("Käse 5 €")], &[]),
        printed(&[row("Käse 5 €")], CodePage::PLAIN)
    );
}

#[test]
fn a_whole_receipt() {
    let receipt = receipt(&german_invoice());
    let bytes = |paper| printed(&layout(&receipt, paper), CodePage::WESTERN);
    expect_file!["golden/german_80.escpos"].assert_eq(&bytes(Paper::Mm80));
    expect_file!["golden/german_58.escpos"].assert_eq(&bytes(Paper::Mm58));
}

#[test]
fn printer_commands_in_the_name_of_an_item_are_not_obeyed() {
    let mut invoice = german_invoice();
    invoice.lines[0].name = "Milk\u{1b}p\u{0}\u{19}\u{fa}\n\u{1d}V\u{0}".into();
    invoice.cashier_name = "Jana\u{1b}@\u{10}\u{14}".into();
    let mut receipt = receipt(&invoice);
    receipt.open_drawer = false;
    let bytes = escpos_bytes(&layout(&receipt, Paper::Mm80), CodePage::WESTERN).unwrap();
    let count = |sequence: &[u8]| {
        bytes
            .windows(sequence.len())
            .filter(|w| *w == sequence)
            .count()
    };
    assert_eq!(count(b"\x1bp"), 0, "opened the drawer");
    assert_eq!(count(b"\x1b@"), 1, "set the printer up again");
    assert_eq!(count(b"\x1dV"), 1, "cut the paper in the middle");
    assert_eq!(count(b"\x10\x14"), 0, "opened the drawer the other way");
    // Rows made by hand are no way round it either.
    let by_hand = escpos_bytes(&[row("\u{1b}p\u{0}")], CodePage::WESTERN).unwrap();
    assert!(
        by_hand.ends_with(b"?p?\n") || by_hand.ends_with(b"?p?\x1bd\x01"),
        "{by_hand:?}"
    );
}

#[test]
fn a_qr_code_of_too_much_is_an_error_and_no_garbage() {
    let error = escpos_bytes(&[Row::Qr("9".repeat(7_090))], CodePage::WESTERN).unwrap_err();
    assert_eq!(error.code(), "receipt_not_printable");
    assert!(
        error
            .to_string()
            .starts_with("The receipt cannot be printed: "),
        "{error}"
    );
}
