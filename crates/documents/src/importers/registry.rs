use super::{
    Importer, admissions, answers, config, croissant, custody, cyclonedx, dpi, dps, hugging_face, in_toto,
    model_openness, model_signing, permits, prose, refused, spdx, spdx2, stillwatch, training_run,
};

/// Every importer of documents that are read whole. A document is read by the first that knows its sign, so what is sure
/// of its own comes before what guesses by a name.
pub const IMPORTERS: &[Importer] = &[
    prose::PDF,
    refused::IMPORTER,
    cyclonedx::IMPORTER,
    spdx::IMPORTER,
    spdx2::IMPORTER,
    permits::IMPORTER,
    custody::IMPORTER,
    admissions::IMPORTER,
    stillwatch::IMPORTER,
    model_signing::IMPORTER,
    in_toto::IMPORTER,
    croissant::IMPORTER,
    dpi::IMPORTER,
    training_run::TRAINER_STATE,
    training_run::MLFLOW,
    training_run::OPEN_LINEAGE,
    training_run::WANDB,
    config::IMPORTER,
    custody::BY_NAME,
    dps::IMPORTER,
    model_openness::IMPORTER,
    answers::IMPORTER,
    hugging_face::IMPORTER,
    prose::IMPORTER,
];
