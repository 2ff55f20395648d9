//! From counts to findings: what each class of evidence says of each vendor, and no more.

use statrs::distribution::{DiscreteCDF, Hypergeometric};
use stillwatch_core::{Evidence, Millibits, PValue, Source};

use crate::collector::{Collector, Group, GroupName};
use crate::finding::{Finding, RowName, Verdict};
use crate::report::SetAside;
use crate::{CANARY_RULE, Class, SERVED_RULE};

/// Distinct passages from which on a finding is more than a quotation, a copy or a plant may explain. A quotation is
/// one passage however often it is repeated; a page of a leaked answer gives two or three.
const LEAST_PASSAGES: u64 = 5;
/// Distinct canaries: each is random, so that a second one is no accident of copying the first.
const LEAST_CANARIES: u64 = 2;
/// Error allowed over all vendors together that are tested against a background.
const LEVEL: f64 = 0.01;

/// How often documents that are certainly not a vendor's match its index all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Background {
    pub documents: u64,
    pub matched: u64,
}

impl Collector {
    /// Findings of what was counted in rows: classes A and C. `background` is asked for the index of a vendor, and
    /// `names` are those of the files.
    pub fn findings(&self, names: &[String], background: &dyn Fn(&str) -> Option<Background>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        for (name, group) in &self.groups {
            let finding = match name.class {
                Class::Exact if name.rule == SERVED_RULE => self.served(name, group, names, background),
                Class::Exact => self.canary(name, group, names),
                Class::SelfClaim => self.claimed(name, group, names),
                Class::Watermark | Class::Style => continue,
            };
            findings.push(finding);
        }
        hold_together(&mut findings);
        findings
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
        background: &dyn Fn(&str) -> Option<Background>,
    ) -> Finding {
        let vendor = name.vendor.as_deref().unwrap_or_default();
        let distinct = group.distinct();
        let mut cautions = Vec::new();
        let p_value = background(vendor).map(|background| {
            // Copies of one passage are one event.
            above(background, group.documents.min(distinct), self.documents)
        });
        if p_value.is_none() {
            cautions.push("the background was not measured: without --reference, public text that the vendor served is not told from the vendor's own".into());
        }
        let few = distinct < LEAST_PASSAGES || group.documents < LEAST_PASSAGES;
        if few {
            cautions.push(format!("{distinct} distinct passages: a quotation, a copy or a plant explains as much"));
        }
        let repeated = group.most_repeated().saturating_mul(2) > group.hits && group.hits > LEAST_PASSAGES;
        if repeated {
            cautions.push(format!("one passage makes {} of {} hits", group.most_repeated(), group.hits));
        }
        let above = p_value.as_ref().is_none_or(|p| p.value <= LEVEL);
        if !above {
            cautions.push("not more than among the reference's documents".into());
        }
        let verdict = if few || repeated || !above { Verdict::Isolated } else { Verdict::Contains };
        let statement = format!(
            "{} of {} documents hold passages of at least 30 words that were served by {vendor}; {distinct} passages are distinct",
            group.documents, self.documents
        );
        Finding { verdict, statement, p_value, cautions, ..self.finding(name, group, names) }
    }

    fn canary(&self, name: &GroupName, group: &Group, names: &[String]) -> Finding {
        let vendor = name.vendor.as_deref().unwrap_or_default();
        let canaries = group.matched.len() as u64;
        let mut cautions = Vec::new();
        if canaries < LEAST_CANARIES {
            cautions.push("one canary: whoever knows it can plant it".into());
        }
        let verdict = if canaries < LEAST_CANARIES { Verdict::Isolated } else { Verdict::Contains };
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
            || "say of themselves that they are a machine's".to_owned(),
            |vendor| format!("say of themselves that they are {vendor}'s"),
        );
        let mut cautions = vec!["self-claims are copied, learned from others and planted; they conclude nothing".into()];
        if group.distinct() == 1 && group.documents > 1 {
            cautions.push("all are worded alike".into());
        }
        if group.files.len() == 1 && self.groups.len() > 1 {
            cautions.push("all stand in one file".into());
        }
        let statement =
            format!("{} of {} documents {whose}, in {} wordings", group.documents, self.documents, group.distinct());
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
            share: share(group.documents, self.documents),
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
            kind: self.rule.clone(),
            statement: format!("{}: {}", self.verdict.name(), self.statement),
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
    group.rows.iter().map(|&(file, row)| RowName { file: name(file), row }).collect()
}

/// Fisher's exact test, one-sided: would so many of the corpus match if it matched as often as the background?
fn above(background: Background, matched: u64, documents: u64) -> PValue {
    let (all, hits) = (documents + background.documents, matched + background.matched);
    let tail = |least: u64| {
        if least == 0 {
            return 1.0;
        }
        // P(X >= least) = sf(least - 1)
        Hypergeometric::new(all, hits, documents).map_or(1.0, |law| law.sf(least - 1)).clamp(0.0, 1.0)
    };
    PValue {
        value: tail(matched),
        smallest: tail(hits.min(documents)),
        null: format!(
            "documents of the reference that are not the vendor's: {} of {} match (Fisher's exact test; passages that repeat count once)",
            background.matched, background.documents
        ),
    }
}

/// Holm's correction over the vendors that were tested (Scandinavian Journal of Statistics 6, 1979).
fn hold_together(findings: &mut [Finding]) {
    let mut order: Vec<usize> = (0..findings.len()).filter(|&index| findings[index].p_value.is_some()).collect();
    let value = |findings: &[Finding], index: usize| findings[index].p_value.as_ref().map_or(1.0, |p| p.value);
    order.sort_by(|&left, &right| value(findings, left).total_cmp(&value(findings, right)));
    let tests = order.len();
    let mut least = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        let finding = &mut findings[index];
        let Some(p) = &mut finding.p_value else { continue };
        #[expect(clippy::cast_precision_loss, reason = "a handful of vendors")]
        let corrected = (p.value * (tests - rank) as f64).min(1.0).max(least);
        least = corrected;
        p.value = corrected;
        if tests > 1 {
            p.null = format!("{}; Holm over {tests} vendors", p.null);
        }
        if corrected > LEVEL && finding.verdict == Verdict::Contains {
            finding.verdict = Verdict::Isolated;
            finding.cautions.push(format!("not above the background after correction for {tests} vendors"));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "corpora have fewer than 2^53 documents")]
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
