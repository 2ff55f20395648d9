//! From counts to findings: what each class of evidence says of each vendor, and no more.

use stillwatch_core::{Evidence, Measure, Millibits, PValue, Source, Unit, ratio, statistics};

use crate::collector::{Collector, Group, GroupName};
use crate::finding::{Finding, RowName, Verdict};
use crate::index::{FEW_ORIGINS, Overlaps, excess};
use crate::report::SetAside;
use crate::report::StyleResult;
use crate::style::{FEATURE_VERSION, FamilyShare, ShareEstimate, Shares, StyleModel, VendorTest, vendor_tests};
use crate::watermark::CorpusTest;
use crate::{Class, FRAGMENT_RULE, SERVED_RULE, WATERMARK_RULE};

/// Distinct canaries: each is random, so that a second one is no accident of copying the first.
const LEAST_CANARIES: u64 = 2;
/// Documents below which passages can have been collected and planted by hand.
const LEAST_DOCUMENTS: u64 = 10;
/// Error allowed over all watermark keys together. A key accuses a vendor by itself, so it is a tenth of what
/// passages are allowed.
const WATERMARK_LEVEL: f64 = 0.001;
/// Variance of z under wrong keys beyond which the formula is said not to hold.
const MOST_DISPERSION: f64 = 1.5;
/// Level of a test by style; few corpora make the smallest attainable value large.
const STYLE_LEVEL: f64 = 0.05;
/// Rule of shares by style.
const STYLE_RULE: &str = "style-share";
/// Error allowed over all vendors together that are tested against a background.
const LEVEL: f64 = 0.01;

/// An index that the corpus was looked up in.
#[derive(Clone, Copy, Debug)]
pub struct IndexUse<'a> {
    pub name: &'a str,
    /// Finds that are expected by chance, over all lookups.
    pub chance: f64,
    /// What documents of the reference that are certainly not the vendor's have in common with it.
    pub reference: Option<&'a Overlaps>,
}

impl Collector {
    /// Findings of what was counted in rows: classes A and C. `names` are those of the files, and `indexes` says of each
    /// index how it is called, how many finds are expected by chance, and what the reference has in common with it.
    pub fn findings(&self, names: &[String], indexes: &[IndexUse<'_>]) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        for (name, group) in &self.groups {
            match name.class {
                Class::Exact if name.rule == SERVED_RULE => {
                    let number = indexes.iter().position(|index| name.means.as_deref() == Some(index.name));
                    let used = number.and_then(|number| Some((indexes.get(number)?, self.overlaps.get(number)?)));
                    findings.extend(used.map(|(index, overlaps)| self.served(name, group, names, overlaps, index)));
                }
                Class::Exact if name.rule == FRAGMENT_RULE => {
                    let number = indexes.iter().position(|index| name.means.as_deref() == Some(index.name));
                    let used = number.and_then(|number| Some((indexes.get(number)?, self.overlaps.get(number)?)));
                    findings.extend(used.map(|(index, overlaps)| self.fragments(name, group, names, overlaps, index)));
                }
                Class::Exact => findings.push(self.canary(name, group, names)),
                Class::SelfClaim => findings.push(self.claimed(name, group, names)),
                Class::Watermark | Class::Style => {}
            }
        }
        hold_together(&mut findings);
        findings.sort_by(|left, right| {
            (left.class, left.verdict).cmp(&(right.class, right.verdict)).then(right.documents.cmp(&left.documents))
        });
        findings
    }

