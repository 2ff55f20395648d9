//! How much of what a buyer wants to know is known: counts of verdicts, and an interval whose ends are what is unknown
//! taken as nothing and as everything. There is no single number, and a contradiction caps the grade.

mod profile;

pub use profile::{Credit, Grades, Layer, Profile, ProfileError, Requirement};

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Verdict;
use crate::ask::{Question, Upstream, decisive, reviewed, support};
use crate::graph::Graph;
use crate::ledger::NodeKey;
use crate::resolve::EntityId;

/// The score of one subject under one profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    pub subject: NodeKey,
    pub name: String,
    pub profile: String,
    pub counts: Counts,
    /// 0 to 1: everything unknown counts as nothing.
    pub low: f64,
    /// 0 to 1: everything unknown counts as evidenced.
    pub high: f64,
    pub grade: Grade,
    /// Why the grade is not what the low end would give.
    pub capped: Option<String>,
    pub layers: Vec<LayerScore>,
    /// What the score would be once a reviewer has looked at what waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<ScoreOutlook>,
}

/// A score with every statement confirmed that waits for a reviewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreOutlook {
    /// Statements that wait and change one of the requirements, or all that bear on the subject where none does alone.
    pub statements: usize,
    pub low: f64,
    pub high: f64,
    pub grade: Grade,
    /// The requirements whose verdict would be another one.
    pub changes: Vec<ScoreChange>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreChange {
    pub id: String,
    pub title: String,
    pub before: Verdict,
    pub after: Verdict,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LayerScore {
    pub id: String,
    pub title: String,
    pub weight: f64,
    pub critical: bool,
    pub counts: Counts,
    pub low: f64,
    pub high: f64,
    pub requirements: Vec<Judged>,
}

/// A requirement and its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Judged {
    pub id: String,
    pub title: String,
    pub weight: f64,
    pub verdict: Verdict,
}

/// How many requirements have each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    pub disclosed: u32,
    pub evidenced: u32,
    pub contradicted: u32,
    pub unknown: u32,
    pub not_applicable: u32,
}

/// From the low end of the interval. The order is from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    A,
    B,
    C,
    D,
    E,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Counts {
    pub fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Disclosed => &mut self.disclosed,
            Verdict::Evidenced => &mut self.evidenced,
            Verdict::Contradicted => &mut self.contradicted,
            Verdict::Unknown => &mut self.unknown,
            Verdict::NotApplicable => &mut self.not_applicable,
        } += 1;
    }
}

impl Graph<'_> {
    /// Scores a subject, and says what the score would be once everything that waits is confirmed.
    pub fn score(&self, subject: EntityId, profile: &Profile) -> Score {
        let mut score = scored(&Upstream::of(self, subject), profile);
        let later = self.confirmed().map(|graph| scored(&Upstream::of(graph, subject), profile));
        score.waiting = later.and_then(|later| outlook(self, subject, profile, &score, &later));
        score
    }
}

/// The score of what has been reviewed.
pub(crate) fn scored(upstream: &Upstream<'_, '_>, profile: &Profile) -> Score {
    let (graph, subject) = (upstream.graph, upstream.subject);
    let answers: Vec<(Question, Verdict)> =
        Question::ALL.iter().map(|&question| (question, reviewed(upstream, question).verdict)).collect();
    let mut counts = Counts::default();
    let mut total = Interval::default();
    let mut layers = Vec::new();
    for layer in &profile.layers {
        let mut interval = Interval::default();
        let mut own = Counts::default();
        let mut judged = Vec::new();
        for requirement in &layer.requirements {
            let verdict = match requirement.question {
                Some(question) => {
                    answers.iter().find(|(own, _)| *own == question).map_or(Verdict::Unknown, |(_, verdict)| *verdict)
                }
                None => support(upstream, &requirement.any_of, requirement.of).verdict,
            };
            counts.add(verdict);
            own.add(verdict);
            interval.add(requirement.weight, verdict, &profile.credit);
            judged.push(Judged {
                id: requirement.id.clone(),
                title: requirement.title.clone(),
                weight: requirement.weight,
                verdict,
            });
        }
        if interval.weight > 0.0 {
            total.weight += layer.weight;
            total.low += layer.weight * interval.low();
            total.high += layer.weight * interval.high();
        }
        layers.push(LayerScore {
            id: layer.id.clone(),
            title: layer.title.clone(),
            weight: layer.weight,
            critical: layer.critical,
            counts: own,
            low: interval.low(),
            high: interval.high(),
            requirements: judged,
        });
    }
    let (grade, capped) = grade(&profile.grade, total.low(), counts, &layers);
    Score {
        subject: graph.key(subject),
        name: graph.name(subject).to_owned(),
        profile: profile.name.clone(),
        counts,
        low: total.low(),
        high: total.high(),
        grade,
        capped,
        layers,
        waiting: None,
    }
}

