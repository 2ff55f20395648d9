use stillwatch_lineage::{Attribute, Draft, EvidenceKind, NodeRef, Object, Statement, Value};
use stillwatch_weights::Shapes;

/// Puts what the shapes say into an import, as recomputed from the bytes. Of one part of several (`shard`) only what
/// does not need the others.
pub(super) fn state(draft: &mut Draft, subject: &NodeRef, shapes: &Shapes, shard: bool) {
    let mut number = |attribute: &str, value: Option<u64>, path: &str| {
        if let Some(value) = value.filter(|&value| value > 0) {
            let value = Object::Value(Value::Number(value.to_string()));
            let mut statement = Statement::new(subject.clone(), attribute, value, path);
            statement.kind = EvidenceKind::Recomputed;
            draft.push(statement);
        }
    };
    if shapes.adapter {
        return;
    }
    number(Attribute::VOCABULARY_SIZE, shapes.vocabulary, "tensor shapes");
    if !shapes.packed {
        number(Attribute::HIDDEN_SIZE, shapes.hidden, "tensor shapes");
    }
    if shard {
        number("shard-parameters", shapes.parameters, "tensor shapes");
    } else {
        number(Attribute::LAYERS, shapes.layers, "tensor names");
        number(Attribute::PARAMETERS, shapes.parameters, "tensor shapes");
    }
}

/// Whether a file name says that it is one part of several: `model-00002-of-00003.safetensors`.
pub(super) fn is_shard(name: &str) -> bool {
    let Some((before, after)) = name.rsplit_once("-of-") else { return false };
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let last = before.rsplit('-').next().unwrap_or_default();
    digits(last) == last.len()
        && !last.is_empty()
        && digits(after) > 0
        && after.trim_start_matches('0').as_bytes().first() != Some(&b'.')
        && !(after.starts_with("00001.") || after.starts_with("1."))
}

#[cfg(test)]
mod tests {
    use super::is_shard;

    #[test]
    fn a_part_of_several_is_known_by_its_name() {
        assert!(is_shard("model-00002-of-00003.safetensors") && is_shard("m-Q4_K_M-00001-of-00002.gguf"));
        assert!(!is_shard("model.safetensors") && !is_shard("model-00001-of-00001.safetensors"));
    }
}
