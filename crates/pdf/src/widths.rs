//! How wide the letters of the standard fonts are (ISO 32000-1, section 9.6.2.2): a file need not say it.

/// The width of a printable ASCII character in thousandths of the size, in a font whose name says of which family it
/// is. A reader needs it to tell words and columns apart, so the families are enough.
pub(super) fn standard(name: &str, code: u8) -> u32 {
    let at = usize::from(code.clamp(b' ', b'~') - b' ');
    if ["courier", "mono", "typewriter", "cmtt"].iter().any(|word| name.contains(word)) {
        return 600;
    }
    let serif =
        ["times", "serif", "roman", "georgia", "garamond", "cmr", "cmbx"].iter().any(|word| name.contains(word))
            && !name.contains("sans");
    u32::from(if serif { TIMES[at] } else { HELVETICA[at] })
}

const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
];
