//! Seeded mutation of every format that is read from bytes: no panic, and nothing beyond the limits.

use stillwatch_core::Limits;
use stillwatch_documents::importers::{
    admissions, answers, config, croissant, custody, dps, hugging_face, in_toto, model_signing, prose, training_run,
    weights,
};
use stillwatch_lineage::{Import, Object, Origin, Value};
use stillwatch_seal::{Bundle, Manifest, Options, PrivateKey, PublicKey, Trust, seal, verify_signature};

use crate::headers::{llama, tiny};
use crate::shared::shared;

type Read = fn(&[u8], &Origin) -> Import;

/// SplitMix64: the same changes in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (end.max(1) as u64)).unwrap()
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let length = self.below(32).min(bytes.len() - at);
            match self.below(7) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 => drop(bytes.drain(at..at + length)),
                2 => {
                    let again = bytes[at..at + length].to_vec();
                    bytes.splice(at..at, again);
                }
                3 => bytes.truncate(at),
                4 => bytes[at..at + length].fill(0xff),
                5 => {
                    let many =
                        [&b"["[..], b"{\"a\":", b"- ", b"<div>", b"> ", b"*", b"\"\"", b"\xff\xfe"][self.below(8)];
                    let run = many.repeat(self.below(200));
                    bytes.splice(at..at, run);
                }
                _ => bytes[at..at + length].fill(0),
            }
        }
    }
}

fn within(import: &Import, limits: &Limits, what: &str) {
    assert!(import.statements.len() <= limits.statements, "{what}");
    assert!(import.diagnostics.len() <= limits.diagnostics + 2, "{what}");
    for statement in &import.statements {
        let object = match &statement.object {
            Object::Node(node) => node.name.len(),
            Object::Value(Value::Text(text) | Value::Number(text)) => text.len(),
            _ => 0,
        };
        let quote = statement.quote.as_deref().map_or(0, str::len);
        assert!(object.max(quote).max(statement.subject.name.len()) <= limits.text, "{what}");
    }
}