/// What would change, if anything does.
fn outlook(
    graph: &Graph<'_>,
    subject: EntityId,
    profile: &Profile,
    now: &Score,
    later: &Score,
) -> Option<ScoreOutlook> {
    let judged = |score: &Score| -> Vec<Judged> {
        score.layers.iter().flat_map(|layer| layer.requirements.iter().cloned()).collect()
    };
    let own = judged(now);
    let changes = own.iter().zip(judged(later)).filter(|(now, later)| now.verdict != later.verdict);
    let changes: Vec<ScoreChange> = changes
        .map(|(now, later)| ScoreChange { id: later.id, title: later.title, before: now.verdict, after: later.verdict })
        .collect();
    if changes.is_empty() {
        return None;
    }
    let statements = decisive(graph, subject, |upstream| judged(&scored(upstream, profile)) != own).len();
    Some(ScoreOutlook { statements, low: later.low, high: later.high, grade: later.grade, changes })
}

/// A weighted mean with both ends of what is unknown.
#[derive(Default)]
struct Interval {
    weight: f64,
    low: f64,
    high: f64,
}

impl Interval {
    fn add(&mut self, weight: f64, verdict: Verdict, credit: &Credit) {
        let (low, high) = match verdict {
            Verdict::NotApplicable => return,
            Verdict::Unknown => (0.0, 1.0),
            Verdict::Disclosed => (credit.disclosed, credit.disclosed),
            Verdict::Evidenced => (credit.evidenced, credit.evidenced),
            Verdict::Contradicted => (credit.contradicted, credit.contradicted),
        };
        self.weight += weight;
        self.low += weight * low;
        self.high += weight * high;
    }

    fn low(&self) -> f64 {
        if self.weight > 0.0 { self.low / self.weight } else { 0.0 }
    }

    /// With no requirement that applies nothing is known.
    fn high(&self) -> f64 {
        if self.weight > 0.0 { self.high / self.weight } else { 1.0 }
    }
}

fn grade(grades: &Grades, low: f64, counts: Counts, layers: &[LayerScore]) -> (Grade, Option<String>) {
    let steps = [(grades.a, Grade::A), (grades.b, Grade::B), (grades.c, Grade::C), (grades.d, Grade::D)];
    let earned = steps.into_iter().find(|(least, _)| low >= *least).map_or(Grade::E, |(_, grade)| grade);
    let (mut grade, mut why) = (earned, None);
    let mut cap = |best: Grade, reason: String| {
        if best > grade {
            (grade, why) = (best, Some(reason));
        }
    };
    if counts.contradicted > 0 {
        let told = match counts.contradicted {
            1 => "1 requirement is contradicted".to_owned(),
            several => format!("{several} requirements are contradicted"),
        };
        cap(grades.contradicted, told);
    }
    for layer in layers.iter().filter(|layer| layer.critical) {
        if layer.counts.contradicted > 0 {
            cap(
                grades.critical,
                format!(
                    "{} requirements of the critical layer {} are contradicted",
                    layer.counts.contradicted, layer.title
                ),
            );
        } else if layer.counts.disclosed + layer.counts.evidenced == 0 && layer.counts.unknown > 0 {
            cap(grades.critical, format!("nothing is known of the critical layer {}", layer.title));
        }
    }
    (grade, why)
}
