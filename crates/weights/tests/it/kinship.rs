//! What a comparison of weights may and may not say.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use stillwatch_core::Random;
use stillwatch_weights::kinship::{
    ALPHA, HeaderVerdict, Kinship, KinshipVerdict, Method, UnitKind, Weights, WeightsError, kinship, parts_of_index,
};

const WIDTH: usize = 48;
const UNITS: usize = 64;
const LAYERS: usize = 2;
const TOKENS: usize = 80;

/// Tensors by name, with rows, columns and numbers.
type Tensors = Vec<(String, usize, usize, Vec<f32>)>;

/// Numbers near the normal law.
fn normal(random: &mut Random) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "test data")]
    let sum = (0..6).map(|_| random.unit()).sum::<f64>() as f32;
    (sum - 3.0) / 0.707
}

fn matrix(random: &mut Random, rows: usize, columns: usize) -> Vec<f32> {
    (0..rows * columns).map(|_| normal(random)).collect()
}

/// A model like Llama, before training.
fn model(seed: u64) -> Tensors {
    let mut random = Random::new(seed, 7);
    let mut tensors: Tensors =
        vec![("model.embed_tokens.weight".into(), TOKENS, WIDTH, matrix(&mut random, TOKENS, WIDTH))];
    for layer in 0..LAYERS {
        let mut add = |name: &str, rows, columns| {
            tensors.push((
                format!("model.layers.{layer}.{name}.weight"),
                rows,
                columns,
                matrix(&mut random, rows, columns),
            ));
        };
        add("self_attn.q_proj", WIDTH, WIDTH);
        add("mlp.gate_proj", UNITS, WIDTH);
        add("mlp.up_proj", UNITS, WIDTH);
        add("mlp.down_proj", WIDTH, UNITS);
    }
    tensors
}

/// The same weights after training on: each number moves by `much` of its size.
fn moved(tensors: &Tensors, much: f32, seed: u64) -> Tensors {
    let mut random = Random::new(seed, 8);
    let mut tensors = tensors.clone();
    tensors.iter_mut().flat_map(|tensor| &mut tensor.3).for_each(|value| *value += much * normal(&mut random));
    tensors
}

/// Rows or columns of the tensors whose name ends so, in another order.
fn reordered(tensors: &mut Tensors, ends: &[&str], by_rows: bool, order: &[usize]) {
    for (name, rows, columns, values) in tensors {
        if !ends.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let old = values.clone();
        for row in 0..*rows {
            for column in 0..*columns {
                let (from, to) = if by_rows { (order[row], column) } else { (row, order[column]) };
                values[row * *columns + column] = old[from * *columns + to];
            }
        }
    }
}

fn with_units_permuted(tensors: &Tensors, seed: u64) -> Tensors {
    let mut tensors = tensors.clone();
    for layer in 0..LAYERS {
        let order = permutation(UNITS, seed + layer as u64);
        let at = |name: &str| format!("{layer}.mlp.{name}.weight");
        reordered(&mut tensors, &[&at("gate_proj"), &at("up_proj")], true, &order);
        reordered(&mut tensors, &[&at("down_proj")], false, &order);
    }
    tensors
}

fn with_residual_permuted(tensors: &Tensors, seed: u64) -> Tensors {
    let mut tensors = tensors.clone();
    let order = permutation(WIDTH, seed);
    let reads = ["embed_tokens.weight", "q_proj.weight", "gate_proj.weight", "up_proj.weight"];
    reordered(&mut tensors, &reads, false, &order);
    reordered(&mut tensors, &["down_proj.weight"], true, &order);
    tensors
}

fn permutation(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    Random::new(seed, 9).shuffle(&mut order);
    order
}

/// A file of these tensors, as `F32` or `I8` with a scale for each row.
fn file(tensors: &Tensors, bytes_each: usize) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    let mut add = |name: &str, kind: &str, shape: &[usize], bytes: Vec<u8>| {
        let begin = data.len();
        data.extend(bytes);
        entries.push(format!(
            r#""{name}":{{"dtype":"{kind}","shape":{shape:?},"data_offsets":[{begin},{}]}}"#,
            data.len()
        ));
    };
    for (name, rows, columns, values) in tensors {
        if bytes_each == 4 {
            add(name, "F32", &[*rows, *columns], values.iter().flat_map(|value| value.to_le_bytes()).collect());
            continue;
        }
        let scales: Vec<f32> = values
            .chunks(*columns)
            .map(|row| row.iter().fold(0.0_f32, |most, value| most.max(value.abs())) / 127.0)
            .collect();
        #[expect(clippy::cast_possible_truncation, reason = "quantised on purpose")]
        let small =
            values.iter().enumerate().map(|(at, value)| ((value / scales[at / columns]).round() as i8).cast_unsigned());
        add(name, "I8", &[*rows, *columns], small.collect());
        add(
            &format!("{name}_scale"),
            "F32",
            &[*rows, 1],
            scales.iter().flat_map(|scale| scale.to_le_bytes()).collect(),
        );
    }
    let header = format!("{{{}}}", entries.join(","));
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn open(bytes: Vec<u8>) -> Weights<Cursor<Vec<u8>>> {
    Weights::open([Cursor::new(bytes)]).unwrap()
}

