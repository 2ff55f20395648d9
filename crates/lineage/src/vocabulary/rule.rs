use super::{EdgeKind, words};

words! {
    /// What may pass along an edge.
    Aspect {
        /// Descent of content: whose words, labels or weights are in here.
        Taint = "taint",
        /// Duties and limits of a licence or of terms.
        Obligations = "obligations",
        /// Whether it can be had and run.
        Availability = "availability",
        /// Whether it could be made again.
        Reproducibility = "reproducibility",
    }
}

/// Which way something passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    No,
    /// From the object to the subject: a model takes on what its data carry.
    ToSubject,
    /// From the subject to the object: a whole takes on what its part carries.
    ToObject,
}

/// Whether the loss of one end is the loss of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    No,
    /// The subject is lost with the object.
    Required,
    /// The subject is lost once all its objects of this kind are lost; what is left are its switch options.
    OneOf,
    /// The object is lost with the subject: a whole with its part.
    ByObject,
}

/// What passes along one kind of edge, and why.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub edge: EdgeKind,
    pub taint: Flow,
    pub obligations: Flow,
    pub availability: Need,
    pub reproducibility: Need,
    pub why: &'static str,
}

impl Rule {
    /// The rule of an edge.
    pub fn of(edge: EdgeKind) -> &'static Self {
        // `RULES` is in the order of the enum; a test keeps it so.
        &RULES[edge as usize]
    }

    /// Which way something passes.
    pub fn flow(&self, aspect: Aspect) -> Flow {
        match aspect {
            Aspect::Taint => self.taint,
            Aspect::Obligations => self.obligations,
            Aspect::Availability => flow(self.availability),
            Aspect::Reproducibility => flow(self.reproducibility),
        }
    }

    /// The need that stands for an aspect; taint and obligations reach whatever they pass to.
    pub fn need(&self, aspect: Aspect) -> Need {
        match (aspect, self.flow(aspect)) {
            (Aspect::Availability, _) => self.availability,
            (Aspect::Reproducibility, _) => self.reproducibility,
            (_, Flow::No) => Need::No,
            (_, Flow::ToSubject) => Need::Required,
            (_, Flow::ToObject) => Need::ByObject,
        }
    }
}

fn flow(need: Need) -> Flow {
    match need {
        Need::No => Flow::No,
        Need::Required | Need::OneOf => Flow::ToSubject,
        Need::ByObject => Flow::ToObject,
    }
}

/// Every rule, in the order of [`EdgeKind`].
pub const RULES: &[Rule] = {
    use EdgeKind as E;
    use Flow::{No as N, ToObject as Up, ToSubject as S};
    use Need::{ByObject, No, OneOf, Required};
    const fn rule(
        edge: E,
        taint: Flow,
        obligations: Flow,
        availability: Need,
        reproducibility: Need,
        why: &'static str,
    ) -> Rule {
        Rule { edge, taint, obligations, availability, reproducibility, why }
    }
    &[
        rule(
            E::TrainedOn,
            S,
            S,
            No,
            Required,
            "a model holds what it was trained on; it runs without the data and cannot be made again without them; terms on data may bind what is trained on them, as the licence says",
        ),
        rule(
            E::TrainedOnOutputsOf,
            S,
            S,
            No,
            Required,
            "a model holds what another one wrote for it; terms of service bind whoever took the outputs; the teacher is not needed to run it",
        ),
        rule(
            E::DistilledFrom,
            S,
            S,
            No,
            Required,
            "a student holds its teacher's behaviour; the teacher is not needed to run it",
        ),
        rule(
            E::FineTunedFrom,
            S,
            S,
            No,
            Required,
            "weights start from the parent's: a derivative under the parent's licence; a finished copy runs without the parent",
        ),
        rule(E::MergedFrom, S, S, No, Required, "weights are computed from each of the models merged"),
        rule(E::QuantisedFrom, S, S, No, Required, "the same weights, rounded"),
        rule(E::AdapterOf, S, S, Required, Required, "an adapter is a difference to the weights it needs at run time"),
        rule(
            E::GeneratedBy,
            S,
            S,
            No,
            Required,
            "the text is the model's, and so are the terms under which it was served",
        ),
        rule(
            E::DerivedFrom,
            S,
            S,
            No,
            Required,
            "a data set holds what it was made from; a finished copy is had without its sources",
        ),
        rule(E::PartOf, Up, Up, No, ByObject, "a whole holds its parts, and cannot be made again without them"),
        rule(
            E::LabelledBy,
            S,
            S,
            No,
            Required,
            "labels and preferences carry the judgement of whoever gave them; terms of a labelling model bind as for its other outputs",
        ),
        rule(
            E::FilteredBy,
            N,
            N,
            No,
            Required,
            "a filter removes; it adds no content, and its terms bind its user and not what it let pass; it is inherited as governance, which is asked separately",
        ),
        rule(E::EvaluatedOn, N, N, No, No, "a test set is not learnt from, if the test was honest"),
        rule(E::LicensedUnder, N, S, No, No, "terms bind what is licensed under them; a licence has no content"),
        rule(E::OwnedBy, N, N, No, No, "ownership moves no content; taint from an owner starts at everything owned"),
        rule(E::ControlledBy, N, N, Required, No, "who controls an organisation can end what it offers"),
        rule(E::SuppliedBy, N, N, OneOf, No, "what is delivered ends with its last vendor"),
        rule(
            E::RunsOn,
            N,
            N,
            OneOf,
            OneOf,
            "a run ends with its last place to run, and so does the means of making it again",
        ),
        rule(E::RentsFrom, N, N, OneOf, No, "capacity ends with its last landlord"),
        rule(E::LocatedIn, N, N, OneOf, No, "what stands in one country only is had under that country's law only"),
        rule(
            E::HeldAt,
            N,
            N,
            No,
            No,
            "a copy is custody: a data set with a copy whose restore was tested survives a deletion; judged by the count of copies, not by this edge",
        ),
        rule(E::ProducedBy, S, S, No, Required, "a model is what its run made of what went into it"),
        rule(
            E::Uses,
            S,
            N,
            Required,
            Required,
            "what is needed at run time is needed; its words reach those of whoever uses it",
        ),
        rule(E::DescribedBy, N, N, No, No, "a description is about something and no part of it"),
        rule(E::SignedBy, N, N, No, No, "a signature says who, not what"),
        rule(E::PermittedBy, N, N, No, No, "a permit lifts a restriction; it carries nothing"),
        rule(E::CompatibleWith, N, N, No, No, "equal shapes are no descent"),
        rule(
            E::NotIndependentOf,
            N,
            N,
            No,
            No,
            "shared weights have no direction: either may descend from the other, or both from a third; told beside the answer",
        ),
        rule(
            E::AcceleratedBy,
            N,
            N,
            OneOf,
            OneOf,
            "what is made for one type of accelerator ends with the last type that it has; an accelerator holds no content",
        ),
    ]
};

#[cfg(test)]
mod tests {
    use super::{EdgeKind, RULES, Rule};

    #[test]
    fn every_edge_has_the_rule_at_its_place() {
        assert_eq!(RULES.len(), EdgeKind::ALL.len());
        for &edge in EdgeKind::ALL {
            assert_eq!(Rule::of(edge).edge, edge);
            assert!(Rule::of(edge).why.len() > 20, "{edge} needs a reason");
        }
    }
}
