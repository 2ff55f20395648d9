//! Tokens. Input is always the total, including what came from a cache or was written to one.

use super::draft::Draft;
use super::json::Json;

/// Tokens of one exchange, null where the source does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) input: Option<i64>,
    pub(crate) output: Option<i64>,
    pub(crate) cached: Option<i64>,
}

impl Usage {
    /// Reads a usage object of any provider. Anthropic and Bedrock count input without what the cache read and wrote;
    /// OpenAI and Gemini count it in.
    pub(crate) fn read(usage: &Json) -> Self {
        let count = |names: &[&str]| usage.first(names).integer().filter(|count| *count >= 0);
        let read = count(&["cache_read_input_tokens", "cacheReadInputTokens", "cacheReadInputTokenCount"]);
        let written = count(&["cache_creation_input_tokens", "cacheWriteInputTokens", "cacheWriteInputTokenCount"]);
        let total = count(&["prompt_tokens", "promptTokenCount", "prompt_token_count", "prompt_token"]);
        let bare = count(&["input_tokens", "inputTokens", "inputTokenCount", "inputTextTokenCount"]);
        let details = |name: &str| usage.get(name).get("cached_tokens").integer();
        let cached = details("prompt_tokens_details")
            .or_else(|| details("input_tokens_details"))
            .or_else(|| count(&["cachedContentTokenCount", "cached_content_token_count", "cached_tokens"]))
            .or(read);
        let excluded = read.unwrap_or(0).saturating_add(written.unwrap_or(0));
        Self { input: total.or_else(|| bare.map(|bare| bare.saturating_add(excluded))), output: output(usage), cached }
    }

    pub(crate) fn fill(self, draft: &mut Draft) {
        draft.integer("input_tokens", self.input);
        draft.integer("output_tokens", self.output);
        draft.integer("cached_tokens", self.cached);
    }

    /// Where a stream tells its counts bit by bit, the later one holds.
    pub(crate) fn update(&mut self, later: Self) {
        self.input = later.input.filter(|count| *count > 0).or(self.input).or(later.input);
        self.output = later.output.or(self.output);
        self.cached = later.cached.or(self.cached);
    }
}

fn output(usage: &Json) -> Option<i64> {
    let count = |names: &[&str]| usage.first(names).integer().filter(|count| *count >= 0);
    let plain = count(&[
        "completion_tokens",
        "output_tokens",
        "outputTokens",
        "outputTokenCount",
        "completion_token",
        "candidatesTokenCount",
        "candidates_token_count",
    ]);
    // Gemini leaves thoughts out of the candidates where they add up to its total only together.
    let thoughts = count(&["thoughtsTokenCount", "thoughts_token_count"]);
    let total = count(&["totalTokenCount", "total_token_count"]);
    let prompt = count(&["promptTokenCount", "prompt_token_count"]);
    if let (Some(thoughts), Some(total), Some(prompt)) = (thoughts, total, prompt)
        && total == prompt.saturating_add(plain.unwrap_or(0)).saturating_add(thoughts)
    {
        return Some(total - prompt);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Usage;
    use crate::source::json::Json;

    #[test]
    fn input_is_the_total_in_every_dialect() {
        for usage in [
            r#"{"prompt_tokens":812,"completion_tokens":24,"prompt_tokens_details":{"cached_tokens":640}}"#,
            r#"{"input_tokens":812,"output_tokens":24,"input_tokens_details":{"cached_tokens":640}}"#,
            r#"{"input_tokens":100,"output_tokens":24,"cache_read_input_tokens":640,"cache_creation_input_tokens":72}"#,
            r#"{"inputTokens":172,"outputTokens":24,"cacheReadInputTokens":640}"#,
            r#"{"promptTokenCount":812,"candidatesTokenCount":20,"thoughtsTokenCount":4,"totalTokenCount":836,"cachedContentTokenCount":640}"#,
        ] {
            let read = Usage::read(&Json::parse(usage).unwrap_or_default());
            assert_eq!(read, Usage { input: Some(812), output: Some(24), cached: Some(640) }, "{usage}");
        }
        assert_eq!(Usage::read(&Json::parse(r#"{"prompt_tokens":-1}"#).unwrap_or_default()), Usage::default());
    }
}
