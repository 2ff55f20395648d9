//! When what a vendor writes and what a record says are no contradiction.

use stillwatch_lineage::{Attribute, Graph, NodeRef, Value, Verdict};

use crate::made::{document, ledger};

/// The verdict on one attribute of which a record says one value and an answer another.
fn held_against(attribute: &str, record: &Value, answer: &str) -> Verdict {
    let ledger = ledger([
        &document("record", |draft| draft.value(NodeRef::model("tiny"), attribute, record.clone(), "/0")),
        &document("answers", |draft| draft.text(NodeRef::model("tiny"), attribute, answer, "line 2")),
    ]);
    let graph = Graph::of(&ledger, None);
    graph.fact(graph.find("tiny")[0], attribute).unwrap().verdict
}

#[test]
fn an_answer_in_words_is_no_contradiction_and_a_denial_is_one() {
    let text = |text: &str| Value::Text(text.into());
    for (attribute, record, answer) in [
        (Attribute::RELEASED, text("2026-05-03"), "released on 3 May 2026"),
        (Attribute::RELEASED, text("2026-05-03"), "May 3, 2026"),
        (Attribute::RELEASED, text("2026-05-03"), "The weights were frozen in spring and shipped soon after."),
        (Attribute::SYNTHETIC, Value::Flag(true), "Yes: 30 % of the pairs are written by Llama-3-70B"),
        (Attribute::SYNTHETIC, Value::Flag(true), "30 % of the pairs are written by Llama-3-70B"),
        (Attribute::SYNTHETIC, Value::Flag(false), "No. None of the examples was written by a model."),
        (Attribute::SYNTHETIC, Value::Flag(true), "No information about this is kept."),
        (Attribute::ARCHITECTURE, text("LlamaForCausalLM"), "Decoder-only transformer with grouped-query attention"),
        (Attribute::ARCHITECTURE, text("LlamaForCausalLM"), "Llama"),
        (Attribute::PARAMETERS, Value::Number("6738415616".into()), "about seven billion, embeddings included"),
        (Attribute::VERSION, text("1.0"), "v1.0"),
        (Attribute::DIGEST, text("sha256:00ff"), "Each file has a digest by SHA-256 in the manifest."),
        (Attribute::QUANTISATION, text("F16"), "float16"),
    ] {
        assert_eq!(held_against(attribute, &record, answer), Verdict::Disclosed, "{record}: {answer}");
    }
    for (attribute, record, answer) in [
        (Attribute::RELEASED, text("2026-05-03"), "4 June 2025"),
        (Attribute::SYNTHETIC, Value::Flag(true), "No. None of the examples was written by a model."),
        (Attribute::SYNTHETIC, Value::Flag(false), "Yes: 30 % of the pairs are written by Llama-3-70B"),
        (Attribute::ARCHITECTURE, text("LlamaForCausalLM"), "qwen2"),
        (Attribute::PARAMETERS, Value::Number("6738415616".into()), "13B"),
        (Attribute::QUANTISATION, text("F16"), "BF16"),
    ] {
        assert_eq!(held_against(attribute, &record, answer), Verdict::Contradicted, "{record}: {answer}");
    }
}
