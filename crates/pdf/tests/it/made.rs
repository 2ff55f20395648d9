//! Small PDF files, written here so that every byte of them is known.

use std::fmt::Write;
use std::io::Write as _;

/// One line of text: left, up from the bottom, size, text. The font is Helvetica, or Helvetica-Bold where the size is
/// negative.
pub(crate) type Text<'t> = (i32, i32, i32, &'t str);

/// Objects by their numbers, one after another, with a trailer that points at the first as the catalogue. The
/// cross-reference table is left out: it is not what is tested.
pub(crate) fn file(objects: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (number, body) in objects {
        bytes.extend(format!("{number} 0 obj\n").bytes());
        bytes.extend(body);
        bytes.extend(b"\nendobj\n");
    }
    bytes.extend(b"trailer\n<< /Root 1 0 R /Info 900 0 R >>\nstartxref\n0\n%%EOF\n");
    bytes
}

pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut body = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
    body.extend(data);
    body.extend(b"\nendstream");
    body
}

pub(crate) fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Pages of lines, in the order in which they are drawn.
pub(crate) fn pages(pages: &[&[Text<'_>]]) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|at| format!("{} 0 R ", 100 + 2 * at)).collect();
    let mut objects = vec![
        (1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()),
        (2, format!("<< /Type /Pages /Kids [{kids}] /Count {} /Resources 3 0 R >>", pages.len()).into_bytes()),
        (3, b"<< /Font << /F 4 0 R /B 5 0 R >> >>".to_vec()),
        (4, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec()),
        (5, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>".to_vec()),
    ];
    for (at, lines) in (0_u32..).zip(pages) {
        let mut content = String::new();
        for (left, up, size, text) in *lines {
            let font = if *size < 0 { "B" } else { "F" };
            writeln!(content, "BT /{font} {} Tf 1 0 0 1 {left} {up} Tm ({text}) Tj ET", size.abs()).unwrap();
        }
        let number = 100 + 2 * at;
        let page = format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>", number + 1);
        objects.push((number, page.into_bytes()));
        objects.push((number + 1, stream("/Filter /FlateDecode", &packed(content.as_bytes()))));
    }
    file(&objects)
}
