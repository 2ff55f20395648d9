//! What a request's body says: messages, tools and parameters, in the shapes of OpenAI (chat, completions, responses),
//! Anthropic, Gemini, Bedrock (Converse and the models' own) and the serving engines.

use super::draft::{Draft, is_placeholder};
use super::json::Json;

/// Reads a request's body. Parameters are looked for in the body itself and where the shapes keep them.
pub(crate) fn request(body: &Json, draft: &mut Draft) {
    said(body, draft);
    tools(body, draft);
    parameters(body, draft);
    for place in PARAMETER_PLACES {
        parameters(body.get(place), draft);
    }
    // Without them in a whole body of this shape, the defaults hold: no probabilities.
    if is_openai(body) {
        draft.boolean("logprobs", Some(false));
    }
    draft.word("model", body.first(&["model", "modelId", "model_id"]).word());
    end_user(body, draft);
}

/// Sampling parameters, under any of their names.
pub(crate) fn parameters(place: &Json, draft: &mut Draft) {
    draft.put("temperature", place.get("temperature"));
    draft.put("top_p", place.first(&["top_p", "topP", "p"]));
    let n = ["n", "candidateCount", "candidate_count", "num_return_sequences", "choice.count", "num_generations"];
    draft.put("n", place.first(&n));
    draft.put("max_tokens", place.first(&MAX_TOKENS));
    let asked = place.first(&["logprobs", "responseLogprobs", "response_logprobs", "return_logprob"]);
    let ranked = place.first(&["top_logprobs", "top_n_tokens"]).integer().filter(|most| *most > 0);
    draft.boolean("logprobs", asked.boolean().or(ranked.map(|_| true)));
}

/// Parameters that are recorded without their body: those that were set, so no probabilities where none are named.
pub(crate) fn recorded_parameters(place: &Json, draft: &mut Draft) {
    parameters(place, draft);
    tools(place, draft);
    let openai = ["max_tokens", "max_completion_tokens", "n", "stream"];
    if openai.iter().any(|name| !place.get(name).is_empty()) {
        draft.boolean("logprobs", Some(false));
    }
}

/// The key by which a reseller tells its own users apart.
pub(crate) fn end_user(body: &Json, draft: &mut Draft) {
    let own = body.first(&["safety_identifier", "user"]).word();
    draft.word("end_user", own.or_else(|| body.at("metadata/user_id").word()));
}

pub(crate) fn tools(body: &Json, draft: &mut Draft) {
    let tools = body.first(&["tools", "functions", "toolConfig", "tool_config"]);
    if let Json::List(_) | Json::Map(_) = tools {
        draft.put("tools", tools);
    }
}

/// What is said: system prompt and prompt.
pub(crate) fn said(body: &Json, draft: &mut Draft) {
    let mut said = Said::default();
    for name in ["system", "instructions", "systemInstruction", "system_instruction", "systemPrompt"] {
        content(body.get(name), &mut said.system);
    }
    content(body.at("config/system_instruction"), &mut said.system);
    for name in ["messages", "contents", "input", "prompt", "inputs", "inputText", "text", "query", "args"] {
        said.read(body.get(name));
    }
    said.fill(draft);
}

/// Messages by role.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) system: String,
    pub(crate) text: String,
}

impl Said {
    /// Reads a text, a message, or a list of either.
    pub(crate) fn read(&mut self, place: &Json) {
        match place {
            Json::List(items) => items.iter().for_each(|item| self.read(item)),
            Json::Map(_) if !place.get("messages").is_empty() => self.read(place.get("messages")),
            Json::Map(_) => {
                let role = place.get("role").text().unwrap_or("user");
                let into = if matches!(role, "system" | "developer") { &mut self.system } else { &mut self.text };
                let before = into.len();
                for name in ["content", "parts", "text", "message"] {
                    content(place.get(name), into);
                    if into.len() > before {
                        break;
                    }
                }
            }
            other => content(other, &mut self.text),
        }
    }

    pub(crate) fn fill(self, draft: &mut Draft) {
        draft.text("system", self.system);
        draft.text("prompt", self.text);
    }
}

