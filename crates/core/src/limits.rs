/// How much of a hostile document is read. What lies beyond is a diagnostic; what lies before it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one document.
    pub bytes: usize,
    /// Nesting of arrays, objects, elements.
    pub depth: usize,
    /// Bytes of one text that is kept; longer ones are cut at a character.
    pub text: usize,
    /// Values of one document (JSON nodes, rows, passages).
    pub values: usize,
    /// Statements of one document.
    pub statements: usize,
    /// Diagnostics of one document; the last one then says how many were left out.
    pub diagnostics: usize,
}

impl Default for Limits {
    /// 64 MiB, 128 levels, 16 KiB a text, four million values, one million statements, one thousand diagnostics.
    /// The largest of the BOMs that CycloneDX, SPDX and Croissant publish has 3 MB and 20 levels.
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 128,
            text: 16 << 10,
            values: 4_000_000,
            statements: 1_000_000,
            diagnostics: 1_000,
        }
    }
}

impl Limits {
    /// The text up to the limit, and whether it was cut.
    pub fn cut<'t>(&self, text: &'t str) -> (&'t str, bool) {
        let end = text.floor_char_boundary(self.text);
        (&text[..end], end < text.len())
    }
}
