#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_documents::importers::training_run::{read_mlflow, read_open_lineage, read_trainer_state, read_wandb};

// The first byte says which program kept the record.
fuzz_target!(|bytes: &[u8]| {
    let Some((which, record)) = bytes.split_first() else { return };
    match which % 4 {
        0 => stillwatch_fuzz::hold(read_trainer_state, "trainer_state.json", record),
        1 => stillwatch_fuzz::hold(read_mlflow, "run.json", record),
        2 => stillwatch_fuzz::hold(read_wandb, "wandb-metadata.json", record),
        _ => stillwatch_fuzz::hold(read_open_lineage, "events.ndjson", record),
    }
});
