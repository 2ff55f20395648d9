//! Documents about one model held against each other: what contradicts is told, what is rounded is not.

use stillwatch_documents::importers::cross_check::cross_check;
use stillwatch_documents::importers::{config, hugging_face, weights};
use stillwatch_lineage::{DocumentKind, Draft, Import, NodeRef, Origin, Scheme, StrictVerdict, Value};

use crate::headers::{Pair, gguf, safetensors};

fn subject() -> NodeRef {
    NodeRef::model("tiny").with(Scheme::HuggingFace, "example/tiny")
}

fn about(name: &str) -> Origin {
    Origin { subject: Some(subject()), ..Origin::named(name) }
}

/// What people wrote in a document with fields.
fn card(fields: &[(&str, &str)]) -> Import {
    let text = format!("{fields:?}");
    let mut draft = Draft::new(text.as_bytes(), &about("card.json"), DocumentKind::CycloneDx);
    for (attribute, value) in fields {
        draft.value(subject(), *attribute, Value::Text((*value).into()), format!("/{attribute}"));
    }
    draft.finish(StrictVerdict::NotChecked { why: "made up".into() })
}

fn front(words: &str) -> Import {
    hugging_face::read(format!("---\n{words}\n---\n").as_bytes(), &about("README.md"))
}

fn configured(fields: &str) -> Import {
    config::read(format!("{{{fields}}}").as_bytes(), &about("config.json"))
}

