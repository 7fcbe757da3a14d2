//! What a printer can print: one byte a character, from the code page it was told to use.
//!
//! The tables are our own. Those of the `escpos` crate (0.20.1) have `Ô` at the place of `Ò` and
//! `®` at the place of `¿` in page 858, and it sends what it does not find as UTF-8, which prints
//! as two wrong letters: wrong without a sign, on a document.

use escpos::utils::PageCode;
use unicode_normalization::UnicodeNormalization;

/// A code page, for the upper half of the bytes. The lower half is ASCII on all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodePage {
    /// Western Europe as in DOS, with the euro sign in place of the dotless i (IBM 858).
    Pc858,
    /// Western Europe as in Windows, with œ, Š, Ž and typographic quotes (Windows-1252).
    Wpc1252,
    /// The one every printer has (IBM 437): no euro sign, few capitals with accents.
    Pc437,
}

/// Bytes 128 to 255 of IBM 858.
const PC858: &str = "\
     ÇüéâäàåçêëèïîìÄÅ\
     ÉæÆôöòûùÿÖÜø£Ø×ƒ\
     áíóúñÑªº¿®¬½¼¡«»\
     ░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
     └┴┬├─┼ãÃ╚╔╩╦╠═╬¤\
     ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀\
     ÓßÔÒõÕµþÞÚÛÙýÝ¯´\
     \u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}\
";

/// Bytes 128 to 255 of Windows-1252; `\0` where the page has nothing.
const WPC1252: &str = "\
     €\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\
     \0‘’“”•–—˜™š›œ\0žŸ\
     \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯\
     °±²³´µ¶·¸¹º»¼½¾¿\
     ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ\
     ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
     àáâãäåæçèéêëìíîï\
     ðñòóôõö÷øùúûüýþÿ\
";

/// Bytes 128 to 255 of IBM 437.
const PC437: &str = "\
     ÇüéâäàåçêëèïîìÄÅ\
     ÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
     áíóúñÑªº¿⌐¬½¼¡«»\
     ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
     └┴┬├─┼╞╟╚╔╩╦╠═╬╧\
     ╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
     αßΓπΣσµτΦΘΩδ∞φε∩\
     ≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}\
";

/// What is printed for a character that no page has, nor anything like it.
pub(crate) const UNKNOWN: u8 = b'?';

impl CodePage {
    /// What printers made for Western Europe have, the Epson TM series among them: tried in this
    /// order for each text.
    pub const WESTERN: &[Self] = &[Self::Pc858, Self::Wpc1252];

    /// For a printer that knows nothing but the page it starts with.
    pub const PLAIN: &[Self] = &[Self::Pc437];

    const fn table(self) -> &'static str {
        match self {
            Self::Pc858 => PC858,
            Self::Wpc1252 => WPC1252,
            Self::Pc437 => PC437,
        }
    }

    /// The page as the printer is told to use it.
    pub(crate) const fn page_code(self) -> PageCode {
        match self {
            Self::Pc858 => PageCode::PC858,
            Self::Wpc1252 => PageCode::WPC1252,
            Self::Pc437 => PageCode::PC437,
        }
    }

    /// The byte of a character, if the page has it.
    pub fn byte(self, character: char) -> Option<u8> {
        match character {
            ' '..='~' => u8::try_from(u32::from(character)).ok(),
            '\0'..='\x1f' | '\x7f' => None,
            _ => {
                let at = self
                    .table()
                    .chars()
                    .position(|candidate| candidate == character)?;
                u8::try_from(at + 0x80).ok()
            }
        }
    }
}

/// A part of a text that is printed from one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) page: CodePage,
    pub(crate) bytes: Vec<u8>,
}

/// The bytes of a text, one for each character, with as few changes of page as need be: it stays
/// on the page in use (`start`) while that has the character, and goes to the first that has it
/// otherwise. A character that no page has is printed as the letter without its accent or the
/// plain sign closest to it, and as `?` where there is none.
pub(crate) fn encode(text: &str, pages: &[CodePage], start: CodePage) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut page = start;
    for character in text.chars() {
        let (next, byte) = place(character, pages, page);
        page = next;
        match runs.last_mut() {
            Some(run) if run.page == page => run.bytes.push(byte),
            _ => runs.push(Run {
                page,
                bytes: vec![byte],
            }),
        }
    }
    runs
}

fn place(character: char, pages: &[CodePage], page: CodePage) -> (CodePage, u8) {
    let find = |character: char| {
        let mut candidates = [page].into_iter().chain(pages.iter().copied());
        candidates.find_map(|page| page.byte(character).map(|byte| (page, byte)))
    };
    find(character)
        .or_else(|| find(plainer(character)?))
        .unwrap_or((page, UNKNOWN))
}

