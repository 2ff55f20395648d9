//! Numbers as people write them: "7B", "8k", "1.5 billion".

/// What a number may mean, given the digits that it is written with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantity {
    least: f64,
    most: f64,
}

impl Quantity {
    /// Reads a number with or without a unit; `None` for other words.
    ///
    /// A whole number without a unit is exact. With a unit, the last digit may have been rounded or cut off: names of
    /// models do both ("7B" stands for 6.74 and for 7.62 billion parameters). A last digit that is zero is not taken
    /// for one that was counted ("70B" for 68.98 billion). A thousand may be 1,024.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace([',', '_'], "");
        let end = text.find(|character: char| !(character.is_ascii_digit() || "+-.eE".contains(character)));
        let (digits, unit) = text.split_at(end.unwrap_or(text.len()));
        let mut words = unit.split_whitespace();
        let scale = match words.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "" | "params" | "parameters" | "tokens" => 1.0,
            "k" | "thousand" => 1e3,
            "m" | "million" | "mio" => 1e6,
            "b" | "bn" | "g" | "billion" => 1e9,
            "t" | "trillion" => 1e12,
            _ => return None,
        };
        if !words.all(|word| matches!(word.to_ascii_lowercase().as_str(), "params" | "parameters" | "tokens")) {
            return None;
        }
        let value: f64 = digits.parse().ok().filter(|value: &f64| value.is_finite())?;
        if scale <= 1.0 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self { least: value, most: value });
        }
        // Beyond 255 digits a number is as exact as it gets.
        let places =
            digits.split_once('.').map_or(0, |(_, fraction)| fraction.bytes().fold(0_u8, |n, _| n.saturating_add(1)));
        let round = places == 0 && digits.len() > 1 && digits.ends_with('0');
        let digit = if round { 10.0 } else { 0.1_f64.powi(i32::from(places)) } * scale;
        let binary = if scale.total_cmp(&1e3).is_eq() { 1.024 } else { 1.0 };
        // A little more, so that a value that was rounded up from the half agrees with itself.
        Some(Self { least: value * scale - 0.500_001 * digit, most: (value * scale + digit) * binary })
    }

    /// Whether both can mean one number.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self.least <= other.most && other.least <= self.most
    }
}
