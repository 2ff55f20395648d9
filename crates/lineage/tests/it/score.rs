use stillwatch_lineage::{EdgeKind, Grade, Graph, Import, NodeRef, Profile, ProfileError, Verdict};

use crate::made::{data, document, find, ledger, model};

const ATTRIBUTES: [&str; 7] =
    ["training-data", "safety", "limitations", "intended-use", "hardware", "vendor-data", "synthetic"];
const DATA: [&str; 4] = ["data-collection", "version", "licence-text", "personal-data"];

/// A document that fills the same fields with these words.
fn filled(words: impl Fn(&str) -> String) -> Import {
    document("bom.json", |draft| {
        for attribute in ATTRIBUTES {
            draft.text(model("m"), attribute, &words(attribute), "/m");
        }
        draft.text(model("m"), EdgeKind::LicensedUnder, &words("licence"), "/m/licences");
        draft.text(model("m"), EdgeKind::RunsOn, &words("compute"), "/m/compute");
        draft.node(model("m"), EdgeKind::TrainedOn, data(&words("data set")), "/m/datasets/0");
        for attribute in DATA {
            draft.text(data(&words("data set")), attribute, &words(attribute), "/d");
        }
    })
}

#[test]
fn a_bom_of_placeholders_scores_far_below_the_same_bom_of_words() {
    let profile = Profile::standard().unwrap();
    let score = |import: &Import| {
        let ledger = ledger([import]);
        let graph = Graph::of(&ledger, None);
        graph.score(find(&graph, "m"), &profile)
    };
    let real = score(&filled(|field| format!("the {field} of 2024, gathered from three named archives")));
    for placeholder in ["unknown", "N/A", "proprietary", "not disclosed", "TBD", "see website"] {
        let empty = score(&filled(|_| placeholder.into()));
        assert!(empty.low + 0.25 < real.low, "{placeholder}: {} against {}", empty.low, real.low);
        assert!(empty.low < 0.05 && empty.high > 0.95, "{placeholder}: {} to {}", empty.low, empty.high);
        assert_eq!(empty.grade, Grade::E);
    }
    assert!(real.high >= real.low && real.counts.unknown > 0);
}

#[test]
fn a_contradiction_caps_the_grade() {
    let profile = Profile::standard().unwrap();
    let real = filled(|field| format!("the {field} of 2024"));
    let other =
        document("other", |draft| draft.node(model("m"), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "/l"));
    let third = document("third", |draft| {
        draft.node(model("m"), EdgeKind::LicensedUnder, NodeRef::licence("GPL-3.0-only"), "/l");
    });
    let ledger = ledger([&real, &other, &third]);
    let graph = Graph::of(&ledger, None);
    let score = graph.score(find(&graph, "m"), &profile);
    assert!(score.counts.contradicted >= 1 && score.grade == Grade::E, "{score:?}");
    let governance = score.layers.iter().find(|layer| layer.critical).unwrap();
    assert!(
        governance.requirements.iter().any(|judged| judged.id == "licence" && judged.verdict == Verdict::Contradicted)
    );
}

#[test]
fn mistakes_in_a_profile_are_named() {
    let change = |from: &str, to: &str| Profile::parse(&Profile::STANDARD.replacen(from, to, 1));
    assert!(matches!(change("weight = 30", "weight = -1"), Err(ProfileError::Weight(_))));
    assert!(matches!(change("disclosed = 0.6", "disclosed = 6"), Err(ProfileError::Share("disclosed"))));
    assert!(matches!(change("weight = 30", "wheight = 30"), Err(ProfileError::Malformed { line: Some(_), .. })));
    assert!(matches!(change("question = \"synthetic\"\n", ""), Err(ProfileError::Empty(_))));
}
