use super::words;

words! {
    /// What an edge says, read from its subject to its object. What passes along it is in [`RULES`](super::RULES).
    EdgeKind {
        /// A model, or its run, and a data set or outputs.
        TrainedOn = "trained-on",
        /// A model and the model whose outputs it learnt from, with no data set named between them.
        TrainedOnOutputsOf = "trained-on-outputs-of",
        /// A student and its teacher.
        DistilledFrom = "distilled-from",
        /// A model and the model whose weights it started from, by any further training.
        FineTunedFrom = "fine-tuned-from",
        /// A merge and one of the models merged.
        MergedFrom = "merged-from",
        QuantisedFrom = "quantised-from",
        /// An adapter and the model that it needs at run time.
        AdapterOf = "adapter-of",
        /// Outputs or a data set and the model that wrote them.
        GeneratedBy = "generated-by",
        /// A data set and one that it was made from.
        DerivedFrom = "derived-from",
        /// A part and its whole.
        PartOf = "part-of",
        /// A data set and the model, person or vendor that labelled or ranked it.
        LabelledBy = "labelled-by",
        /// A data set or model and the filter or model that chose what stays in it or what it refuses.
        FilteredBy = "filtered-by",
        EvaluatedOn = "evaluated-on",
        LicensedUnder = "licensed-under",
        OwnedBy = "owned-by",
        /// An organisation and the one that controls it.
        ControlledBy = "controlled-by",
        /// Anything and the vendor that delivers it.
        SuppliedBy = "supplied-by",
        /// A model or run and the compute that it runs on.
        RunsOn = "runs-on",
        /// Who rents capacity, from whom. Qualifiers: `share`, `exit-days`, `until`.
        RentsFrom = "rents-from",
        LocatedIn = "located-in",
        /// A data set or model and where a copy is kept. Qualifiers: `copy`, `digest`, `restore-tested`, `retention`.
        HeldAt = "held-at",
        /// A model and the run that made it.
        ProducedBy = "produced-by",
        /// Anything and what it needs at run time: a system its model, a model its tokenizer.
        Uses = "uses",
        DescribedBy = "described-by",
        SignedBy = "signed-by",
        /// A model and the permit under which it was distilled.
        PermittedBy = "permitted-by",
        /// Weights of compatible shape. It never says "derived".
        CompatibleWith = "compatible-with",
        /// Weights that a test finds not independent. It has no direction.
        NotIndependentOf = "not-independent-of",
        /// A model, run or compute and the type of accelerator that it needs. Qualifier: `count`.
        AcceleratedBy = "accelerated-by",
    }
}

impl EdgeKind {
    /// Whether a model's weights come from its object's weights.
    pub fn is_derivation(self) -> bool {
        matches!(self, Self::FineTunedFrom | Self::MergedFrom | Self::QuantisedFrom | Self::AdapterOf)
    }

    /// Whether its object is what something learnt from: data, outputs, teachers, labels.
    pub fn is_learning(self) -> bool {
        matches!(
            self,
            Self::TrainedOn | Self::TrainedOnOutputsOf | Self::DistilledFrom | Self::GeneratedBy | Self::LabelledBy
        )
    }
}