    /// What the test of a watermark over the whole corpus says, beside that of texts by people, where there are some.
    /// Rows are those that are marked by themselves. What the formula says stands beside it, for [`hold_watermarks`].
    pub fn watermark(
        &self,
        vendor: &str,
        name: &str,
        test: &CorpusTest,
        people: Option<&CorpusTest>,
        names: &[String],
    ) -> (Finding, f64) {
        let group = self.groups.iter().find(|(group, _)| {
            group.class == Class::Watermark
                && group.vendor.as_deref() == Some(vendor)
                && group.means.as_deref() == Some(name)
        });
        let empty = (
            GroupName {
                class: Class::Watermark,
                vendor: Some(vendor.into()),
                rule: WATERMARK_RULE.into(),
                version: 1,
                means: None,
            },
            Group::default(),
        );
        let (group_name, group) = group.unwrap_or((&empty.0, &empty.1));
        let mut cautions = Vec::new();
        if test.dispersion > MOST_DISPERSION {
            cautions.push(format!(
                "wrong keys spread {:.1} times as wide as the formula says, so its nominal p-value is optimistic",
                test.dispersion
            ));
        }
        if self.with_prompt < self.documents {
            cautions.push(format!(
                "prompts are not given for {} of {} documents: what they repeat of a marked prompt counts as theirs",
                self.documents - self.with_prompt,
                self.documents
            ));
        }
        if test.documents < self.documents {
            cautions.push(format!(
                "n-grams of {} of {} documents were read, chosen by a hash of their text: more than the test can hold",
                test.documents, self.documents
            ));
        }
        // By the formula, with the spread that wrong keys show, against no mark and against what people's texts show.
        let formula = normal_tail(test.z / test.dispersion.max(1.0).sqrt());
        let above = people.filter(|people| people.ngrams > 0 && test.ngrams > 0).map(|people| {
            let excess = |test: &CorpusTest| test.z / float(test.ngrams).sqrt();
            let spread = (1.0 / float(test.ngrams) + 1.0 / float(people.ngrams)) * test.dispersion.max(1.0);
            normal_tail((excess(test) - excess(people)) / spread.sqrt())
        });
        if above.is_some_and(|p| p > WATERMARK_LEVEL) {
            cautions.push("not more than in texts by people under the same key".into());
        }
        let formula = formula.max(above.unwrap_or(0.0));
        let value = test.calibrated_p.max(formula);
        let verdict = if value <= WATERMARK_LEVEL { Verdict::Contains } else { Verdict::NotShown };
        let people = if above.is_some() { ", and excess over texts by people" } else { "" };
        let p_value = PValue {
            value,
            smallest: test.smallest_p,
            null: format!(
                "rank of the right key among {} wrong ones on this corpus, and their spread{people}",
                test.keys
            ),
        };
        let finding = Finding {
            verdict,
            statement: test.statement.trim_end_matches('.').to_owned(),
            p_value: Some(p_value),
            cautions,
            ..self.finding(group_name, group, names)
        };
        (finding, formula)
    }

    /// What style says: shares with their intervals, tests against corpora that are not the vendor's, and a finding for each
    /// vendor. `None` of no document.
    pub fn style(&self, model: &StyleModel) -> Option<(StyleResult, Vec<Finding>)> {
        let mut scores = Shares::new(model);
        self.style.values().for_each(|row| scores.push(row));
        if scores.is_empty() {
            return None;
        }
        let (shares, tests) = (scores.estimate(model), vendor_tests(model, &scores));
        let findings = shares.iter().filter_map(|share| {
            let test = tests.iter().find(|test| test.family == share.family)?;
            Some(self.styled(share, test))
        });
        let findings = findings.collect();
        Some((StyleResult { documents: self.style.len() as u64, shares, tests }, findings))
    }

    fn styled(&self, share: &FamilyShare, test: &VendorTest) -> Finding {
        let name = GroupName {
            class: Class::Style,
            vendor: Some(share.family.clone()),
            rule: STYLE_RULE.into(),
            version: u32::from(FEATURE_VERSION),
            means: None,
        };
        let percent = |value: f64| format!("{:.1} %", 100.0 * value);
        let (verdict, statement) = match &share.share {
            ShareEstimate::NotEstimable { why } => {
                (Verdict::NotEstimable, format!("style decides nothing here, share not estimable: {why}"))
            }
            ShareEstimate::Estimated { em, pacc, interval: [low, high] } => {
                let text = format!(
                    "{} to {} of {} documents are worded like it (EM {}, PACC {}; the upper end is the largest share that mixtures of \
                     makers left out do not refute)",
                    percent(*low),
                    percent(*high),
                    self.style.len(),
                    percent(*em),
                    percent(*pacc)
                );
                // A share without a test that supports it says nothing, nor does a test without a share.
                let verdict = if *low > 0.0 && test.p <= STYLE_LEVEL.max(test.smallest_p) {
                    Verdict::ConsistentWith
                } else {
                    Verdict::NotShown
                };
                (verdict, text)
            }
        };
        let p_value = PValue {
            value: test.p_holm,
            smallest: test.smallest_p,
            null: format!(
                "{} corpora of makers and people that are not the vendor's (conformal; Holm over vendors, {:.3} before)",
                test.nulls, test.p
            ),
        };
        let cautions =
            vec!["style is shared by models that learned from the same teacher, and by people who write alike".into()];
        let group = Group::default();
        Finding { verdict, statement, p_value: Some(p_value), cautions, ..self.finding(&name, &group, &[]) }
    }

    pub fn set_aside(&self) -> Vec<SetAside> {
        let told = self.set_aside.iter().map(|((vendor, sort, standing), documents)| SetAside {
            vendor: vendor.clone(),
            sort: *sort,
            standing: *standing,
            documents: *documents,
        });
        told.collect()
    }

