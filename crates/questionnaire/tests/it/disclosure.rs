//! Vague is not disclosed, "no" can be, and nobody gets a point for pasting the question back.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use stillwatch_questionnaire::disclosure::{Asked, Assessment, Disclosure, MEASURES, assess, measured};

use crate::shared::shared;

const WATER: Asked<'_> = Asked {
    question: "How much water did the training use?",
    notes: "Report litres or cubic metres, to one significant figure, with how it was measured. If it was not \
            measured, say so and why.",
    example: "Training used 40,000 cubic metres of water, read from the meters of the site.",
    wants: &[],
};
const SUPPLIERS: Asked<'_> = Asked {
    question: "Who supplies licensed data for training?",
    notes: "Name each supplier. A statement that no data is licensed is an answer.",
    example: "We license data from A and B.",
    wants: &[],
};
const INCIDENTS: Asked<'_> = Asked {
    question: "Is there a policy for reporting security incidents?",
    notes: "Say how to report an incident, how fast it is answered and whether results are published. We also accept \
            a statement that there is no such policy.",
    example: "Incidents can be reported to an address; we answer within two days and publish a summary once fixed.",
    wants: &[],
};
const VAGUE_WATER: &str = "We take sustainability very seriously and continuously strive to use water in a \
                           responsible and efficient way across various sites.";

fn judged(asked: &Asked<'_>, text: &str) -> Disclosure {
    let assessment = assess(asked, text);
    assert!(!assessment.why.is_empty(), "{text}");
    assert!((0.0..=1.0).contains(&assessment.probability), "{text}");
    assessment.disclosure
}

#[test]
fn a_specific_answer_is_told_from_a_vague_one() {
    for (asked, specific, vague) in [
        (&WATER, "It used 3.1 million litres of water, metered at the Malmö site from March to May.", VAGUE_WATER),
        (
            &INCIDENTS,
            "Write to security@example.org or use the form on our status page. We acknowledge within 24 hours, and \
             publish a report within 30 days of the fix.",
            "Security is our highest priority and we have robust, industry-standard processes.",
        ),
        (
            &SUPPLIERS,
            "Blue Heron Press, the Aarhus Newspaper Archive and Nordlicht Verlag, under licences of 2023.",
            "We may work with various suppliers where appropriate.",
        ),
    ] {
        assert_eq!(judged(asked, specific), Disclosure::Answered, "{specific}");
        assert_eq!(judged(asked, vague), Disclosure::Vague, "{vague}");
    }
    let vague = assess(&WATER, VAGUE_WATER);
    assert_eq!(vague.why[0], "asked for and not found: an amount");
}

#[test]
fn a_denial_discloses_where_the_question_takes_it() {
    for (asked, text) in [
        (&SUPPLIERS, "No data is licensed: we train on public archives alone."),
        (&INCIDENTS, "We have no such policy."),
        (&WATER, "We did not measure it, because the landlord of the site reads the meters and does not pass them on."),
    ] {
        assert_eq!(judged(asked, text), Disclosure::Answered, "{text}");
    }
}

#[test]
fn saying_that_it_will_not_be_said_is_withholding() {
    for text in [
        "We do not disclose this.",
        "Confidential",
        "No information was provided about water.",
        "This is not publicly available. We can't share details.",
        "conf\u{200b}id\u{ad}ential",
        "vertraulich",
        "保密",
        "конфиденциально",
    ] {
        assert_eq!(judged(&WATER, text), Disclosure::Withheld, "{text}");
    }
}

#[test]
fn placeholders_say_nothing_in_any_language() {
    for text in ["", " \n\t", "N/A", "TBD", "unknown", "-", "keine Angabe", "不明", "нет данных", "\u{200b}\u{202e}"]
    {
        assert_eq!(judged(&WATER, text), Disclosure::Empty, "{text:?}");
    }
    for text in ["see website", "auf Anfrage", "See https://example.org/"] {
        assert_eq!(judged(&WATER, text), Disclosure::Elsewhere, "{text}");
    }
}

#[test]
fn a_bare_link_is_told_apart() {
    let asked = Asked { example: "Our policy is published at this link: https://example.org/policy", ..INCIDENTS };
    let link = assess(&asked, "https://example.net/security/reporting");
    assert!(link.link_only);
    assert!(link.why.iter().any(|reason| reason.contains("was not read")), "{:?}", link.why);
    assert!(!assess(&asked, "We have no such policy.").link_only);
}

#[test]
fn what_was_asked_is_no_answer() {
    for asked in [WATER, SUPPLIERS, INCIDENTS] {
        let both = format!("{} {}", asked.question, asked.notes);
        let listed = both.replace([',', '.', '?'], "").split(' ').rev().collect::<Vec<_>>().join(" ");
        let repeated = format!("{} ", asked.question).repeat(50);
        let all = format!("{both} {}", asked.example);
        for text in [asked.question, asked.notes, both.as_str(), &listed, &repeated, asked.example, &all] {
            assert_ne!(judged(&asked, text), Disclosure::Answered, "{text}");
        }
    }
}

#[test]
fn strung_words_are_no_sentences() {
    let stuffed = "water litres training data meters policy security report license suppliers energy compute tokens \
                   privacy audit governance robustness transparency safety cloud";
    for asked in [WATER, SUPPLIERS, INCIDENTS, Asked { question: WATER.question, ..Asked::default() }] {
        assert_ne!(judged(&asked, stuffed), Disclosure::Answered);
        assert_ne!(judged(&asked, &"water ".repeat(5_000)), Disclosure::Answered);
        assert_ne!(judged(&asked, "Our bakery opens early and the bread is warm."), Disclosure::Answered);
    }
}

