//! Letters of other scripts that pass for Latin ones.
//!
//! The pairs are those of the Unicode confusables (UTS #39) that print alike in common fonts; letters that differ at a
//! glance are left alone. Full-width, mathematical and circled letters need no entry: NFKC takes them to Latin.

/// The Latin letter that a letter in this case looks like.
pub(crate) fn looks_like(c: char) -> Option<char> {
    Some(match c {
        'А' | 'Α' | 'Ꭺ' => 'A',
        'а' | 'α' | 'ɑ' => 'a',
        'В' | 'Β' | 'Ᏼ' => 'B',
        'Ь' | 'Ꮟ' => 'b',
        'С' | 'Ϲ' | 'Ꮯ' => 'C',
        'с' | 'ϲ' => 'c',
        'Ꭰ' => 'D',
        'ԁ' | 'Ԁ' => 'd',
        'Е' | 'Ε' | 'Ꭼ' => 'E',
        'е' | 'ҽ' => 'e',
        'ғ' | 'Ғ' => 'f',
        'Ԍ' | 'Ꮐ' => 'G',
        'ɡ' | 'ց' => 'g',
        'Н' | 'Η' | 'Ꮋ' => 'H',
        'һ' | 'Һ' | 'հ' => 'h',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'і' | 'ι' | 'ı' | 'ɩ' | 'Ꭵ' => 'i',
        'Ј' | 'Ꭻ' => 'J',
        'ј' | 'ϳ' | 'յ' => 'j',
        'К' | 'Κ' | 'Ꮶ' => 'K',
        'к' | 'κ' => 'k',
        'Ꮮ' | 'Լ' => 'L',
        'ӏ' => 'l',
        'М' | 'Μ' | 'Ꮇ' => 'M',
        'Ν' => 'N',
        'ո' | 'п' => 'n',
        'О' | 'Ο' | 'Օ' => 'O',
        'о' | 'ο' | 'օ' => 'o',
        'Р' | 'Ρ' | 'Ꮲ' => 'P',
        'р' | 'ρ' => 'p',
        'Ԛ' => 'Q',
        'ԛ' | 'զ' => 'q',
        'Ꭱ' | 'Ꮢ' => 'R',
        'г' => 'r',
        'Ѕ' | 'Տ' | 'Ꮪ' => 'S',
        'ѕ' => 's',
        'Т' | 'Τ' | 'Ꭲ' => 'T',
        'т' | 'τ' => 't',
        'Ս' => 'U',
        'υ' | 'ս' => 'u',
        'Ѵ' | 'Ꮩ' => 'V',
        'ν' | 'ѵ' => 'v',
        'Ԝ' | 'Ꮃ' => 'W',
        'ԝ' | 'ѡ' => 'w',
        'Х' | 'Χ' => 'X',
        'х' | 'χ' => 'x',
        'У' | 'Υ' | 'Ү' => 'Y',
        'у' | 'γ' | 'ү' => 'y',
        'Ζ' | 'Ꮓ' => 'Z',
        _ => return None,
    })
}

/// The Latin letter that a letter stands for in a word of one script: the same for both of its cases, so that text in
/// such a script can be put in upper case and back.
pub(crate) fn looks_like_in_either_case(c: char) -> Option<char> {
    single(c.to_uppercase()).and_then(looks_like).or_else(|| single(c.to_lowercase()).and_then(looks_like))
}

fn single(mut cases: impl Iterator<Item = char>) -> Option<char> {
    cases.next().filter(|_| cases.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::{looks_like, looks_like_in_either_case};

    #[test]
    fn both_cases_stand_for_the_same_letter() {
        for c in ('\u{370}'..='\u{58f}').chain('\u{13a0}'..='\u{13ff}') {
            let upper = c.to_uppercase().next().unwrap();
            if upper.to_lowercase().next() == Some(c) {
                let [a, b] = [c, upper].map(|c| looks_like_in_either_case(c).map(|c| c.to_ascii_lowercase()));
                assert_eq!(a, b, "{c} {upper}");
            }
        }
        assert_eq!((looks_like('ν'), looks_like_in_either_case('ν')), (Some('v'), Some('N')));
    }
}