fn compared(left: &Tensors, right: &Tensors) -> Kinship {
    kinship(&mut open(file(left, 4)), &mut open(file(right, 4)), ALPHA).unwrap()
}

fn is_found(found: &Kinship) -> bool {
    found.verdict == KinshipVerdict::NotIndependent
}

#[test]
fn strangers_of_one_configuration_are_compatible_and_never_related() {
    let mut below = 0;
    for seed in 0..12 {
        let found = compared(&model(seed), &model(100 + seed));
        assert_eq!(found.verdict, KinshipVerdict::NoEvidenceOfDependence, "{}", found.statement);
        assert_eq!(found.header, HeaderVerdict::CompatibleWithDerivation);
        assert!(found.smallest < ALPHA);
        below += usize::from(found.p_value < 0.05);
    }
    assert!(below <= 3, "{below} of 12 below 0.05");
}

#[test]
fn descent_is_found_and_said_to_have_no_direction() {
    let parent = model(1);
    for (name, child) in [
        ("trained on", moved(&parent, 0.3, 2)),
        ("trained on for long", moved(&parent, 2.0, 3)),
        ("units permuted", with_units_permuted(&moved(&parent, 0.2, 4), 5)),
        ("residual permuted", with_residual_permuted(&moved(&parent, 0.2, 6), 7)),
        ("both permuted", with_residual_permuted(&with_units_permuted(&moved(&parent, 0.2, 8), 9), 10)),
    ] {
        let found = compared(&parent, &child);
        assert!(is_found(&found), "{name}: {}", found.statement);
        assert!(found.statement.contains("in either direction") && !found.statement.contains("derived from"));
        assert!(found.limits.iter().any(|limit| limit.contains("distillation cannot be seen")));
    }
    let scaled: Tensors = parent
        .iter()
        .map(|(name, rows, columns, values)| {
            let by_row = |(at, value): (usize, &f32)| value * if at / columns % 2 == 0 { 0.01 } else { 100.0 };
            (name.clone(), *rows, *columns, values.iter().enumerate().map(by_row).collect())
        })
        .collect();
    assert!(is_found(&compared(&parent, &scaled)), "rows scaled");
}

#[test]
fn what_was_pruned_or_quantised_is_found() {
    let parent = model(1);
    let mut narrow = parent.clone();
    let kept: Vec<usize> = (0..UNITS).filter(|unit| unit % 3 != 1).collect();
    for (name, rows, columns, values) in &mut narrow {
        if name.contains("gate_proj") || name.contains("up_proj") {
            *values = kept.iter().flat_map(|unit| values[unit * *columns..(unit + 1) * *columns].to_vec()).collect();
            *rows = kept.len();
        } else if name.contains("down_proj") {
            *values = values
                .chunks(*columns)
                .flat_map(|row| kept.iter().map(|&unit| row[unit]).collect::<Vec<_>>())
                .collect();
            *columns = kept.len();
        }
    }
    let found = compared(&parent, &narrow);
    assert!(is_found(&found) && found.header == HeaderVerdict::NotCompatible, "{}", found.statement);
    let by_order =
        found.trials.iter().find(|trial| trial.place == UnitKind::Units && trial.method == Method::Order).unwrap();
    assert_eq!(by_order.hits, kept.len() as u64);

    let shallow: Tensors = parent.iter().filter(|tensor| !tensor.0.contains("layers.0")).cloned().collect();
    assert!(is_found(&compared(&parent, &shallow)));

    let eight = kinship(&mut open(file(&parent, 4)), &mut open(file(&parent, 1)), ALPHA).unwrap();
    assert!(is_found(&eight), "{}", eight.statement);
    let strange = kinship(&mut open(file(&model(2), 4)), &mut open(file(&parent, 1)), ALPHA).unwrap();
    assert_eq!(strange.verdict, KinshipVerdict::NoEvidenceOfDependence);
}

#[test]
fn the_answer_does_not_depend_on_who_is_named_first() {
    for (left, right) in [(model(1), moved(&model(1), 0.5, 2)), (model(1), model(3))] {
        let (one, other) = (compared(&left, &right), compared(&right, &left));
        assert_eq!(
            (one.p_value, &one.verdict, one.corrected_for),
            (other.p_value, &other.verdict, other.corrected_for)
        );
        assert_eq!(one.digests[0], other.digests[1]);
        assert_eq!(one, compared(&left, &right), "the same answer twice");
    }
}

