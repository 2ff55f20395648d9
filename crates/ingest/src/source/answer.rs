//! What a response's body says: text of the first choice, why it ended, tokens. Streams, kept as lists of chunks or as
//! server-sent events, are put together first.

use super::body::content;
use super::draft::Draft;
use super::json::Json;
use super::spelling::stop_reason;
use super::usage::Usage;

/// A response as far as it is known.
#[derive(Default)]
pub(crate) struct Answer {
    text: String,
    stop: Option<String>,
    /// A tool was called; some providers say so only there.
    called: bool,
    usage: Usage,
    model: Option<String>,
    /// When it was made.
    created: Json,
    /// Milliseconds that the provider says it took.
    latency_ms: Option<f64>,
}

/// Reads a response's body into a draft.
pub(crate) fn response(body: &Json, draft: &mut Draft) {
    Answer::read(body).fill(draft);
}

impl Answer {
    pub(crate) fn read(body: &Json) -> Self {
        let mut answer = Self::default();
        match body {
            Json::Text(text) => answer.events(text),
            Json::List(items) if items.iter().any(is_chunk) => items.iter().for_each(|chunk| answer.chunk(chunk)),
            Json::List(items) => items.iter().take(1).for_each(|first| answer.message(first)),
            other => answer.body(other),
        }
        answer
    }

    pub(crate) fn fill(self, draft: &mut Draft) {
        let stop = match self.stop {
            // Gemini calls a call of a tool a stop.
            Some(stop) if self.called && stop == "stop" => Some("tool_use".into()),
            None if self.called => Some("tool_use".into()),
            stop => stop,
        };
        draft.text("response", self.text);
        draft.word("stop_reason", stop);
        self.usage.fill(draft);
        draft.word("model", self.model);
        draft.float("latency_ms", self.latency_ms);
    }

    pub(crate) fn created(&self) -> &Json {
        &self.created
    }

    fn body(&mut self, body: &Json) {
        if is_chunk(body) {
            return self.chunk(body);
        }
        self.head(body);
        let choices = body.first(&["choices", "candidates", "generations", "results"]);
        if let Some(first) = choices.items().first() {
            self.choice(first);
        } else if !body.at("output/message").is_empty() {
            self.message(body.at("output/message"));
        } else if let Json::List(items) = body.get("output") {
            for item in items {
                self.item(item);
            }
        } else {
            self.message(body);
        }
        self.stop_of(body);
    }

    /// What a body, or the last chunk of one, says about the whole.
    fn head(&mut self, body: &Json) {
        let usage = body.first(&["usage", "usageMetadata", "usage_metadata", "amazon-bedrock-invocationMetrics"]);
        self.usage.update(Usage::read(usage));
        // The models of Bedrock that have no usage object.
        self.usage.update(Usage::read(&Json::Map(
            [("prompt_tokens", "prompt_token_count"), ("completion_tokens", "generation_token_count")]
                .map(|(name, own)| (name.to_owned(), body.get(own).clone()))
                .into(),
        )));
        self.model = self.model.take().or_else(|| body.first(&["model", "modelVersion", "model_version"]).word());
        if self.created.is_empty() {
            self.created = body.first(&["created", "created_at", "createTime"]).clone();
        }
        let latency = [body.at("metrics/latencyMs"), usage.get("invocationLatency")];
        self.latency_ms = self.latency_ms.or_else(|| latency.iter().find_map(|latency| latency.number()));
    }

    /// One of the alternatives.
    fn choice(&mut self, choice: &Json) {
        self.stop_of(choice);
        let message = choice.first(&["message", "content", "delta"]);
        match message {
            Json::Map(_) => self.message(message),
            other => content(other, &mut self.text),
        }
        for name in ["text", "outputText"] {
            content(choice.get(name), &mut self.text);
        }
    }

    /// A message, or a body that is one.
    fn message(&mut self, message: &Json) {
        if let Json::Text(text) = message {
            return self.text.push_str(text);
        }
        self.stop_of(message);
        let parts = message.first(&["content", "parts", "text", "generation", "outputText", "generated_text"]);
        content(parts, &mut self.text);
        let calls = ["tool_calls", "function_call", "toolCalls"];
        self.called |= calls.iter().any(|name| !message.get(name).is_empty()) || parts.items().iter().any(is_call);
        if let Json::Map(_) = message.get("message") {
            self.message(message.get("message"));
        }
    }

    /// An item of a response of the OpenAI responses interface.
    fn item(&mut self, item: &Json) {
        match item.get("type").text() {
            Some("reasoning") => {}
            Some("function_call" | "custom_tool_call" | "tool_call") => self.called = true,
            _ => self.message(item),
        }
    }

