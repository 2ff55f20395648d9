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
        (2.9619, 0.9340, 0.0000),  // new-words
        (0.0061, 0.0777, -0.0825), // scarcely-anything-said
        (0.0587, 0.2351, -0.1856), // withholding
        (0.1032, 0.3043, 0.2515),  // link-where-wanted
        (0.2379, 0.5266, 0.1059),  // quantities
        (0.0668, 0.2497, -0.5710), // quantity-missing
        (0.2915, 0.2185, 0.0000),  // words-of-question
        (0.1068, 0.1066, 0.0862),  // words-of-notes
        (0.1946, 0.1957, 0.5994),  // words-of-example
        (0.0134, 0.0209, -0.2120), // hedges
        (0.0425, 0.2017, -0.0517), // denial-where-refused
        (0.0506, 0.2192, 0.1428),  // denial-where-accepted
        (0.6984, 0.4590, 0.1421),  // question-yes-or-no
        (0.3320, 0.4709, -0.2744), // question-wants-link
        (0.4049, 0.4909, 0.2738),  // question-accepts-no
        (1.6073, 1.9344, -0.2157), // question-strict
        (4.0507, 2.9368, 0.2922),  // question-lenient
        (0.2374, 0.5295, -0.0546), // requirements
    ],
    intercept: 0.6884,
    threshold: 0.6231,
};

/// For a question alone.
pub(super) const ALONE: Weights = Weights {
    measures: &[
        (3.0597, 0.8862, 0.1522),  // new-words
        (0.0061, 0.0778, -0.1052), // scarcely-anything-said
        (0.0568, 0.2315, -0.2557), // withholding
        (0.0000, 1.0000, 0.0000),  // link-where-wanted
        (0.2397, 0.5273, 0.0660),  // quantities
        (0.0264, 0.1602, -0.3682), // quantity-missing
        (0.2947, 0.2186, 0.0364),  // words-of-question
        (0.0000, 1.0000, 0.0000),  // words-of-notes
        (0.0000, 1.0000, 0.0000),  // words-of-example
        (0.0132, 0.0206, -0.1976), // hedges
        (0.0000, 1.0000, 0.0000),  // denial-where-refused
        (0.0000, 1.0000, 0.0000),  // denial-where-accepted
        (0.6998, 0.4583, 0.0687),  // question-yes-or-no
        (0.0000, 1.0000, 0.0000),  // question-wants-link
        (0.0000, 1.0000, 0.0000),  // question-accepts-no
        (0.2515, 0.6632, -0.2538), // question-strict
        (0.3570, 0.7659, 0.4387),  // question-lenient
        (0.0000, 1.0000, 0.0000),  // requirements
    ],
    intercept: 0.6483,
    threshold: 0.5955,
};

/// The share of answers that a rule ruled out and people scored as disclosed all the same.
pub(super) const RULED_OUT: f64 = 0.0440;
