//! Weight headers, configurations and cards: what they say, and what each makes of the other.

use stillwatch_documents::importers::cross_check::cross_check;
use stillwatch_documents::importers::{config, hugging_face, prose, weights};
use stillwatch_lineage::{EdgeKind, EvidenceKind, Import, NodeRef, Object, Origin, Predicate, Scheme};

pub(crate) fn safetensors(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

pub(crate) fn tiny() -> Vec<u8> {
    safetensors(
        r#"{"__metadata__":{"format":"pt"},"model.embed_tokens.weight":{"dtype":"BF16","shape":[8,4],"data_offsets":[0,64]},"model.layers.0.w":{"dtype":"BF16","shape":[4,4],"data_offsets":[64,96]}}"#,
        96,
    )
}

/// A GGUF file, little-endian, version 3.
pub(crate) fn gguf(pairs: &[(&str, Pair<'_>)], tensors: &[(&str, &[u64], u32)]) -> Vec<u8> {
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(3_u32.to_le_bytes());
    bytes.extend((tensors.len() as u64).to_le_bytes());
    bytes.extend((pairs.len() as u64).to_le_bytes());
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    };
    for (key, value) in pairs {
        text(&mut bytes, key);
        match value {
            Pair::Number(number) => {
                bytes.extend(4_u32.to_le_bytes());
                bytes.extend(number.to_le_bytes());
            }
            Pair::Text(own) => {
                bytes.extend(8_u32.to_le_bytes());
                text(&mut bytes, own);
            }
            Pair::Texts(all) => {
                bytes.extend(9_u32.to_le_bytes());
                bytes.extend(8_u32.to_le_bytes());
                bytes.extend((all.len() as u64).to_le_bytes());
                for own in *all {
                    text(&mut bytes, own);
                }
            }
        }
    }
    let mut offset = 0_u64;
    for (name, sides, kind) in tensors {
        text(&mut bytes, name);
        bytes.extend(u32::try_from(sides.len()).unwrap().to_le_bytes());
        for side in *sides {
            bytes.extend(side.to_le_bytes());
        }
        bytes.extend(kind.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        let elements: u64 = sides.iter().product();
        let size = if *kind == 12 { elements / 256 * 144 } else { elements * 2 };
        offset += size.next_multiple_of(32);
    }
    let start = bytes.len().next_multiple_of(32);
    bytes.resize(start + usize::try_from(offset).unwrap(), 0);
    bytes
}

pub(crate) enum Pair<'p> {
    Number(u32),
    Text(&'p str),
    Texts(&'p [&'p str]),
}

pub(crate) fn llama() -> Vec<u8> {
    gguf(
        &[
            ("general.architecture", Pair::Text("llama")),
            ("general.name", Pair::Text("Tiny Chat")),
            ("general.license", Pair::Text("llama2")),
            ("general.file_type", Pair::Number(15)),
            ("general.base_model.count", Pair::Number(1)),
            ("general.base_model.0.name", Pair::Text("Llama 2 7B")),
            ("general.base_model.0.repo_url", Pair::Text("https://huggingface.co/meta-llama/Llama-2-7b-hf")),
            ("general.datasets", Pair::Texts(&["tatsu-lab/alpaca", "unknown"])),
            ("llama.context_length", Pair::Number(4096)),
            ("llama.embedding_length", Pair::Number(256)),
        ],
        &[("token_embd.weight", &[256, 512], 12), ("blk.0.attn_q.weight", &[256, 256], 12), ("blk.0.norm", &[256], 1)],
    )
}

fn about(name: &str) -> Origin {
    Origin { subject: Some(NodeRef::model("tiny").with(Scheme::HuggingFace, "example/tiny")), ..Origin::named(name) }
}

fn value(import: &Import, predicate: &str) -> Option<(String, EvidenceKind)> {
    import.statements.iter().rev().find(|statement| statement.predicate.as_str() == predicate).map(|statement| {
        let text = match &statement.object {
            Object::Value(value) => value.to_string(),
            Object::Node(node) => node.name.clone(),
            Object::Any => "any".into(),
        };
        (text, statement.kind)
    })
}

#[test]
fn shapes_are_recomputed_and_metadata_are_claims() {
    let import = weights::safetensors::read(&tiny(), &about("model.safetensors"));
    assert!(import.strict.is_valid(), "{:?}", import.diagnostics);
    let recomputed = |text: &str| Some((text.to_owned(), EvidenceKind::Recomputed));
    assert_eq!(value(&import, "vocabulary-size"), recomputed("8"));
    assert_eq!(value(&import, "hidden-size"), recomputed("4"));
    assert_eq!(value(&import, "layers"), recomputed("1"));
    assert_eq!(value(&import, "parameters"), recomputed("48"));
    assert_eq!(value(&import, "quantisation"), recomputed("BF16"));

    let import = weights::gguf::read(&llama(), &about("tiny.Q4_K_M.gguf"));
    assert!(import.strict.is_valid(), "{:?}", import.diagnostics);
    assert_eq!(value(&import, "quantisation"), recomputed("Q4_K_M"));
    assert_eq!(value(&import, "vocabulary-size"), recomputed("512"));
    assert_eq!(value(&import, "licensed-under").unwrap().1, EvidenceKind::SelfClaim);
    let parent = import.statements.iter().find(|s| s.predicate == Predicate::Edge(EdgeKind::FineTunedFrom)).unwrap();
    let Object::Node(parent) = &parent.object else { panic!() };
    assert_eq!(parent.identifiers[0].value, "meta-llama/Llama-2-7b-hf");
    let data = import.statements.iter().filter(|s| s.predicate == Predicate::Edge(EdgeKind::TrainedOn)).count();
    assert_eq!(data, 1, "`unknown` names no data set");
}

#[test]
fn hostile_headers_are_refused_with_a_place() {
    let code = |bytes: &[u8]| -> Vec<String> {
        let import = weights::safetensors::read(bytes, &Origin::named("x.safetensors"));
        assert!(!import.strict.is_valid());
        import.diagnostics.iter().map(|found| found.code.to_string()).collect()
    };
    assert_eq!(code(b"\x01\x02"), ["truncated"]);
    assert_eq!(code(&u64::MAX.to_le_bytes()), ["absurd-length"]);
    assert!(code(&1_000_u64.to_le_bytes()).contains(&"truncated".to_owned()));
    let two = |first: &str, second: &str, data| {
        safetensors(
            &format!(
                r#"{{"a":{{"dtype":"U8","shape":[4],"data_offsets":{first}}},"b":{{"dtype":"U8","shape":[4],"data_offsets":{second}}}}}"#
            ),
            data,
        )
    };
    assert_eq!(code(&two("[0,4]", "[2,6]", 6)), ["overlap"]);
    assert_eq!(code(&two("[0,4]", "[5,9]", 9)), ["hole"]);
    assert_eq!(code(&two("[0,4]", "[4,8]", 7)), ["truncated"]);
    assert_eq!(code(&two("[0,4]", "[4,8]", 9)), ["trailing-bytes"]);
    assert_eq!(code(&two("[0,4]", "[4,9]", 9)), ["size"]);
    assert_eq!(
        code(&safetensors(
            r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
            2
        )),
        ["duplicate-key"]
    );

    let mut absurd = b"GGUF".to_vec();
    absurd.extend(3_u32.to_le_bytes());
    absurd.extend(u64::MAX.to_le_bytes());
    absurd.extend(u64::MAX.to_le_bytes());
    let import = weights::gguf::read(&absurd, &Origin::named("x.gguf"));
    assert_eq!(import.diagnostics[0].code, "absurd-length");
    let whole = llama();
    for end in (0..600).chain((600..whole.len()).step_by(997)) {
        assert!(!weights::gguf::read(&whole[..end], &Origin::named("x.gguf")).strict.is_valid(), "{end}");
    }
}

#[test]
fn a_card_that_contradicts_its_header_is_a_contradiction() {
    let card =
        "---\nlicense: mit\nbase_model: mistralai/Mistral-7B-v0.1\nbase_model_relation: quantized\n---\n# Tiny\n";
    let card = hugging_face::read(card.as_bytes(), &about("README.md"));
    assert!(card.strict.is_valid(), "{:?}", card.diagnostics);
    let config = br#"{"architectures":["LlamaForCausalLM"],"hidden_size":512,"vocab_size":512,"num_hidden_layers":1}"#;
    let config = config::read(config, &about("config.json"));
    let header = weights::gguf::read(&llama(), &about("tiny.gguf"));
    let subject = about("").subject.unwrap();
    let told = cross_check(&subject, &[card, config, header], &Origin::named("cross-check"));
    let lines: Vec<&str> = told.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("hidden-size: 512 in config.json") || line.contains("hidden-size: 256")),
        "{lines:?}"
    );
    assert!(lines.iter().any(|line| line.starts_with("licensed-under: MIT in README.md")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("base model: ")), "{lines:?}");
    assert!(told.statements.iter().any(|statement| statement.denied && statement.kind == EvidenceKind::Recomputed));
    assert_eq!(lines.len(), 3, "{lines:?}");
}