#[test]
fn no_changed_bytes_stop_an_importer() {
    let card = "---\nlicense: other\nlicense_name: x\nbase_model: [a/b, c/d]\ndatasets:\n- e/f\nmodel-index:\n- name: x\n  results:\n  - dataset: {name: y, type: z}\n    metrics:\n    - {type: acc, value: 0.5}\n---\n# A\nfine-tuned from [B](https://huggingface.co/a/b) and not trained on C4. Synthetic data was used.\n\n| a | b |\n|---|---|\n| trained on X | y |\n";
    let html = "<html><body><h1>Training data</h1><p>distilled from <a href=\"https://x.y/z\">GPT-4</a><ul><li>licensed under MIT</ul></body>";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("weights.bin"), "weights").unwrap();
    let key = PrivateKey::generate().unwrap();
    let bundle = seal(folder.path(), &key, &Options::default(), &mut |_| {}).unwrap();
    let record = r#"{"schema":"stillwatch.custody/1","subject":"corpus","digest":"sha256:00","copies":[{"at":"vault","copy":"second","region":"DE","retention":{"until":"2030-01-01","lock":"x"},"restored":{"on":"2026-10-01"}}]}"#;
    let standard = r#"{"source":{"version":"1.0.0","title":"t","id":"1","issuer":[{"name":"I"}],"description":"d"},"provenance":{"source":"https://a.b/c","origin-geography":[{"country":"DE","state":"BE"}],"date":"2024-01-01","generation-method":[{"code":"machine-generated-mlops-synthetic"}]},"use":{"storage-forbidden":[{"country":"US"}],"license":"MIT"}}"#;
    let statement = r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":"00"}}],"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"resolvedDependencies":[{"uri":"https://huggingface.co/a/b","digest":{"sha256":"11"}}]},"runDetails":{"builder":{"id":"https://b.c/d"}}}}"#;
    let graph = r#"{"@context":{"@vocab":"https://schema.org/","cr":"http://mlcommons.org/croissant/","prov":"http://www.w3.org/ns/prov#","recordSet":"cr:recordSet","field":"cr:field","source":"cr:source","dataType":"cr:dataType","fileObject":"cr:fileObject","dct":"http://purl.org/dc/terms/","conformsTo":"dct:conformsTo"},"@type":"Dataset","name":"n","conformsTo":"http://mlcommons.org/croissant/1.0","distribution":[{"@type":"cr:FileObject","@id":"f","name":"f","contentUrl":"https://a.b/c","encodingFormat":"text/csv","sha256":"x"}],"recordSet":[{"@type":"cr:RecordSet","@id":"r","name":"r","field":[{"@type":"cr:Field","@id":"r/a","name":"a","dataType":"Text","source":{"fileObject":{"@id":"f"}}}]}],"prov:wasDerivedFrom":{"@id":"https://d.e/f"}}"#;
    let csv = "question,answer,predicate,date\nWhat training data?,\"Common Crawl, 2023\",trained-on,2026-01-01\nSynthetic?,proprietary,,\n";
    let settings = r#"{"architectures":["LlamaForCausalLM"],"hidden_size":4,"text_config":{"vocab_size":8},"quantization_config":{"bits":4},"_name_or_path":"a/b"}"#;
    let run = r#"{"info":{"run_id":"1","run_name":"n","status":"FINISHED","end_time":1767225600000},"data":{"params":[{"key":"base_model","value":"a/b"}],"tags":[]},"inputs":{"dataset_inputs":[{"dataset":{"name":"d","digest":"0","source":"{\"path\":\"a/b\"}","source_type":"hugging_face"},"tags":[{"key":"mlflow.data.context","value":"training"}]}]}}"#;
    let watched = r#"{"id":"1","project":"p","entity":"e","config":{"base_model":{"value":"a/b"}},"metadata":{"gpu":"8 x NVIDIA H100","gpu_count":8,"git":{"commit":"c"}},"usedArtifacts":[{"name":"d:v1","type":"dataset","digest":"0"}],"createdAt":"2026-01-01T00:00:00"}"#;
    let event = r#"{"eventType":"COMPLETE","eventTime":"2026-01-01T00:00:00Z","producer":"p","schemaURL":"s","run":{"runId":"1"},"job":{"namespace":"n","name":"j"},"inputs":[{"namespace":"n","name":"a"}],"outputs":[{"namespace":"n","name":"b"}]}"#;
    let state = r#"{"log_history":[],"global_step":12,"max_steps":20,"epoch":1.5,"is_world_process_zero":true,"total_flos":1e18,"trial_params":{"lr":1}}"#;
    let said = r#"{"schema":"stillwatch.admissions/1","admissions":[{"subject":{"kind":"model","name":"m","owner":"L"},"predicate":"distilled-from","object":{"kind":"model","name":"t"},"speaker":{"organisation":"L","role":"counsel"},"forum":"f","date":"2026-01-01","quote":"q"}]}"#;
    let formats: Vec<(&str, Vec<u8>, Read)> = vec![
        ("card", card.into(), hugging_face::read),
        ("prose.md", card.into(), prose::read),
        ("prose.html", html.into(), prose::read),
        ("safetensors", tiny(), weights::safetensors::read),
        ("gguf", llama()[..700].to_vec(), weights::gguf::read),
        ("config", settings.into(), config::read),
        ("croissant", graph.into(), croissant::read),
        ("dps", standard.into(), dps::read),
        ("in-toto", statement.into(), in_toto::read),
        ("model-signing", bundle.into(), model_signing::read),
        ("custody", record.into(), custody::read),
        ("answers.csv", csv.into(), answers::read),
        ("run.json", run.into(), training_run::read_mlflow),
        ("wandb-metadata.json", watched.into(), training_run::read_wandb),
        ("events.ndjson", format!("{event}\n{event}").into(), training_run::read_open_lineage),
        ("trainer_state.json", state.into(), training_run::read_trainer_state),
        ("hearing.json", said.into(), admissions::read),
    ];
    let limits = Limits { bytes: 1 << 20, depth: 32, text: 200, values: 5_000, statements: 50, diagnostics: 20 };
    for (name, seed, read) in formats {
        let origin = Origin { limits, ..Origin::named(name) };
        let mut random = Seeded(0x5711_1a7c);
        for round in 0..1_500 {
            let mut bytes = seed.clone();
            random.change(&mut bytes);
            within(&read(&bytes, &origin), &limits, &format!("{name} {round}"));
        }
    }
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn no_changed_bytes_stop_a_verifier() {
    let root = shared("provenance/model-signing");
    let bundle = std::fs::read(root.join("vectors/v1.1.0-certificate/model.sig")).unwrap();
    let roots = std::fs::read(root.join("keys/ca-cert.pem")).unwrap();
    let key = PrivateKey::generate().unwrap().pem().unwrap();
    let trust = Trust::read(&roots).unwrap();
    let mut random = Seeded(7);
    for _ in 0..300 {
        let mut bytes = bundle.clone();
        random.change(&mut bytes);
        let _ = verify_signature(&bytes, &trust, &Limits::default());
        let mut pem = roots.clone();
        random.change(&mut pem);
        let _ = (Trust::read(&pem).is_ok(), PublicKey::read(&pem).is_ok());
        let mut pem = key.clone().into_bytes();
        random.change(&mut pem);
        let _ = PrivateKey::read(&String::from_utf8_lossy(&pem)).is_ok();
        let mut payload = Bundle::parse(&bundle, &Limits::default()).unwrap().payload().to_vec();
        random.change(&mut payload);
        let _ = Manifest::parse(&payload, &Limits::default()).is_ok();
    }
}