    fn served(
        &self,
        name: &GroupName,
        group: &Group,
        names: &[String],
        overlaps: &Overlaps,
        index: &IndexUse<'_>,
    ) -> Finding {
        let vendor = name.vendor.as_deref().unwrap_or_default();
        let concentration = overlaps.concentration();
        let rate = overlaps.span_rate();
        let mut cautions = Vec::new();
        let p_value = index.reference.map(|reference| {
            excess(
                rate,
                reference.span_rate(),
                "documents of the reference that are not the vendor's, copies counted once",
            )
        });
        if p_value.is_none() {
            cautions.push(
                "the background was not measured, so nothing is concluded: without --reference, public text that the vendor repeated is not told \
                 from the vendor's own"
                    .into(),
            );
        }
        let few = concentration.few_origins() || group.documents < LEAST_DOCUMENTS;
        if few {
            cautions.push(format!(
                "{} documents, {:.0} different answers: a quotation, a copy or planted rows would explain it as well",
                group.documents, concentration.origins
            ));
        }
        let above = p_value.as_ref().is_some_and(|p| p.value <= LEVEL);
        if !above && p_value.is_some() {
            cautions.push("not more often than in the reference".into());
        }
        let verdict = if few || !above { Verdict::Isolated } else { Verdict::Contains };
        let statement = format!(
            "{} of {} documents hold runs of 20 words or more that {vendor} served, from {:.0} different answers; in {} at \
             least a fifth of the text was served; {:.1e} such finds are expected by chance",
            group.documents, self.documents, concentration.origins, overlaps.matched, index.chance
        );
        Finding { verdict, statement, p_value, cautions, ..self.finding(name, group, names) }
    }

    /// Texts of which most runs of eight words were served in answer to one prompt, and which hold no longer passage.
    fn fragments(
        &self,
        name: &GroupName,
        group: &Group,
        names: &[String],
        overlaps: &Overlaps,
        index: &IndexUse<'_>,
    ) -> Finding {
        let vendor = name.vendor.as_deref().unwrap_or_default();
        let found = &overlaps.fragments;
        let mut cautions =
            vec!["runs of eight words are said alike by chance far more often than runs of twenty".to_owned()];
        let p_value = index.reference.map(|reference| {
            excess(
                found.rate(),
                reference.fragments.rate(),
                "documents of the reference that are not the vendor's, by the same layer, copies counted once",
            )
        });
        if p_value.is_none() {
            cautions.push("the background was not measured (--reference), so nothing is concluded".into());
        }
        let origins = found.origins();
        let few = origins < FEW_ORIGINS || group.documents < LEAST_DOCUMENTS;
        if few {
            cautions.push(format!(
                "{} documents, {origins:.0} different answers: a quotation, a copy or planted rows would explain it as well",
                group.documents
            ));
        }
        let above = p_value.as_ref().is_some_and(|p| p.value <= LEVEL);
        if !above && p_value.is_some() {
            cautions.push("not more often than in the reference".into());
        }
        let verdict = if few || !above { Verdict::Isolated } else { Verdict::Contains };
        let statement = format!(
            "{} of {} documents are short or broken passages: they hold no run of 20 words that {vendor} served, but of their runs of 8 \
             words at least a third, in answer to one prompt; {origins:.0} prompts in all",
            group.documents, self.documents
        );
        Finding { verdict, statement, p_value, cautions, ..self.finding(name, group, names) }
    }

    fn canary(&self, name: &GroupName, group: &Group, names: &[String]) -> Finding {
        let vendor = name.vendor.as_deref().unwrap_or_default();
        let canaries = group.matched.len() as u64;
        let mut cautions = Vec::new();
        let few = canaries.min(group.documents) < LEAST_CANARIES;
        if few {
            cautions.push("one canary or one document: whoever knows the canary can plant or quote it".into());
        }
        let verdict = if few { Verdict::Isolated } else { Verdict::Contains };
        let list: Vec<&str> = group.matched.keys().take(8).map(String::as_str).collect();
        let statement = format!(
            "{} of {} documents hold {canaries} of the canaries issued by {vendor}: {}",
            group.documents,
            self.documents,
            list.join(", ")
        );
        Finding { verdict, statement, distinct: canaries, cautions, ..self.finding(name, group, names) }
    }

    fn claimed(&self, name: &GroupName, group: &Group, names: &[String]) -> Finding {
        let whose = name.vendor.as_ref().map_or_else(
            || "say that a machine wrote them".to_owned(),
            |vendor| format!("say that a model of {vendor} wrote them"),
        );
        let mut cautions = vec![
            "self-claims are copied, learned from other models and planted; they prove nothing by themselves".into(),
        ];
        if group.distinct() == 1 && group.documents > 1 {
            cautions.push("all are worded alike".into());
        }
        if group.files.len() == 1 && self.files > 1 {
            cautions.push("all stand in one file".into());
        }
        let statement = format!(
            "{} of {} documents {whose}, in {} distinct {}",
            group.documents,
            self.documents,
            group.distinct(),
            if group.distinct() == 1 { "wording" } else { "wordings" }
        );
        Finding { verdict: Verdict::Corroborates, statement, cautions, ..self.finding(name, group, names) }
    }