#[test]
fn cards_disclose_what_they_name_and_propose_what_they_tell() {
    let card = "---\nlicense: other\nlicense_name: llama-2-community\nbase_model:\n- a/b\n- c/d\ndatasets: [tatsu-lab/alpaca, unknown]\nlanguage: en\ntags: [merge, 'arxiv:2302.13971']\n---\n\n# Tiny\n\nThis model is a fine-tuned version of [Llama 2](https://huggingface.co/meta-llama/Llama-2-7b).\nIt was not trained on OpenAI outputs.\n\n## Training data\n\n[More Information Needed]\n\nThe model was trained on C4 and on synthetic data.\n";
    let import = hugging_face::read(card.as_bytes(), &about("README.md"));
    let edges = |edge: EdgeKind, proposed: bool| -> Vec<String> {
        let with = import.statements.iter().filter(|s| s.predicate == Predicate::Edge(edge) && s.proposed == proposed);
        with.filter_map(|s| match &s.object {
            Object::Node(node) => Some(format!("{}{}", if s.denied { "not " } else { "" }, node.name)),
            _ => None,
        })
        .collect()
    };
    assert_eq!(edges(EdgeKind::MergedFrom, false), ["a/b", "c/d"]);
    assert_eq!(edges(EdgeKind::TrainedOn, false), ["tatsu-lab/alpaca"]);
    assert_eq!(edges(EdgeKind::LicensedUnder, false), ["llama-2-community"]);
    assert_eq!(edges(EdgeKind::FineTunedFrom, true), ["Llama 2"]);
    assert_eq!(edges(EdgeKind::TrainedOn, true), ["C4"]);
    assert_eq!(edges(EdgeKind::TrainedOnOutputsOf, true), ["not OpenAI"]);
    let quoted = import.statements.iter().find(|s| s.proposed && s.predicate.as_str() == "training-data").unwrap();
    assert_eq!(
        (quoted.path.as_str(), quoted.quote.as_deref()),
        ("line 21", Some("The model was trained on C4 and on synthetic data."))
    );
}

