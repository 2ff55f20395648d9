use stillwatch_core::{Day, Evidence, Family, Measure, Millibits, Source, Unit};

use super::{Manifest, Overlaps, Rate, SHARE, excess};

/// The most that the index may say, in bits. That a corpus has the text does not tell how it came there.
const MOST_BITS: f64 = 20.0;
const CONFIDENCE: f64 = 0.95;

impl Overlaps {
    /// The finding as evidence about whoever holds the corpus, next to a reference corpus read with the same index.
    ///
    /// The likelihood ratio is bounded by the p-value's calibrator 1 / (2 √p) (Vovk and Wang, Annals of Statistics 49,
    /// 2021). It is zero where copies of so few outputs were found that anyone could have planted them.
    pub fn evidence(
        &self,
        manifest: &Manifest,
        reference: Rate,
        null: &str,
        subject: &str,
        source: Source,
    ) -> Evidence {
        let (rate, concentration) = (self.rate(), self.concentration());
        let p_value = excess(rate, reference, null);
        let planted = concentration.few_origins();
        let bits = if planted {
            0.0
        } else {
            (0.5 / p_value.value.max(f64::MIN_POSITIVE).sqrt()).log2().clamp(0.0, MOST_BITS)
        };
        let percent = |share: f64| format!("{:.3} %", 100.0 * share);
        let (lower, upper) = rate.interval(CONFIDENCE);
        let caution = if planted {
            "; copies of so few outputs can have been planted, so this alone concludes nothing"
        } else {
            ""
        };
        Evidence {
            family: Family::Exact,
            kind: "served_outputs".into(),
            statement: format!(
                "{} different texts in {} documents of 20 words or more ({}, 95 % interval {} to {}; {} documents with \
                 copies) have at least {:.0} % of their 20-word stretches from outputs served by {}, in answer to about \
                 {:.0} prompts; in {null}: {} of {} ({}){caution}",
                rate.matched,
                rate.documents,
                percent(rate.share()),
                percent(lower),
                percent(upper),
                self.matched,
                100.0 * SHARE,
                manifest.vendor,
                concentration.origins,
                reference.matched,
                reference.documents,
                percent(reference.share()),
            ),
            measures: vec![
                Measure::count("texts", rate.matched, Unit::Texts),
                Measure::count("documents", rate.documents, Unit::Documents),
                Measure::share("share", rate.share()),
                Measure::share("share_low", lower),
                Measure::share("share_high", upper),
                Measure::count("documents_with_copies", self.matched, Unit::Documents),
                Measure::real("prompts", concentration.origins, Unit::Prompts),
                Measure::count("reference_texts", reference.matched, Unit::Texts),
                Measure::count("reference_documents", reference.documents, Unit::Documents),
            ],
            bits: Millibits::from_bits(bits),
            p_value: Some(p_value),
            subjects: vec![subject.into()],
            source,
            observed: manifest.last_day.map(|Day(day)| Day(day).start().to_rfc3339()),
            expires: None,
        }
    }
}
