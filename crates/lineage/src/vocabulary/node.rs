use super::words;

words! {
    /// What a node stands for.
    NodeKind {
        Model = "model",
        DataSet = "data-set",
        /// Synthetic outputs of a model, as far as they are not a data set with a name of its own.
        Outputs = "outputs",
        /// A vendor, laboratory, company, foundation, authority.
        Organisation = "organisation",
        Person = "person",
        /// A licence or terms of use.
        Licence = "licence",
        /// A filter for safety or governance: moderation, deduplication by policy, preference model, refusal training.
        Filter = "filter",
        /// A country or a union of countries whose law applies.
        Jurisdiction = "jurisdiction",
        /// A data centre, cluster or cloud region.
        Compute = "compute",
        /// A training, fine-tuning or merging run.
        Run = "run",
        /// Training code, tokenizer, library, application.
        Software = "software",
        /// A recorded permission to distill.
        Permit = "permit",
        Document = "document",
        /// A type of accelerator: what a cluster is made of, and what export rules and supply name.
        Accelerator = "accelerator",
    }
}