    fn stop_of(&mut self, place: &Json) {
        let names = ["finish_reason", "stop_reason", "stopReason", "finishReason", "completionReason"];
        let reason = place.first(&names);
        let reason = if let Json::Map(_) = reason { reason.get("type") } else { reason };
        let incomplete = place.at("incomplete_details/reason");
        let status = place.get("status").text().filter(|status| matches!(*status, "completed" | "failed"));
        let word = reason.text().or_else(|| incomplete.text()).or(status);
        if self.stop.is_none() {
            self.stop = word.and_then(stop_reason);
        }
    }

    /// Server-sent events; a line that breaks off is left out, and text that is none is the answer.
    fn events(&mut self, text: &str) {
        if !text.lines().take(64).any(|line| line.starts_with("data:")) {
            return self.text.push_str(text);
        }
        for event in text.lines().filter_map(|line| line.strip_prefix("data:")) {
            if let Ok(chunk) = Json::parse(event.trim()) {
                self.chunk(&chunk);
            }
        }
    }

    fn chunk(&mut self, chunk: &Json) {
        match chunk.get("type").text() {
            Some("message_start") => self.head(chunk.get("message")),
            Some("content_block_start") => self.called |= is_call(chunk.get("content_block")),
            Some("content_block_delta") => self.push(chunk.at("delta/text")),
            Some("message_delta") => {
                self.stop_of(chunk.get("delta"));
                // Its counts are those of the whole message, but for the input.
                let usage = Usage::read(chunk.get("usage"));
                self.usage
                    .update(Usage { input: usage.input.filter(|input| Some(*input) > self.usage.input), ..usage });
            }
            Some("message_stop") => self.metrics(chunk),
            Some("response.output_text.delta") => self.push(chunk.get("delta")),
            Some("response.completed" | "response.incomplete" | "response.failed") => {
                let text = std::mem::take(&mut self.text);
                self.body(chunk.get("response"));
                if !text.is_empty() {
                    self.text = text;
                }
            }
            _ => self.bare_chunk(chunk),
        }
    }

    fn bare_chunk(&mut self, chunk: &Json) {
        self.head(chunk);
        self.metrics(chunk);
        for choice in chunk.first(&["choices", "candidates"]).items() {
            if choice.get("index").integer().unwrap_or(0) != 0 {
                continue;
            }
            self.stop_of(choice);
            let delta = choice.get("delta");
            self.called |= !delta.first(&["tool_calls", "function_call"]).is_empty();
            self.push(delta.get("content"));
            self.push(choice.get("text"));
            for part in choice.at("content/parts").items() {
                self.called |= is_call(part);
                if part.get("thought").boolean() != Some(true) {
                    self.push(part.get("text"));
                }
            }
        }
        self.push(chunk.at("contentBlockDelta/delta/text"));
        self.called |= !chunk.at("contentBlockStart/start/toolUse").is_empty();
        self.stop_of(chunk.get("messageStop"));
        self.usage.update(Usage::read(chunk.at("metadata/usage")));
        self.latency_ms = chunk.at("metadata/metrics/latencyMs").number().or(self.latency_ms);
        if !chunk.get("done").is_empty() {
            // Ollama, which says at the end how much it was.
            self.push(chunk.at("message/content"));
            self.push(chunk.get("response"));
            let count = |name: &str| chunk.get(name).integer();
            self.usage.update(Usage { input: count("prompt_eval_count"), output: count("eval_count"), cached: None });
            self.stop_of(&Json::Map(vec![("finish_reason".into(), chunk.get("done_reason").clone())]));
        }
        for name in ["outputText", "generation", "completion"] {
            self.push(chunk.get(name));
        }
        self.stop_of(chunk);
    }

    /// What Bedrock adds to the last chunk of any model.
    fn metrics(&mut self, chunk: &Json) {
        let metrics = chunk.get("amazon-bedrock-invocationMetrics");
        let counted = Usage::read(metrics);
        self.usage.output = counted.output.or(self.usage.output);
        if self.usage.input.is_none() {
            self.usage.input = counted.input;
        }
        self.latency_ms = self.latency_ms.or(metrics.get("invocationLatency").number());
    }

    fn push(&mut self, piece: &Json) {
        if let Json::Text(text) = piece {
            self.text.push_str(text);
        }
    }
}

fn is_call(part: &Json) -> bool {
    let kind = part.get("type").text();
    matches!(kind, Some("tool_use" | "tool_call" | "function_call"))
        || ["functionCall", "function_call", "toolUse"].iter().any(|name| !part.get(name).is_empty())
}

