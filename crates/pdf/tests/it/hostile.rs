//! Hostile files cost little, and what cannot be read is told.

use std::fmt::Write;

use stillwatch_core::{Limits, Severity};
use stillwatch_pdf::Text;

use crate::made::{file, packed, stream, two_pages};

fn read(bytes: &[u8]) -> Text {
    stillwatch_pdf::read(bytes, &Limits::default())
}

fn codes(text: &Text) -> Vec<&str> {
    text.diagnostics.iter().map(|found| found.code.as_ref()).collect()
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let scanned = file(&[
        (1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()),
        (2, b"<< /Type /Pages /Kids [5 0 R] >>".to_vec()),
        (5, b"<< /Type /Page /Contents 6 0 R >>".to_vec()),
        (6, stream("", b"q 500 0 0 700 0 0 cm /Im Do Q")),
    ]);
    let text = read(&scanned);
    assert_eq!(codes(&text), ["no-text"]);
    assert!(text.diagnostics[0].message.contains("text recogniser"), "{:?}", text.diagnostics);
    assert_eq!(text.diagnostics[0].severity, Severity::Error);

    let changed = String::from_utf8_lossy(&scanned).replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 7 0 R");
    assert_eq!(codes(&read(changed.as_bytes())), ["encrypted"]);

    let packed = String::from_utf8_lossy(&scanned).replace("<<  /Length 29", "<< /Filter /LZWDecode /Length 29");
    assert_eq!(codes(&read(packed.as_bytes())), ["no-text", "filter"]);
    assert_eq!(codes(&read(b"%PDF-1.4\nnothing")), ["cut", "pdf"]);

    let nameless = file(&[
        (1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()),
        (2, b"<< /Kids [5 0 R] /Resources << /Font << /W 3 0 R >> >> >>".to_vec()),
        (3, b"<< /Subtype /Type0 /Encoding /Identity-H >>".to_vec()),
        (5, b"<< /Type /Page /Contents 6 0 R >>".to_vec()),
        (6, stream("", b"BT /W 10 Tf <00410042> Tj ET")),
    ]);
    assert_eq!(codes(&read(&nameless)), ["no-text"]);
}

#[test]
fn a_cut_or_flipped_file_is_read_as_far_as_it_goes() {
    let whole = two_pages();
    let all = read(&whole).blocks.len();
    for end in (0..whole.len()).step_by(whole.len() / 50) {
        let mut cut = b"%PDF-".to_vec();
        cut.extend(&whole[5.min(end)..end]);
        let text = read(&cut);
        assert!(text.blocks.len() <= all);
        assert!(!text.diagnostics.is_empty() || !text.blocks.is_empty(), "cut at {end}: an empty success");
    }
    // Numerical Recipes' linear congruence: the same flips on every machine.
    let mut seed = 1_u32;
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..4 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = 8 + (seed >> 8) as usize % (bytes.len() - 8);
            bytes[at] ^= 1 << (seed >> 29);
        }
        assert_eq!(read(&bytes), read(&bytes));
    }
}

#[test]
fn a_bomb_is_cut_short() {
    let catalogue = (1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
    let tree = (2, b"<< /Type /Pages /Kids [5 0 R] /Resources << /XObject << /X 6 0 R >> >> >>".to_vec());
    let page = (5, b"<< /Type /Page /Contents 6 0 R >>".to_vec());
    let bomb = packed(&vec![b' '; 33 << 20]);
    let twice = packed(&bomb);
    let text = read(&file(&[
        catalogue.clone(),
        tree.clone(),
        page.clone(),
        (6, stream("/Filter [/FlateDecode /FlateDecode]", &twice)),
    ]));
    assert_eq!(codes(&text), ["no-text", "too-large"]);

    // Drawings that draw themselves, ten times each.
    let text = read(&file(&[
        catalogue.clone(),
        tree.clone(),
        page.clone(),
        (6, stream("/Subtype /Form", "/X Do ".repeat(10).as_bytes())),
    ]));
    assert!(codes(&text).contains(&"too-much"), "{:?}", codes(&text));

    // One array of many numbers, as many objects of a stream as can be named.
    let mut index = String::new();
    for number in 0..3_000 {
        write!(index, "{} 0 ", 100 + number).unwrap();
    }
    let inside = format!("{index}[{}]", "0 ".repeat(10_000));
    let entries = format!("/Type /ObjStm /N 3000 /First {} /Filter /FlateDecode", index.len());
    let text = read(&file(&[
        catalogue.clone(),
        tree.clone(),
        page.clone(),
        (6, stream(&entries, &packed(inside.as_bytes()))),
    ]));
    assert_eq!(codes(&text), ["no-text"]);

    // A font for every page, each with widths for all codes in a few bytes.
    let kids: String = (0..2_000)
        .map(|at| format!("<< /Contents 6 0 R /Resources << /Font << /W {} 0 R >> >> >>", 100 + at))
        .collect();
    let mut objects = vec![
        catalogue.clone(),
        (2, format!("<< /Type /Pages /Kids [{kids}] >>").into_bytes()),
        (6, stream("", b"BT /W 10 Tf <00410042> Tj ET")),
        (7, stream("", b"1 beginbfrange <0000> <ffff> <0020> endbfrange")),
    ];
    let font = "<< /Subtype /Type0 /ToUnicode 7 0 R /DescendantFonts [<< /W [0 65535 500 0 65535 500] >>] >>";
    objects.extend((0..2_000).map(|at| (100 + at, font.as_bytes().to_vec())));
    assert_eq!(codes(&read(&file(&objects))), [""; 0]);

    // Images within images, which a reader that looks for the last one follows to the end of its stack.
    let images = "BI ID EI xx EI ".repeat(20_000);
    let text = read(&file(&[catalogue, tree, page, (6, stream("", images.as_bytes()))]));
    assert_eq!(codes(&text), ["no-text"]);
}

#[test]
fn a_tree_of_pages_ends_whatever_it_says() {
    let round = file(&[
        (1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()),
        (2, b"<< /Type /Pages /Kids [2 0 R 3 0 R] >>".to_vec()),
        (3, b"<< /Type /Pages /Kids [2 0 R] >>".to_vec()),
    ]);
    assert_eq!(codes(&read(&round)), ["page-tree", "page-tree", "pdf"]);

    let many = format!("<< /Type /Pages /Kids [{}] >>", "<< /Type /Page >> ".repeat(100_000));
    let text = read(&file(&[(1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()), (2, many.into_bytes())]));
    assert_eq!(codes(&text), ["too-many", "no-text"]);
    assert!(text.diagnostics[0].message.contains("5000 were read"), "{:?}", text.diagnostics[0]);

    let mut deep = vec![(1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec())];
    deep.extend((2..10_000).map(|number| (number, format!("<< /Kids [{} 0 R] >>", number + 1).into_bytes())));
    let text = read(&file(&deep));
    assert_eq!(codes(&text), ["page-missing", "pdf"]);

    for nested in ["[", "<<", "<</A[", "("] {
        let bytes = file(&[(1, format!("<< /Type /Catalog /Pages {}", nested.repeat(200_000)).into_bytes())]);
        assert!(!read(&bytes).diagnostics.is_empty(), "{nested}");
    }
}