/// The letter without its accent, or the plain sign closest to a typographic one. Nothing where
/// that would be another letter: Greek, Cyrillic and Chinese are not ours to guess.
fn plainer(character: char) -> Option<char> {
    let plain = match character {
        '‘' | '’' | '‚' | '′' => '\'',
        '“' | '”' | '„' | '″' => '"',
        '─' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '•' | '●' | '∙' => '*',
        '‹' => '<',
        '›' => '>',
        '…' => '.',
        '×' => 'x',
        'ł' => 'l',
        'Ł' => 'L',
        'đ' => 'd',
        'Đ' => 'D',
        'ħ' => 'h',
        'ı' => 'i',
        'ø' => 'o',
        'Ø' => 'O',
        _ => {
            return [character]
                .into_iter()
                .nfd()
                .next()
                .filter(char::is_ascii_alphabetic);
        }
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, pages: &[CodePage]) -> Vec<(CodePage, Vec<u8>)> {
        encode(text, pages, pages[0])
            .into_iter()
            .map(|run| (run.page, run.bytes))
            .collect()
    }

    #[test]
    fn every_page_has_128_places_in_its_upper_half() {
        for page in [CodePage::Pc858, CodePage::Wpc1252, CodePage::Pc437] {
            assert_eq!(page.table().chars().count(), 128, "{page:?}");
        }
    }

    #[test]
    fn western_letters_and_the_euro_sign() {
        // From the tables of IBM (CDRA, code pages 858 and 437) and Microsoft (windows-1252).
        let table = [
            ('Ä', Some(0x8e), Some(0xc4), Some(0x8e)),
            ('Ö', Some(0x99), Some(0xd6), Some(0x99)),
            ('Ü', Some(0x9a), Some(0xdc), Some(0x9a)),
            ('ä', Some(0x84), Some(0xe4), Some(0x84)),
            ('ö', Some(0x94), Some(0xf6), Some(0x94)),
            ('ü', Some(0x81), Some(0xfc), Some(0x81)),
            ('ß', Some(0xe1), Some(0xdf), Some(0xe1)),
            ('é', Some(0x82), Some(0xe9), Some(0x82)),
            ('è', Some(0x8a), Some(0xe8), Some(0x8a)),
            ('ê', Some(0x88), Some(0xea), Some(0x88)),
            ('ç', Some(0x87), Some(0xe7), Some(0x87)),
            ('ñ', Some(0xa4), Some(0xf1), Some(0xa4)),
            ('Å', Some(0x8f), Some(0xc5), Some(0x8f)),
            ('ø', Some(0x9b), Some(0xf8), None),
            ('œ', None, Some(0x9c), None),
            ('€', Some(0xd5), Some(0x80), None),
            // Where the tables of the crate are wrong.
            ('Ô', Some(0xe2), Some(0xd4), None),
            ('Ò', Some(0xe3), Some(0xd2), None),
            ('¿', Some(0xa8), Some(0xbf), Some(0xa8)),
            ('®', Some(0xa9), Some(0xae), None),
            ('A', Some(b'A'), Some(b'A'), Some(b'A')),
            ('~', Some(b'~'), Some(b'~'), Some(b'~')),
            ('\u{1b}', None, None, None),
            ('\0', None, None, None),
            ('\u{7f}', None, None, None),
            ('\u{80}', None, None, None),
            ('Ω', None, None, Some(0xea)),
            ('漢', None, None, None),
        ];
        for (character, pc858, wpc1252, pc437) in table {
            assert_eq!(
                CodePage::Pc858.byte(character),
                pc858,
                "{character:?} in 858"
            );
            assert_eq!(
                CodePage::Wpc1252.byte(character),
                wpc1252,
                "{character:?} in 1252"
            );
            assert_eq!(
                CodePage::Pc437.byte(character),
                pc437,
                "{character:?} in 437"
            );
        }
    }

    #[test]
    fn a_text_stays_on_the_first_page_while_it_can() {
        use CodePage::{Pc858, Wpc1252};
        let western = CodePage::WESTERN;
        assert_eq!(
            encoded("Müsli 5 €", western),
            [(Pc858, b"M\x81sli 5 \xd5".to_vec())]
        );
        // The switch comes with the letter that needs it; what follows is the same on both.
        assert_eq!(
            encoded("Bœuf ½ kg €", western),
            [
                (Pc858, b"B".to_vec()),
                (Wpc1252, b"\x9cuf \xbd kg \x80".to_vec())
            ]
        );
    }

    #[test]
    fn what_no_page_has_is_replaced_where_everyone_sees_it() {
        // (text, on a western printer, on one with page 437 alone)
        let table = [
            ("Ωμέγα", "?????", "\u{ea}???\u{e0}"),
            ("漢字 カナ", "?? ??", "?? ??"),
            ("Žižek Čaj", "\u{8e}i\u{9e}ek Caj", "Zizek Caj"),
            ("Łódź ğüş", "L\u{a2}dz g\u{81}s", "L\u{a2}dz g\u{81}s"),
            ("5 €", "5 \u{d5}", "5 ?"),
            ("Bœuf", "B\u{9c}uf", "B?uf"),
            ("Øl", "\u{9d}l", "Ol"),
            ("„a“ – b…", "\u{84}a\u{93} \u{96} b\u{85}", "\"a\" - b."),
            ("😀", "?", "?"),
            ("\u{fffd}\u{1b}", "??", "??"),
        ];
        for (text, western, plain) in table {
            for (pages, expected) in [(CodePage::WESTERN, western), (CodePage::PLAIN, plain)] {
                let runs = encoded(text, pages);
                let bytes: Vec<u8> = runs.into_iter().flat_map(|(_, bytes)| bytes).collect();
                let expected: Vec<u8> = expected
                    .chars()
                    .map(|byte| u8::try_from(u32::from(byte)).unwrap())
                    .collect();
                assert_eq!(bytes, expected, "{text}");
                assert_eq!(
                    bytes.len(),
                    text.chars().count(),
                    "{text}: one byte a column"
                );
            }
        }
    }
}
