//! Weight files of models: what their headers say, and whether two models were made independently.
//!
//! A header is read without loading a weight ([`Gguf`], [`Safetensors`]): its metadata are the word of whoever wrote the
//! file, its [`Tensor`]s are what the file holds, and [`Shapes`] is what names and shapes tell of the model. Weight files
//! are hostile until proven otherwise: lengths that lead beyond the file, holes and overlaps are diagnostics, and a
//! header costs no more memory than its own bytes.
//!
//! [`kinship`] compares the weights themselves, a layer at a time, and gives a p-value for "they were made independently".
//! Equal shapes are compatible with descent and never show it.
//!
//! The crate knows nothing of graphs and statements: what a header means for the lineage of a model is said by those who
//! import it.
//!
//! ```
//! use stillwatch_core::Limits;
//! use stillwatch_weights::{Safetensors, Shapes};
//!
//! let json = br#"{"model.embed_tokens.weight":{"dtype":"BF16","shape":[8,4],"data_offsets":[0,64]}}"#;
//! let mut file = (json.len() as u64).to_le_bytes().to_vec();
//! file.extend_from_slice(json);
//! let header = Safetensors::read(&file, file.len() as u64 + 64, &Limits::default());
//! assert_eq!(header.diagnostics, []);
//! let shapes = Shapes::of(&header.tensors);
//! assert_eq!((shapes.vocabulary, shapes.hidden, shapes.parameters), (Some(8), Some(4), Some(32)));
//! ```

pub mod kinship;

mod header;
mod shapes;
mod tensor;

pub use header::{Gguf, GgufValue, HeaderFile, HeaderFormat, Safetensors, SafetensorsText, gguf_file_kind};
pub use shapes::Shapes;
pub use tensor::{Tensor, compatible};