/// Whether it is a piece of a stream.
fn is_chunk(chunk: &Json) -> bool {
    let kind = chunk.get("type").text().unwrap_or_default();
    let events = ["message_start", "message_delta", "message_stop", "content_block_"];
    let bedrock = ["contentBlockDelta", "messageStart", "messageStop", "contentBlockStart", "contentBlockStop"];
    events.iter().any(|event| kind.starts_with(event))
        || kind.starts_with("response.")
        || chunk.get("object").text().is_some_and(|object| object.contains(".chunk"))
        || bedrock.iter().any(|name| !chunk.get(name).is_empty())
        || chunk.get("choices").items().iter().any(|choice| !choice.get("delta").is_empty())
        || !chunk.get("candidates").is_empty()
        || !chunk.get("outputText").is_empty()
        || !chunk.get("generation").is_empty()
        || (!chunk.get("done").is_empty() && (!chunk.get("message").is_empty() || !chunk.get("response").is_empty()))
}

#[cfg(test)]
mod tests {
    use super::response;
    use crate::source::draft::Draft;
    use crate::source::json::Json;

    fn read(body: &str) -> Draft {
        let mut draft = Draft::default();
        response(&Json::parse(body).unwrap_or_else(|_| Json::text_of(body)), &mut draft);
        draft
    }

    #[test]
    fn every_shape_and_every_stream_says_the_same() {
        for body in [
            r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi there"},"finish_reason":"length"},{"index":1,"message":{"content":"other"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}"#,
            r#"{"choices":[{"text":"Hi there","finish_reason":"length"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}"#,
            r#"{"output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text","text":"Hi there"}]}],"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":9,"output_tokens":4}}"#,
            r#"{"content":[{"type":"thinking","thinking":"t"},{"type":"text","text":"Hi there"}],"stop_reason":"max_tokens","usage":{"input_tokens":9,"output_tokens":4}}"#,
            r#"{"candidates":[{"content":{"parts":[{"text":"Hi there"}]},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4}}"#,
            r#"{"output":{"message":{"role":"assistant","content":[{"text":"Hi there"}]}},"stopReason":"max_tokens","usage":{"inputTokens":9,"outputTokens":4}}"#,
            r#"{"results":[{"outputText":"Hi there","completionReason":"LENGTH"}],"usage":{"input_tokens":9,"output_tokens":4}}"#,
            r#"{"generation":"Hi there","prompt_token_count":9,"generation_token_count":4,"stop_reason":"length"}"#,
            r#"[{"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}},{"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}},{"type":"content_block_delta","delta":{"text":" there"}},{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":4}},{"type":"message_stop"}]"#,
            r#"[{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"}}]},{"object":"chat.completion.chunk","choices":[{"index":1,"delta":{"content":"no"}}]},{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" there"},"finish_reason":"length"}]},{"object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}]"#,
            r#"[{"messageStart":{"role":"assistant"}},{"contentBlockDelta":{"delta":{"text":"Hi"}}},{"contentBlockDelta":{"delta":{"text":" there"}}},{"messageStop":{"stopReason":"max_tokens"}},{"metadata":{"usage":{"inputTokens":9,"outputTokens":4}}}]"#,
            r#"[{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]},{"candidates":[{"content":{"parts":[{"text":" there"}]},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4}}]"#,
            r#"[{"message":{"content":"Hi"},"done":false},{"message":{"content":" there"},"done":false},{"message":{"content":""},"done":true,"done_reason":"length","prompt_eval_count":9,"eval_count":4}]"#,
            "data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi there\"}\n\ndata: {\"type\":\"response.incomplete\",\"response\":{\"output\":[],\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"usage\":{\"input_tokens\":9,\"output_tokens\":4}}}\n\ndata: [DONE]\n\ndata: {\"type\":",
        ] {
            let draft = read(body);
            assert_eq!(draft.get_text("response"), Some("Hi there"), "{body}");
            assert_eq!(draft.get_text("stop_reason"), Some("length"), "{body}");
            assert_eq!(
                (draft.get_integer("input_tokens"), draft.get_integer("output_tokens")),
                (Some(9), Some(4)),
                "{body}"
            );
        }
    }

    #[test]
    fn a_call_of_a_tool_is_no_text() {
        for body in [
            r#"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"c"}]},"finish_reason":"tool_calls"}]}"#,
            r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"}}]},"finishReason":"STOP"}]}"#,
            r#"{"content":[{"type":"tool_use","name":"f"}],"stop_reason":"tool_use"}"#,
            r#"[{"role":"assistant","parts":[{"type":"tool_call","name":"f"}],"finish_reason":"tool_call"}]"#,
        ] {
            let draft = read(body);
            assert_eq!((draft.get_text("response"), draft.get_text("stop_reason")), (None, Some("tool_use")), "{body}");
        }
    }
}
