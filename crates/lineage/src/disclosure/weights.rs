//! What the measures weigh: written by `benches/disclosure.py --write`, not by hand.
//!
//! Learnt from the scores of people in the Foundation Model Transparency Index, December 2025 (Stanford Center for
//! Research on Foundation Models, CC-BY-4.0): 100 indicators, eight companies. No text of it is here.

pub(super) struct Weights {
    /// Centre, scale and weight of each measure: `(value - centre) / scale * weight` adds to the log-odds. The weights
    /// are those of standardised measures, so that they can be compared.
    pub(super) measures: &'static [(f64, f64, f64)],
    /// Log-odds of an answer that is usual in everything.
    pub(super) intercept: f64,
    /// From this probability an answer counts as disclosed: where precision and recall, each company predicted by the
    /// others, exceed 0.75 and 0.70 by the larger smaller margin.
    pub(super) threshold: f64,
}

/// For a question with notes or an example.
pub(super) const WHOLE: Weights = Weights {
    measures: &[
        (2.9619, 0.9340, 0.0000), // new-words
        (0.0061, 0.0777, -0.0762), // scarcely-anything-said
        (0.0587, 0.2351, -0.1989), // withholding
        (0.0179, 0.0872, 0.0000), // withheld-share
        (0.1032, 0.3043, 0.2332), // link-where-wanted
        (0.2379, 0.5266, 0.2939), // quantities
        (0.2632, 0.4403, 0.0586), // kind-that-was-asked
        (1.2619, 0.8397, 0.0000), // names
        (0.2915, 0.2185, 0.0000), // words-of-question
        (0.1068, 0.1062, 0.0765), // words-of-notes
        (0.1873, 0.1973, 0.6011), // words-of-example
        (0.0134, 0.0209, -0.2173), // hedges
        (0.0425, 0.2017, -0.0984), // denial-where-refused
        (0.0506, 0.2192, 0.2527), // denial-where-accepted
        (0.1862, 0.3893, -0.5506), // question-wants-quantity
        (0.2692, 0.4436, 0.1206), // question-wants-names
        (0.6984, 0.4590, 0.1428), // question-yes-or-no
        (0.3320, 0.4709, -0.2960), // question-wants-link
        (0.4858, 0.4998, 0.1633), // question-accepts-no
        (1.6727, 1.9991, -0.2254), // question-strict
        (4.1580, 2.9991, 0.2440), // question-lenient
        (0.2374, 0.5295, -0.1066), // requirements
    ],
    intercept: 0.7060,
    threshold: 0.6174,
};

/// For a question alone.
pub(super) const ALONE: Weights = Weights {
    measures: &[
        (3.0597, 0.8862, 0.1281), // new-words
        (0.0061, 0.0778, -0.1089), // scarcely-anything-said
        (0.0568, 0.2315, -0.2479), // withholding
        (0.0168, 0.0839, 0.0000), // withheld-share
        (0.0000, 1.0000, 0.0000), // link-where-wanted
        (0.2397, 0.5273, 0.2510), // quantities
        (0.2657, 0.4417, 0.0000), // kind-that-was-asked
        (1.2645, 0.8386, 0.0000), // names
        (0.2947, 0.2186, 0.0532), // words-of-question
        (0.0000, 1.0000, 0.0000), // words-of-notes
        (0.0000, 1.0000, 0.0000), // words-of-example
        (0.0132, 0.0206, -0.1933), // hedges
        (0.0000, 1.0000, 0.0000), // denial-where-refused
        (0.0000, 1.0000, 0.0000), // denial-where-accepted
        (0.1440, 0.3511, -0.3634), // question-wants-quantity
        (0.2718, 0.4449, 0.0364), // question-wants-names
        (0.6998, 0.4583, -0.0185), // question-yes-or-no
        (0.0000, 1.0000, 0.0000), // question-wants-link
        (0.0000, 1.0000, 0.0000), // question-accepts-no
        (0.6126, 1.6221, -0.2789), // question-strict
        (0.8705, 1.8736, 0.4068), // question-lenient
        (0.0000, 1.0000, 0.0000), // requirements
    ],
    intercept: 0.6651,
    threshold: 0.5755,
};

/// The share of answers that a rule ruled out and people scored as disclosed all the same.
pub(super) const RULED_OUT: f64 = 0.0440;