#[test]
fn an_answer_in_another_language_is_left_to_a_person() {
    let text = "我们在马尔默的数据中心使用了三百一十万升水并由现场仪表计量而且每月公布一次结果";
    assert_eq!(judged(&WATER, text), Disclosure::NeedsReader);
    let german = "Die Anlage brauchte 3,1 Millionen Liter Wasser, gemessen an der Uhr und von der Stadt bestätigt.";
    assert_eq!(judged(&WATER, german), Disclosure::NeedsReader);
}

#[test]
fn long_and_odd_texts_are_read_in_part() {
    let long = "We measured water at each of our sites. ".repeat(250_000);
    for text in [
        long.as_str(),
        &"\u{202e}\u{200b}".repeat(1_000_000),
        &"\u{fdfa}".repeat(1_000_000),
        &"a\u{301}".repeat(1_000_000),
        &"(".repeat(1_000_000),
        &"1.".repeat(1_000_000),
        &"https://".repeat(500_000),
        &"a".repeat(10_000_000),
    ] {
        let assessment = assess(&WATER, text);
        assert_eq!(assessment.why.last().unwrap(), "only the first 20000 characters were read");
        assert_ne!(assessment.disclosure, Disclosure::Withheld);
    }
    let hostile = Asked { question: &long, notes: &long, example: &long, wants: &[] };
    judged(&hostile, &long);
}

/// Full and empty answers of made-up vendors, written down before they were judged.
#[test]
fn the_buyers_form_is_judged_by_what_its_items_want() {
    let mut reader = csv::Reader::from_reader(&include_bytes!("../answers.csv")[..]);
    let (mut full, mut refused, mut empty, mut passed) = (0, Vec::new(), 0, Vec::new());
    for row in reader.records() {
        let row = row.unwrap();
        let item = stillwatch_questionnaire::known(&row[0]).unwrap();
        let asked = Asked { question: &item.ask, notes: &item.counts, example: "", wants: &item.wants };
        let worth = judged(&asked, &row[2]);
        if &row[1] == "yes" {
            full += 1;
            let is_refused = !matches!(worth, Disclosure::Answered | Disclosure::NeedsReader);
            refused.extend(is_refused.then(|| format!("{}: {worth}: {}", &row[0], &row[2])));
        } else {
            empty += 1;
            passed.extend((worth == Disclosure::Answered).then(|| format!("{}: {}", &row[0], &row[2])));
        }
    }
    assert_eq!((full, empty), (24, 21));
    assert!(refused.is_empty(), "a full answer needs a reader at most: {refused:?}");
    assert!(passed.len() <= 1, "{passed:?}");
}

/// The weights fit the measures that they were learnt from. The figures for companies and questions that were not
/// learnt from are those of `benches/disclosure.py`.
#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn the_index_is_judged_as_people_did() {
    let root = shared("provenance/fmti");
    let scores = table(&root.join("scores.csv"));
    let mut reports = BTreeMap::new();
    let (mut called, mut scored, mut both) = (0.0, 0.0, 0.0);
    for row in table(&root.join("indicators.csv")).values() {
        let asked = Asked {
            question: &row["Definition"],
            notes: &row["Notes"],
            example: &row["Example disclosure"],
            wants: &[],
        };
        for (company, score) in scores[row["Indicator"].trim()].iter().filter(|(name, _)| *name != "Indicator") {
            let path = root.join(format!("reports/{}.csv", company.replace(' ', "_")));
            let report = reports.entry(company).or_insert_with(|| table(&path));
            let answered = judged(&asked, &report[row["Indicator"].trim()]["Disclosure"]) == Disclosure::Answered;
            let disclosed = score == "1";
            called += f64::from(u8::from(answered));
            scored += f64::from(u8::from(disclosed));
            both += f64::from(u8::from(answered && disclosed));
        }
    }
    let (precision, recall) = (both / called, both / scored);
    assert!(precision >= 0.77 && recall >= 0.57, "precision {precision:.3}, recall {recall:.3}");
}

/// The rows of a table with a heading, by their indicator.
fn table(path: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader
        .deserialize()
        .map(|row| row.unwrap())
        .map(|row: BTreeMap<String, String>| (row["Indicator"].trim().to_owned(), row))
        .collect()
}

proptest! {
    /// An exact figure that the question does not give, in a sentence of its own, never counts against an answer.
    #[test]
    fn a_figure_never_lowers_the_probability(
        text in "([A-Za-z]{1,9}[ ,.]{1,2}|not |disclose |various |12 |https://a.example |\n- ){0,40}",
        number in 1_u32..1_000_000,
        unit in prop::sample::select(vec!["litres", "tokens", "cubic metres", "GPU hours"]),
    ) {
        for asked in [WATER, SUPPLIERS, INCIDENTS, Asked { question: WATER.question, ..Asked::default() }] {
            let before = assess(&asked, &text);
            let after = assess(&asked, &format!("{text}\n{number} {unit}."));
            prop_assert!(after.probability >= before.probability, "{before:?} {after:?}");
        }
    }

    #[test]
    fn any_text_is_judged_the_same_twice(question in ".{0,80}", notes in ".{0,80}", text in ".{0,300}") {
        let asked = Asked { question: &question, notes: &notes, example: "", wants: &[] };
        let first: Assessment = assess(&asked, &text);
        prop_assert_eq!(&first, &assess(&asked, &text));
        prop_assert!(first.probability.is_finite());
        prop_assert_eq!(measured(&asked, &text).values.len(), MEASURES.len());
    }
}