/// Most weights of kind 12 are Q4_K; file type 15 is Q4_K_M.
fn packed(more: &[(&str, Pair<'_>)]) -> Import {
    let mut pairs = vec![("general.architecture", Pair::Text("qwen2")), ("general.file_type", Pair::Number(15))];
    for (key, value) in more {
        let value = match value {
            Pair::Number(number) => Pair::Number(*number),
            Pair::Text(text) => Pair::Text(text),
            Pair::Texts(texts) => Pair::Texts(texts),
        };
        pairs.push((key, value));
    }
    let bytes = gguf(&pairs, &[("token_embd.weight", &[256, 512], 12), ("blk.0.attn_q.weight", &[256, 256], 12)]);
    weights::gguf::read(&bytes, &about("tiny.Q4_K_M.gguf"))
}

/// BF16, 8 × 4 embeddings and one layer.
fn full() -> Import {
    let header = r#"{"model.embed_tokens.weight":{"dtype":"BF16","shape":[8,4],"data_offsets":[0,64]},"model.layers.0.w":{"dtype":"BF16","shape":[4,4],"data_offsets":[64,96]}}"#;
    weights::safetensors::read(&safetensors(header, 96), &about("model.safetensors"))
}

fn contradictions(imports: &[Import]) -> Vec<String> {
    let told = cross_check(&subject(), imports, &Origin::named("cross-check"));
    assert!(told.diagnostics.iter().all(|found| found.code == "contradiction"), "{:?}", told.diagnostics);
    told.diagnostics.into_iter().map(|found| found.message).collect()
}

fn agree(imports: &[Import]) {
    assert_eq!(contradictions(imports), [""; 0]);
}

fn differ(imports: &[Import], start: &str) {
    let told = contradictions(imports);
    assert_eq!(told.len(), 1, "{start}: {told:?}");
    assert!(told[0].starts_with(start), "{told:?}");
}

#[test]
fn architectures_differ_by_name_and_not_by_spelling() {
    let qwen = || packed(&[]);
    differ(&[card(&[("architecture", "LlamaForCausalLM")]), qwen()], "architecture: ");
    differ(&[configured(r#""architectures":["MistralForCausalLM"]"#), qwen()], "architecture: ");
    differ(&[configured(r#""architectures":["Qwen2MoeForCausalLM"]"#), qwen()], "architecture: ");
    differ(
        &[card(&[("architecture", "GPT-2")]), configured(r#""architectures":["LlamaForCausalLM"]"#)],
        "architecture: ",
    );
    for same in ["qwen2", "Qwen2ForCausalLM", "Qwen", "Qwen2-7B", "decoder-only transformer", "unknown"] {
        agree(&[card(&[("architecture", same)]), qwen()]);
    }
    agree(&[card(&[("architecture", "Llama")]), configured(r#""architectures":["LlamaForCausalLM"]"#)]);
    let llama = || packed(&[("general.architecture", Pair::Text("llama"))]);
    agree(&[card(&[("architecture", "Llama 2")]), configured(r#""architectures":["LlamaForCausalLM"]"#)]);
    agree(&[card(&[("architecture", "Mistral")]), llama()]);
    differ(&[card(&[("architecture", "Falcon")]), llama()], "architecture: ");
}

#[test]
fn sizes_differ_by_more_than_their_last_digit() {
    let counted = |count: &str| card(&[("parameters", count)]);
    for (written, real) in [
        ("7B", "6738415616"),
        ("7B", "7615616512"),
        ("70B", "68976648192"),
        ("2.7B", "2779683840"),
        ("1.5 billion parameters", "1543714304"),
        ("many", "1543714304"),
    ] {
        agree(&[counted(written), counted(real)]);
    }
    for (written, real) in [("7B", "1543714304"), ("70B", "6738415616"), ("1.5B", "1743714304"), ("8192", "8191")] {
        differ(&[counted(written), counted(real)], "parameters: ");
    }
    let context = |length: u32| packed(&[("qwen2.context_length", Pair::Number(length))]);
    for (written, real) in [("8k", 8_192), ("128K", 131_072), ("32k tokens", 32_768), ("4,096", 4_096)] {
        agree(&[card(&[("context-length", written)]), context(real)]);
    }
    differ(&[card(&[("context-length", "32k")]), context(8_192)], "context-length: ");
    differ(&[configured(r#""max_position_embeddings":4096"#), context(8_192)], "context-length: ");
    differ(&[configured(r#""vocab_size":32000"#), packed(&[])], "vocabulary-size: 512 in tiny.Q4_K_M.gguf");
    agree(&[configured(r#""vocab_size":8,"hidden_size":4,"num_hidden_layers":1"#), full()]);
    differ(&[configured(r#""num_hidden_layers":2"#), full()], "layers: 1 in model.safetensors");
}

#[test]
fn weights_are_of_the_kind_that_is_claimed_or_converted() {
    let claim = |words: &str| card(&[("quantisation", words)]);
    for honest in ["Q4_K_M", "q4_k_m", "Q4_K", "4-bit", "int4", "BF16", "float16", "unknown"] {
        agree(&[claim(honest), packed(&[])]);
    }
    for wrong in ["Q8_0", "Q4_0", "8-bit", "int8", "Q5_K_M"] {
        differ(&[claim(wrong), packed(&[])], "quantisation: Q4_K_M in tiny.Q4_K_M.gguf");
    }
    agree(&[configured(r#""torch_dtype":"bfloat16""#), packed(&[])]);
    agree(&[configured(r#""torch_dtype":"bfloat16""#), full()]);
    differ(&[configured(r#""torch_dtype":"float32""#), full()], "quantisation: BF16 in model.safetensors");
    differ(&[claim("Q4_K_M"), full()], "quantisation: BF16 in model.safetensors");
    let method = r#""quantization_config":{"quant_method":"gptq","bits":4}"#;
    differ(&[configured(method), full()], "quantisation: BF16 in model.safetensors");
    // Both files lie in one folder: the card may speak of either.
    let sizes = r#"{"model.embed_tokens.weight":{"dtype":"BF16","shape":[512,256],"data_offsets":[0,262144]}}"#;
    let whole = || weights::safetensors::read(&safetensors(sizes, 262_144), &about("model.safetensors"));
    let without_counts = |mut import: Import| {
        import.statements.retain(|statement| statement.predicate.as_str() == "quantisation");
        import
    };
    agree(&[claim("Q4_K_M"), without_counts(whole()), without_counts(packed(&[]))]);
    agree(&[claim("BF16"), without_counts(whole()), without_counts(packed(&[]))]);
    differ(&[claim("Q8_0"), without_counts(whole()), without_counts(packed(&[]))], "quantisation: ");
}

#[test]
fn parents_licences_and_tokenizers_are_compared_by_what_they_are() {
    let header = |licence, parent, address| {
        packed(&[
            ("general.name", Pair::Text("Tiny 7B")),
            ("general.license", Pair::Text(licence)),
            ("general.base_model.count", Pair::Number(1)),
            ("general.base_model.0.name", Pair::Text(parent)),
            ("general.base_model.0.repo_url", Pair::Text(address)),
        ])
    };
    let llama = || header("llama2", "Llama 2 7B", "https://huggingface.co/meta-llama/Llama-2-7b-hf");
    agree(&[front("license: llama2\nbase_model: meta-llama/Llama-2-7b-hf"), llama()]);
    agree(&[front("license: other\nlicense_name: LLaMA 2 Community License\nbase_model: unknown"), llama()]);
    differ(&[front("license: mit"), llama()], "licensed-under: ");
    differ(&[front("base_model: mistralai/Mistral-7B-v0.1"), llama()], "base model: ");
    // The file was made from Tiny 7B and keeps the parent of it.
    agree(&[front("base_model: example/Tiny-7B\nbase_model_relation: quantized"), llama()]);
    differ(&[front("base_model: example/Other-7B\nbase_model_relation: quantized"), llama()], "base model: ");
    let apache = || header("apache-2.0", "x", "https://example.org/x");
    agree(&[front("license: other\nlicense_name: Apache License, Version 2.0"), apache()]);

    let cut = |by| packed(&[("tokenizer.ggml.model", Pair::Text(by))]);
    let class = |class: &str| configured(&format!(r#""tokenizer_class":"{class}""#));
    for (same, by) in [
        ("LlamaTokenizer", "llama"),
        ("LlamaTokenizerFast", "gpt2"),
        ("Qwen2Tokenizer", "gpt2"),
        ("PreTrainedTokenizerFast", "gpt2"),
        ("BertTokenizerFast", "bert"),
    ] {
        agree(&[class(same), cut(by)]);
    }
    differ(&[class("T5Tokenizer"), cut("gpt2")], "tokenizer: ");
    differ(&[class("Qwen2Tokenizer"), cut("llama")], "tokenizer: ");
    differ(&[card(&[("tokenizer", "SentencePiece")]), cut("gpt2")], "tokenizer: ");
}