    fn finding(&self, name: &GroupName, group: &Group, names: &[String]) -> Finding {
        Finding {
            class: name.class,
            vendor: name.vendor.clone(),
            rule: name.rule.clone(),
            rule_version: name.version,
            verdict: Verdict::NotShown,
            statement: String::new(),
            documents: group.documents,
            distinct: group.distinct(),
            files: group.files.len() as u64,
            share: ratio(group.documents, self.documents),
            p_value: None,
            rows: row_names(group, names),
            cautions: Vec::new(),
        }
    }
}

impl Finding {
    /// The finding as evidence for lineage.
    pub fn evidence(&self, input: &str, parameters: &str, subject: &str) -> Evidence {
        let mut subjects = vec![subject.to_owned()];
        subjects.extend(self.vendor.clone());
        Evidence {
            family: self.class.family(),
            kind: self.rule.clone().into(),
            statement: format!("{}: {}", self.verdict.name(), self.statement),
            measures: vec![
                Measure::count("documents", self.documents, Unit::Documents),
                Measure::share("share", self.share),
                Measure::count("distinct", self.distinct, Unit::Texts),
                Measure::count("files", self.files, Unit::Files),
            ],
            bits: self.bits(),
            p_value: self.p_value.clone(),
            subjects,
            source: Source::current(input, parameters),
            observed: None,
            expires: None,
        }
    }

    /// Only what concludes has a weight; a p-value bounds it by Sellke, Bayarri and Berger (The American Statistician 55,
    /// 2001): at most −1 / (e p ln p) against the null.
    fn bits(&self) -> Millibits {
        if self.verdict != Verdict::Contains {
            return Millibits::ZERO;
        }
        let bound = |p: f64| -(std::f64::consts::E * p * p.ln()).log2();
        let bits = self.p_value.as_ref().map_or(CONTAINS_BITS, |p| bound(p.value.clamp(f64::MIN_POSITIVE, 0.3)));
        Millibits::from_bits(bits).capped(Millibits::from_bits(CONTAINS_BITS))
    }
}

/// Weight at most of rows that were found. One class of evidence can fail as a whole: a wrong index, a wrong key.
const CONTAINS_BITS: f64 = 20.0;

/// The names of a group's first rows.
pub(crate) fn row_names(group: &Group, names: &[String]) -> Vec<RowName> {
    let name = |file: u32| names.get(file as usize).cloned().unwrap_or_default();
    let named = |&(file, row, served_percent)| RowName { file: name(file), row, served_percent };
    group.rows.iter().map(named).collect()
}

/// Holm's correction over all keys that were tried, of what the formula says with the spread that wrong keys show. Each
/// key must also outrank the wrong ones, but a rank among a thousand cannot be corrected for a second key.
pub fn hold_watermarks(tests: Vec<(Finding, f64)>) -> Vec<Finding> {
    let formula: Vec<f64> = tests.iter().map(|(_, formula)| *formula).collect();
    let (keys, corrected) = (tests.len(), statistics::holm(&formula));
    let held = tests.into_iter().zip(corrected).map(|((mut finding, _), corrected)| {
        let Some(p) = &mut finding.p_value else { return finding };
        p.value = corrected.max(p.value);
        if keys > 1 {
            p.null = format!("{}; Holm over {keys} keys", p.null);
        }
        if p.value > WATERMARK_LEVEL && finding.verdict == Verdict::Contains {
            finding.verdict = Verdict::NotShown;
            finding.cautions.push(format!("not beyond chance after correction for {keys} keys"));
        }
        finding
    });
    held.collect()
}

fn normal_tail(z: f64) -> f64 {
    statistics::ln_normal_tail(z).exp()
}

#[expect(clippy::cast_precision_loss, reason = "n-grams are far fewer than 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

/// Holm's correction over all that were tested (Scandinavian Journal of Statistics 6, 1979).
pub(crate) fn hold_together(findings: &mut [Finding]) {
    let mut tested: Vec<&mut Finding> = findings.iter_mut().filter(|finding| finding.p_value.is_some()).collect();
    let values: Vec<f64> = tested.iter().filter_map(|finding| finding.p_value.as_ref().map(|p| p.value)).collect();
    let tests = values.len();
    for (finding, corrected) in tested.iter_mut().zip(statistics::holm(&values)) {
        let Some(p) = &mut finding.p_value else { continue };
        p.value = corrected;
        if tests > 1 {
            p.null = format!("{}; Holm over {tests} tests of indexes", p.null);
        }
        if corrected > LEVEL && finding.verdict == Verdict::Contains {
            finding.verdict = Verdict::Isolated;
            finding.cautions.push(format!("not above the background after correction for {tests} tests"));
        }
    }
}
