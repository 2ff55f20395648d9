//! Types of accelerators in words about hardware: "8 x NVIDIA A100-SXM4-80GB", "TPU v5e".

use stillwatch_lineage::{EdgeKind, NodeKind, NodeRef, Object, Statement, Value};

/// Which types of accelerator some words about hardware name, and whose these are: statements about whatever the words are
/// of. `count` is how many there are, where the document has a field for it.
pub(super) fn accelerated(subject: &NodeRef, words: &str, count: Option<&str>, path: &str) -> Vec<Statement> {
    let each = found(words).into_iter().flat_map(|Found { kind, counted }| {
        let node = NodeRef::new(NodeKind::Accelerator, kind.name);
        let mut needs = Statement::new(subject.clone(), EdgeKind::AcceleratedBy, Object::Node(node.clone()), path);
        needs.quote = Some(words.to_owned());
        if let Some(number) = count.map(str::to_owned).or(counted) {
            needs.qualifiers.insert("count".into(), Value::Number(number));
        }
        let maker = Object::Node(NodeRef::organisation(kind.maker));
        [needs, Statement::new(node, EdgeKind::SuppliedBy, maker, path)]
    });
    each.collect()
}

#[derive(Debug, PartialEq, Eq)]
struct Found {
    kind: &'static Kind,
    counted: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Kind {
    name: &'static str,
    maker: &'static str,
    /// Words in a row, in small letters; a word may go on after them ("a100" in "a100-sxm4").
    sign: &'static [&'static str],
}

/// The types that words name, each once, in the order of the table.
fn found(words: &str) -> Vec<Found> {
    let parts: Vec<String> = words
        .split(|own: char| !own.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .take(MOST_PARTS)
        .map(str::to_lowercase)
        .collect();
    let mut all = Vec::new();
    for kind in KINDS {
        let at =
            parts.windows(kind.sign.len()).position(|own| own.iter().zip(kind.sign).all(|(own, sign)| is(own, sign)));
        let Some(at) = at else { continue };
        all.push(Found { kind, counted: counted(&parts, at) });
    }
    all
}

/// "h100" and "h100s", not "h1000".
fn is(word: &str, sign: &str) -> bool {
    word == sign || word.strip_suffix('s').is_some_and(|word| word == sign)
}

/// "8 x A100", "512 NVIDIA H100 GPUs", "8xA100" (which is one word) is not read.
fn counted(parts: &[String], at: usize) -> Option<String> {
    let before = parts[..at].iter().rev().take(3);
    let mut before = before
        .skip_while(|word| matches!(word.as_str(), "x" | "nvidia" | "amd" | "google" | "aws" | "intel" | "huawei"));
    let number = before.next()?;
    (number.len() <= 7 && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.clone())
}

const MOST_PARTS: usize = 400;

/// Types that large models are trained and served on. Consumer cards are left out: they say nothing of supply.
const KINDS: &[Kind] = &[
    Kind { name: "NVIDIA V100", maker: "NVIDIA", sign: &["v100"] },
    Kind { name: "NVIDIA A100", maker: "NVIDIA", sign: &["a100"] },
    Kind { name: "NVIDIA A800", maker: "NVIDIA", sign: &["a800"] },
    Kind { name: "NVIDIA H100", maker: "NVIDIA", sign: &["h100"] },
    Kind { name: "NVIDIA H800", maker: "NVIDIA", sign: &["h800"] },
    Kind { name: "NVIDIA H20", maker: "NVIDIA", sign: &["h20"] },
    Kind { name: "NVIDIA H200", maker: "NVIDIA", sign: &["h200"] },
    Kind { name: "NVIDIA GH200", maker: "NVIDIA", sign: &["gh200"] },
    Kind { name: "NVIDIA B200", maker: "NVIDIA", sign: &["b200"] },
    Kind { name: "NVIDIA GB200", maker: "NVIDIA", sign: &["gb200"] },
    Kind { name: "NVIDIA L40S", maker: "NVIDIA", sign: &["l40s"] },
    Kind { name: "AMD Instinct MI250X", maker: "AMD", sign: &["mi250x"] },
    Kind { name: "AMD Instinct MI300X", maker: "AMD", sign: &["mi300x"] },
    Kind { name: "AMD Instinct MI325X", maker: "AMD", sign: &["mi325x"] },
    Kind { name: "Google TPU v3", maker: "Google", sign: &["tpu", "v3"] },
    Kind { name: "Google TPU v4", maker: "Google", sign: &["tpu", "v4"] },
    Kind { name: "Google TPU v5e", maker: "Google", sign: &["tpu", "v5e"] },
    Kind { name: "Google TPU v5p", maker: "Google", sign: &["tpu", "v5p"] },
    Kind { name: "Google TPU v6e", maker: "Google", sign: &["tpu", "v6e"] },
    Kind { name: "AWS Trainium", maker: "Amazon", sign: &["trainium"] },
    Kind { name: "AWS Trainium2", maker: "Amazon", sign: &["trainium2"] },
    Kind { name: "AWS Inferentia2", maker: "Amazon", sign: &["inferentia2"] },
    Kind { name: "Intel Gaudi 2", maker: "Intel", sign: &["gaudi", "2"] },
    Kind { name: "Intel Gaudi 2", maker: "Intel", sign: &["gaudi2"] },
    Kind { name: "Intel Gaudi 3", maker: "Intel", sign: &["gaudi", "3"] },
    Kind { name: "Intel Gaudi 3", maker: "Intel", sign: &["gaudi3"] },
    Kind { name: "Huawei Ascend 910B", maker: "Huawei", sign: &["ascend", "910b"] },
    Kind { name: "Huawei Ascend 910C", maker: "Huawei", sign: &["ascend", "910c"] },
    Kind { name: "Cerebras WSE-3", maker: "Cerebras", sign: &["wse", "3"] },
];

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn types_are_told_with_their_number() {
        for (words, wanted) in [
            ("NVIDIA A100-SXM4-80GB", vec![("NVIDIA A100", None)]),
            ("trained on 512 NVIDIA H100 GPUs", vec![("NVIDIA H100", Some("512"))]),
            ("8 x H200 and 64 A100s", vec![("NVIDIA A100", Some("64")), ("NVIDIA H200", Some("8"))]),
            ("TPU v5e pods", vec![("Google TPU v5e", None)]),
            ("Ascend 910B", vec![("Huawei Ascend 910B", None)]),
            ("an h1000 or a laptop", vec![]),
            ("", vec![]),
        ] {
            let told = found(words);
            let told: Vec<(&str, Option<&str>)> =
                told.iter().map(|own| (own.kind.name, own.counted.as_deref())).collect();
            assert_eq!(told, wanted, "{words}");
        }
    }
}
