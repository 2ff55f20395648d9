use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use stillwatch_lineage::{Answer, Cited, Verdict};

use crate::exporters::Export;

/// Begins every reference that the declarations bring with them.
pub(super) const REFERENCES: &str = "stillwatch:lineage:";

/// `declarations` and `definitions`, for a target that has this reference.
pub(super) fn declarations(target: &str, answers: &[Answer], export: &Export) -> [(&'static str, Json); 2] {
    let mut writer = Writer { target, export, claims: Vec::new(), evidence: BTreeMap::new(), map: Vec::new() };
    let mut requirements = Vec::new();
    for answer in answers {
        writer.answer(answer);
        requirements.push(json!({
            "bom-ref": format!("{REFERENCES}question:{}", answer.question),
            "identifier": answer.question.as_str(),
            "text": answer.text,
        }));
    }
    let assessor = format!("{REFERENCES}assessor");
    let mut declarations = Map::new();
    let name = export.author.as_deref().unwrap_or("Stillwatch");
    let assessors = json!([{ "bom-ref": assessor, "thirdParty": true, "organization": { "name": name } }]);
    declarations.insert("assessors".into(), assessors);
    declarations.insert(
        "attestations".into(),
        json!([{
            "summary": "What documents say of this lineage, and what speaks for and against it",
            "assessor": assessor,
            "map": writer.map,
        }]),
    );
    declarations.insert("claims".into(), writer.claims.into());
    let mut evidence: Vec<(usize, Json)> = writer.evidence.into_values().collect();
    evidence.sort_by_key(|(number, _)| *number);
    declarations.insert("evidence".into(), evidence.into_iter().map(|(_, piece)| piece).collect());
    let standard = json!([{
        "bom-ref": format!("{REFERENCES}questions"),
        "name": "Stillwatch lineage questions",
        "version": "1",
        "description": "What a buyer asks of a model",
        "requirements": requirements,
    }]);
    [("declarations", Json::Object(declarations)), ("definitions", json!({ "standards": standard }))]
}

struct Writer<'a> {
    target: &'a str,
    export: &'a Export,
    claims: Vec<Json>,
    /// By document and statement; with the number that its reference has.
    evidence: BTreeMap<(String, u32), (usize, Json)>,
    map: Vec<Json>,
}

impl Writer<'_> {
    fn answer(&mut self, answer: &Answer) {
        let question = answer.question.as_str();
        let mut entry = json!({ "requirement": format!("{REFERENCES}question:{question}") });
        let (denied, said): (Vec<&Cited>, Vec<&Cited>) = answer.cited.iter().partition(|cited| cited.denied);
        match answer.verdict {
            Verdict::Disclosed | Verdict::Evidenced => {
                let own = format!("{REFERENCES}claim:{question}");
                self.claim(&own, &answer.statement, answer, &said, &denied);
                entry["claims"] = json!([own]);
            }
            Verdict::Contradicted => {
                if let Some(first) = said.first() {
                    let own = format!("{REFERENCES}claim:{question}");
                    self.claim(&own, &sentence(first), answer, &said, &denied);
                    entry["claims"] = json!([own]);
                }
                let counter = format!("{REFERENCES}counter-claim:{question}");
                let all: Vec<&Cited> = answer.cited.iter().collect();
                self.claim(&counter, &answer.statement, answer, &all, &[]);
                entry["counterClaims"] = json!([counter]);
            }
            Verdict::Unknown | Verdict::NotApplicable => {}
        }
        // The verdict in words and no number: a score would have to average what cannot be averaged.
        entry["conformance"] = json!({ "rationale": format!("{}: {}", answer.verdict, answer.statement) });
        let best = answer.cited.iter().map(|cited| cited.evidence).max();
        if let Some(best) = best.filter(|_| answer.verdict != Verdict::Unknown) {
            entry["confidence"] = json!({ "rationale": format!("the best evidence is of kind {best}") });
        }
        self.map.push(entry);
    }

    fn claim(&mut self, own: &str, predicate: &str, answer: &Answer, said: &[&Cited], denied: &[&Cited]) {
        let mut claim = json!({ "bom-ref": own, "target": self.target, "predicate": predicate });
        let paths: Vec<String> = answer
            .paths
            .iter()
            .map(|path| {
                path.iter()
                    .map(|step| format!("{} {} {} [{}]", step.subject_name, step.edge, step.object_name, step.verdict))
                    .collect::<Vec<_>>()
                    .join("; ")
            })
            .collect();
        if !paths.is_empty() {
            claim["reasoning"] = paths.join("\n").into();
        }
        for (key, list) in [("evidence", said), ("counterEvidence", denied)] {
            let mut references: Vec<String> = list.iter().map(|cited| self.piece(cited)).collect();
            references.sort();
            references.dedup();
            if !references.is_empty() {
                claim[key] = references.into();
            }
        }
        self.claims.push(claim);
    }

    /// The reference of a statement as evidence.
    fn piece(&mut self, cited: &Cited) -> String {
        let key = (cited.document.as_str().to_owned(), cited.statement);
        let next = self.evidence.len();
        let (number, _) = self.evidence.entry(key).or_insert_with(|| (next, evidence(next, cited, self.export)));
        reference(*number)
    }
}

fn reference(number: usize) -> String {
    format!("{REFERENCES}evidence:{number:05}")
}

fn evidence(number: usize, cited: &Cited, export: &Export) -> Json {
    let place = if cited.path.is_empty() { String::new() } else { format!(" at {}", cited.path) };
    let words = cited.quote.clone().unwrap_or_else(|| sentence(cited));
    let mut piece = json!({
        "bom-ref": reference(number),
        "propertyName": format!("{REFERENCES}{}", cited.predicate),
        "description": format!("{} ({}, {}{place})", sentence(cited), cited.evidence, cited.name),
        "data": [{
            "name": cited.document.as_str(),
            "contents": { "attachment": { "contentType": "text/plain", "content": words } },
        }],
    });
    if let Some(on) = cited.said_on {
        piece["created"] = format!("{on}T00:00:00Z").into();
    }
    if let Some(until) = cited.expires {
        piece["expires"] = format!("{until}T00:00:00Z").into();
    }
    if let Some(by) = &cited.said_by {
        piece["author"] = json!({ "name": by });
    }
    if cited.evidence > stillwatch_lineage::EvidenceKind::SelfClaim {
        let reviewer = export.author.as_deref().unwrap_or("Stillwatch");
        piece["reviewer"] = json!({ "name": reviewer });
    }
    piece
}

fn sentence(cited: &Cited) -> String {
    let not = if cited.denied { "not " } else { "" };
    let object = if cited.object.is_empty() { "anything" } else { &cited.object };
    format!("{}: {not}{} {object}", cited.subject, cited.predicate)
}
