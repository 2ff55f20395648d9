//! Headers of weight files. No weight is loaded: what is read ends where the data begin.

mod cursor;
mod file;
mod ggml;
mod gguf;
mod safetensors;

pub use file::{HeaderFile, HeaderFormat};
pub use ggml::file_kind as gguf_file_kind;
pub use gguf::{Gguf, GgufValue};
pub use safetensors::{Safetensors, SafetensorsText};