/// Appends the text of a content: a string, a part with a text, or a list of these.
pub(crate) fn content(place: &Json, out: &mut String) {
    match place {
        Json::Text(text) => push_line(out, text),
        Json::List(items) => items.iter().for_each(|item| content(item, out)),
        Json::Map(_) if matches!(place.get("type").text(), Some("reasoning" | "thinking" | "redacted_thinking")) => {}
        // A prompt template of TensorZero: the words are those of its arguments.
        Json::Map(_)
            if matches!(place.get("type").text(), Some("template" | "text"))
                && !place.get("arguments").entries().is_empty() =>
        {
            place.get("arguments").entries().iter().for_each(|(_, value)| content(value, out));
        }
        Json::Map(_) => {
            for name in ["text", "content", "parts", "value"] {
                if !place.get(name).is_empty() {
                    content(place.get(name), out);
                    return;
                }
            }
        }
        _ => {}
    }
}

fn push_line(out: &mut String, line: &str) {
    if line.is_empty() || is_placeholder(line) {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(line);
}

fn is_openai(body: &Json) -> bool {
    let foreign = ["anthropic_version", "contents", "inferenceConfig", "sampling_params", "inputText"];
    let own = ["messages", "prompt", "input"];
    own.iter().any(|name| !body.get(name).is_empty()) && foreign.iter().all(|name| body.get(name).is_empty())
}

const PARAMETER_PLACES: [&str; 8] = [
    "generationConfig",
    "generation_config",
    "inferenceConfig",
    "config",
    "parameters",
    "sampling_params",
    "textGenerationConfig",
    "additionalModelRequestFields",
];

const MAX_TOKENS: [&str; 11] = [
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "maxTokens",
    "maxOutputTokens",
    "max_new_tokens",
    "max_tokens_to_sample",
    "max_gen_len",
    "maxTokenCount",
    "max_length",
    "maxCompletionTokens",
];

#[cfg(test)]
mod tests {
    use super::request;
    use crate::raw::Raw;
    use crate::source::draft::Draft;
    use crate::source::json::Json;

    fn read(body: &str) -> Draft {
        let mut draft = Draft::default();
        request(&Json::parse(body).unwrap_or_default(), &mut draft);
        draft
    }

    #[test]
    fn every_shape_says_the_same() {
        for body in [
            r#"{"messages":[{"role":"system","content":"S"},{"role":"user","content":"U"}],"max_tokens":5,"temperature":0.5}"#,
            r#"{"messages":[{"role":"developer","content":[{"type":"text","text":"S"}]},{"role":"user","content":[{"type":"text","text":"U"},{"type":"image_url","image_url":{"url":"x"}}]}],"max_completion_tokens":5,"temperature":0.5}"#,
            r#"{"instructions":"S","input":[{"role":"user","content":[{"type":"input_text","text":"U"}]}],"max_output_tokens":5,"temperature":0.5}"#,
            r#"{"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"U"}],"max_tokens":5,"temperature":0.5,"anthropic_version":"x"}"#,
            r#"{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"U"}]}],"generationConfig":{"maxOutputTokens":5,"temperature":0.5}}"#,
            r#"{"system":[{"text":"S"}],"messages":[{"role":"user","content":[{"text":"U"}]}],"inferenceConfig":{"maxTokens":5,"temperature":0.5}}"#,
        ] {
            let draft = read(body);
            assert_eq!((draft.get_text("system"), draft.get_text("prompt")), (Some("S"), Some("U")), "{body}");
            assert_eq!(draft.get_integer("max_tokens"), Some(5), "{body}");
            assert!(matches!(draft.get("temperature"), Some(Raw::Float(_))), "{body}");
        }
    }

    #[test]
    fn thinking_and_withheld_text_are_no_words_of_the_user() {
        let draft = read(
            r#"{"messages":[{"role":"user","content":"redacted-by-litellm"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","text":"t"}]}]}"#,
        );
        assert!(!draft.has("prompt"));
    }
}