#[test]
fn zeros_infinities_and_copies_are_no_evidence() {
    let constant = |value: f32| -> Tensors {
        let mut tensors = model(1);
        tensors.iter_mut().flat_map(|tensor| &mut tensor.3).for_each(|own| *own = value);
        tensors
    };
    for value in [0.0, 1.0, f32::NAN, f32::INFINITY, f32::MAX] {
        let found = compared(&constant(value), &constant(value));
        assert!(!is_found(&found), "{value}: {}", found.statement);
        assert!(!is_found(&compared(&constant(value), &model(2))));
    }
    // Half of the units dead in both, in the same places.
    let dead = |seed| -> Tensors {
        let mut tensors = model(seed);
        for (name, rows, columns, values) in &mut tensors {
            if name.contains("gate_proj") || name.contains("up_proj") {
                values[..*rows / 2 * *columns].fill(0.0);
            }
        }
        tensors
    };
    assert!(!is_found(&compared(&dead(1), &dead(2))));
    assert!(is_found(&compared(&dead(1), &moved(&dead(1), 0.1, 3))));
    let mut broken = moved(&model(1), 0.1, 4);
    broken[2].3[5] = f32::NAN;
    assert!(is_found(&compared(&model(1), &broken)), "one number that is none hides nothing");
}

#[test]
fn what_has_no_counterpart_is_not_comparable() {
    let other: Tensors = vec![
        ("wte.weight".into(), TOKENS + 1, 40, vec![0.5; (TOKENS + 1) * 40]),
        ("h.0.mlp.c_fc.weight".into(), 40, 96, vec![0.5; 40 * 96]),
    ];
    let adapter: Tensors = vec![("layers.0.q_proj.lora_A.weight".into(), 8, WIDTH, vec![1.0; 8 * WIDTH])];
    for (what, tensors) in [("another architecture", other), ("an adapter", adapter), ("nothing", Tensors::new())] {
        let found = compared(&model(1), &tensors);
        assert!(matches!(found.verdict, KinshipVerdict::NotComparable { .. }), "{what}: {}", found.statement);
        assert!((found.p_value - 1.0).abs() < f64::EPSILON && found.header == HeaderVerdict::NotCompatible, "{what}");
    }
    let few: Tensors = vec![("e".into(), 9, 4, matrix(&mut Random::new(1, 1), 9, 4))];
    let found = compared(&few, &few);
    assert!(matches!(found.verdict, KinshipVerdict::NotComparable { .. }), "{}", found.statement);
}

#[test]
fn hostile_files_are_refused() {
    let whole = file(&model(1), 4);
    for end in [0, 5, 8, 100, whole.len() - 1] {
        let refused = Weights::open([Cursor::new(whole[..end].to_vec())]);
        assert!(matches!(refused, Err(WeightsError::Header { part: 0, .. })), "{end}");
    }
    let mut absurd = whole.clone();
    absurd[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(Weights::open([Cursor::new(absurd)]).is_err());
    let twice = Weights::open([Cursor::new(whole.clone()), Cursor::new(whole.clone())]);
    assert!(matches!(twice, Err(WeightsError::Twice(_))));
}

/// A file that is replaced by an empty one after it was opened.
struct Vanishing {
    file: Cursor<Vec<u8>>,
    reads: usize,
}

impl Read for Vanishing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        if self.reads > 200 { Ok(0) } else { self.file.read(buffer) }
    }
}

impl Seek for Vanishing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[test]
fn a_file_that_ends_early_is_an_error() {
    let mut left = Weights::open([Vanishing { file: Cursor::new(file(&model(1), 4)), reads: 0 }]).unwrap();
    let ended = kinship(&mut left, &mut open(file(&model(2), 4)), ALPHA);
    assert!(matches!(ended, Err(WeightsError::Read { part: 0, .. })));
}

#[test]
fn other_names_for_the_same_parts_hide_nothing() {
    let mut renamed = moved(&model(1), 0.2, 2);
    for (name, ..) in &mut renamed {
        *name =
            name.replace("model.layers", "blocks").replace("mlp.gate_proj", "ffn.w1").replace("mlp.up_proj", "ffn.w3");
        *name = name.replace("mlp.down_proj", "ffn.w2").replace("model.embed_tokens", "tok_embeddings");
    }
    let found = compared(&model(1), &renamed);
    assert!(is_found(&found) && found.header == HeaderVerdict::NotCompatible, "{}", found.statement);
    assert!(!is_found(&compared(&model(3), &renamed)));
}

#[test]
fn a_model_in_parts_is_one_model() {
    let parent = model(1);
    let (first, second) = parent.split_at(4);
    let parts = [file(&second.to_vec(), 4), file(&first.to_vec(), 4)].map(Cursor::new);
    let found =
        kinship(&mut Weights::open(parts).unwrap(), &mut open(file(&moved(&parent, 0.2, 2), 4)), ALPHA).unwrap();
    assert!(is_found(&found) && found.header == HeaderVerdict::CompatibleWithDerivation);

    let index = br#"{"metadata":{},"weight_map":{"a":"model-00002-of-00002.safetensors","b":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors"}}"#;
    assert_eq!(
        parts_of_index(index).unwrap(),
        ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    );
    for wrong in [
        &br#"{"weight_map":{"a":"../x"}}"#[..],
        br#"{"weight_map":{"a":"C:x"}}"#,
        br#"{"weight_map":[]}"#,
        b"{",
        br#"{"weight_map":{"a":3}}"#,
    ] {
        assert!(matches!(parts_of_index(wrong), Err(WeightsError::Index(_))));
    }
}
