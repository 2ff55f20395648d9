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
    /// From this probability an answer counts as answered: each company predicted by the others, 0.80 of such
    /// answers were scored as disclosed.
    pub(super) answered: f64,
    /// From this probability it needs a reader: at most 0.10 of the answers below it were scored as disclosed.
    pub(super) doubtful: f64,
}

/// For a question with notes or an example.
pub(super) const WHOLE: Weights = Weights {
    measures: &[
        (0.7677, 0.4016, 0.0000),  // kinds-asked-found
        (0.7591, 0.4062, 0.0000),  // kinds-asked-in-point
        (0.9568, 0.6921, 0.1052),  // sentences-of-kinds-asked
        (0.6572, 0.3940, 0.0404),  // kinds-of-notes-found
        (0.1986, 0.3990, 0.0000),  // no-kind-asked-found
        (1.2679, 0.4142, 0.0000),  // kinds-found
        (2.9630, 0.9346, 0.0000),  // new-words
        (0.0061, 0.0778, -0.0654), // scarcely-anything-said
        (0.0588, 0.2353, -0.1894), // withholding
        (0.1034, 0.3045, 0.2363),  // link-where-wanted
        (0.2383, 0.5270, 0.0000),  // quantities
        (0.0669, 0.2499, -0.5762), // quantity-missing
        (0.2921, 0.2183, 0.0000),  // words-of-question
        (0.1070, 0.1066, 0.0443),  // words-of-notes
        (0.1950, 0.1957, 0.5469),  // words-of-example
        (0.0132, 0.0202, -0.1772), // hedges
        (0.0426, 0.2019, -0.0460), // denial-where-refused
        (0.0507, 0.2194, 0.1396),  // denial-where-accepted
        (0.6978, 0.4592, 0.1008),  // question-yes-or-no
        (0.3306, 0.4704, -0.3150), // question-wants-link
        (0.4057, 0.4910, 0.4075),  // question-accepts-no
        (0.5048, 0.4129, -0.0135), // kinds-asked
    ],
    intercept: 0.6840,
    answered: 0.6761,
    doubtful: 0.4674,
};

/// For a question alone.
pub(super) const ALONE: Weights = Weights {
    measures: &[
        (0.7548, 0.4073, 0.0000),  // kinds-asked-found
        (0.7306, 0.4205, 0.0417),  // kinds-asked-in-point
        (0.9387, 0.6869, 0.1054),  // sentences-of-kinds-asked
        (0.0000, 1.0000, 0.0000),  // kinds-of-notes-found
        (0.2065, 0.4048, 0.0000),  // no-kind-asked-found
        (1.2727, 0.4067, 0.0000),  // kinds-found
        (3.0611, 0.8866, 0.0737),  // new-words
        (0.0061, 0.0778, -0.0807), // scarcely-anything-said
        (0.0569, 0.2317, -0.2566), // withholding
        (0.0000, 1.0000, 0.0000),  // link-where-wanted
        (0.2402, 0.5277, 0.0000),  // quantities
        (0.0264, 0.1604, -0.3838), // quantity-missing
        (0.2953, 0.2185, 0.0067),  // words-of-question
        (0.0000, 1.0000, 0.0000),  // words-of-notes
        (0.0000, 1.0000, 0.0000),  // words-of-example
        (0.0129, 0.0199, -0.1409), // hedges
        (0.0000, 1.0000, 0.0000),  // denial-where-refused
        (0.0000, 1.0000, 0.0000),  // denial-where-accepted
        (0.6992, 0.4586, 0.1510),  // question-yes-or-no
        (0.0000, 1.0000, 0.0000),  // question-wants-link
        (0.0000, 1.0000, 0.0000),  // question-accepts-no
        (0.5044, 0.4132, 0.1361),  // kinds-asked
    ],
    intercept: 0.6193,
    answered: 0.7856,
    doubtful: 0.5517,
};

/// The share of answers that a rule ruled out and people scored as disclosed all the same.
pub(super) const RULED_OUT: f64 = 0.0438;
