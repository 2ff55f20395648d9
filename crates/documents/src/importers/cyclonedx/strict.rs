use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, Registry, ValidationError, Validator};
use serde_json::Value;

/// The three versions with a JSON schema that knows models: <https://github.com/CycloneDX/specification>, commit
/// e02a34ae, Apache-2.0; the files in `schemas/cyclonedx` are as they stand there.
static SCHEMAS: [Schema; 3] = [
    Schema { version: "1.5", text: include_str!("../../../schemas/cyclonedx/bom-1.5.schema.json"), built: built::<0> },
    Schema { version: "1.6", text: include_str!("../../../schemas/cyclonedx/bom-1.6.schema.json"), built: built::<1> },
    Schema { version: "1.7", text: include_str!("../../../schemas/cyclonedx/bom-1.7.schema.json"), built: built::<2> },
];

const SIDE: [(&str, &str); 3] = [
    ("http://cyclonedx.org/schema/spdx.schema.json", include_str!("../../../schemas/cyclonedx/spdx.schema.json")),
    (
        "http://cyclonedx.org/schema/jsf-0.82.schema.json",
        include_str!("../../../schemas/cyclonedx/jsf-0.82.schema.json"),
    ),
    (
        "http://cyclonedx.org/schema/cryptography-defs.schema.json",
        include_str!("../../../schemas/cyclonedx/cryptography-defs.schema.json"),
    ),
];

struct Schema {
    version: &'static str,
    text: &'static str,
    built: fn() -> Result<&'static Validator, &'static str>,
}

/// One thing that the schema refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// JSON Pointer of the innermost value that is wrong; of a missing member the object that lacks it.
    pub(crate) path: String,
    pub(crate) message: String,
}

/// Whether there is a schema of this version.
pub(crate) fn is_known(version: &str) -> bool {
    SCHEMAS.iter().any(|schema| schema.version == version)
}

/// What the schema of a version refuses, `format` asserted, at most `most`; `Err` says why it could not be asked.
///
/// Without format assertions three invalid files of the official corpus pass (a time stamp without a time).
pub(crate) fn refusals(version: &str, document: &Value, most: usize) -> Result<Vec<Refusal>, String> {
    let schema = SCHEMAS.iter().find(|schema| schema.version == version);
    let schema = schema.ok_or_else(|| format!("there is no schema of version {version} here"))?;
    let validator = (schema.built)()?;
    let mut refusals = Vec::new();
    for error in validator.iter_errors(document).take(most) {
        innermost(&error, &mut refusals);
    }
    Ok(refusals)
}

fn built<const AT: usize>() -> Result<&'static Validator, &'static str> {
    static BUILT: [LazyLock<Result<Validator, String>>; 3] =
        [LazyLock::new(|| build(0)), LazyLock::new(|| build(1)), LazyLock::new(|| build(2))];
    BUILT[AT].as_ref().map_err(String::as_str)
}

/// No retriever: a reference that is not shipped is an error and never a request. Patterns run on an engine of linear
/// time, so that no text of a document can stall it.
fn build(at: usize) -> Result<Validator, String> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    let mut registry = Registry::new();
    for (id, text) in SIDE {
        registry = registry.add(id, parse(text)?).map_err(|error| error.to_string())?;
    }
    let registry = registry.prepare().map_err(|error| error.to_string())?;
    jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(&parse(SCHEMAS[at].text)?)
        .map_err(|error| error.to_string())
}

/// Of a choice, the errors of the branch that came furthest: `licenses` is "a list of licences or of one expression", and
/// what is wrong with a licence's id is not that it is no expression.
fn innermost(error: &ValidationError<'_>, refusals: &mut Vec<Refusal>) {
    let own = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let branch = context.iter().filter(|errors| !errors.is_empty()).max_by_key(|errors| {
                let shallowest = errors.iter().map(depth).min().unwrap_or(0);
                (shallowest, std::cmp::Reverse(errors.len()))
            });
            match branch.filter(|errors| errors.iter().all(|error| depth(error) > steps(own))) {
                Some(errors) => {
                    let mut inside = Vec::new();
                    for error in errors {
                        innermost(error, &mut inside);
                    }
                    // Of an object that is of another form altogether, the object itself is told, not its every member.
                    let objects: Vec<String> = inside.iter().map(|refusal| format!("{}/", refusal.path)).collect();
                    inside.retain(|refusal| !objects.iter().any(|object| refusal.path.starts_with(object.as_str())));
                    for refusal in inside {
                        push(refusals, refusal.path, &refusal.message);
                    }
                }
                None => push(refusals, own.to_owned(), &format!("none of the forms allowed here ({})", last(error))),
            }
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                let path = format!("{own}/{}", key.replace('~', "~0").replace('/', "~1"));
                push(refusals, path, "no member of this name is allowed here");
            }
        }
        _ => push(refusals, own.to_owned(), &error.masked_with("this value").to_string()),
    }
}

fn push(refusals: &mut Vec<Refusal>, path: String, message: &str) {
    let short: String = message.chars().take(240).collect();
    let refusal = Refusal { path, message: if short.len() < message.len() { format!("{short}…") } else { short } };
    if !refusals.contains(&refusal) {
        refusals.push(refusal);
    }
}

/// How far in the error of a choice lies at its innermost.
fn depth(error: &ValidationError<'_>) -> usize {
    let own = steps(error.instance_path().as_str());
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.iter().filter_map(|errors| errors.iter().map(depth).min()).max().unwrap_or(own)
        }
        ValidationErrorKind::AdditionalProperties { .. } => own + 1,
        _ => own,
    }
}

fn steps(path: &str) -> usize {
    path.matches('/').count()
}

fn last<'e>(error: &'e ValidationError<'_>) -> &'e str {
    let path = error.schema_path().as_str();
    let mut from = path.len();
    for _ in 0..3 {
        from = path[..from].rfind('/').unwrap_or(0);
    }
    path[from..].trim_start_matches('/')
}