#[test]
fn yaml_bombs_are_refused() {
    let bomb = "---\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b]\nlicense: mit\n---\n";
    let import = hugging_face::read(bomb.as_bytes(), &about("README.md"));
    assert_eq!(import.diagnostics.iter().filter(|found| found.code == "alias").count(), 5);
    assert_eq!(value(&import, "licensed-under").unwrap().0, "MIT");
    let deep = format!("---\na: {}\nlicense: mit\n---\n", "[".repeat(100_000));
    let import = hugging_face::read(deep.as_bytes(), &about("README.md"));
    assert!(!import.strict.is_valid());
}

#[test]
fn html_is_quoted_with_its_line() {
    let page = "<html><body>\n<script>trained on Secret</script>\n<h2>Model</h2>\n<p>Orca was <b>distilled from</b> <a href='https://huggingface.co/openai/gpt-4'>GPT-4</a>.</p></body></html>";
    let import = prose::read(page.as_bytes(), &about("vendor.html"));
    let statement = import.statements.iter().find(|s| s.predicate == Predicate::Edge(EdgeKind::DistilledFrom)).unwrap();
    assert_eq!((statement.path.as_str(), statement.proposed), ("line 4", true));
    assert!(import.statements.iter().all(|s| s.quote.as_deref().is_some_and(|quote| !quote.contains("Secret"))));
}
