use crate::format::first_character;

/// How a corpus is to be read.
#[derive(Clone, Debug)]
pub struct CorpusOptions {
    /// The field that holds the text, by name or as a JSON pointer. Without it the usual names and chats are looked for.
    pub text: Option<String>,
    /// The field that holds what the text answers.
    pub prompt: Option<String>,
    /// The field that says where a text is from.
    pub source: Option<String>,
    /// The field that holds the system prompt.
    pub system: Option<String>,
    /// Visit what people wrote too: the user turns of chats, and prompts.
    pub people: bool,
    /// Of plain text, each line is a document.
    pub lines: bool,
    /// Keep all columns of a Parquet file in its blocks, not the wanted ones only.
    pub all_columns: bool,
    /// Bytes of records in a block, about.
    pub block_bytes: usize,
    /// A longer record is rejected without being held in memory. At most 1 GiB.
    pub max_record_bytes: usize,
    /// Uncompressed bytes after which reading fails.
    pub max_bytes: Option<u64>,
    /// A compressed stream of 64 MiB or more that decompresses to over so many times its size is broken off.
    pub max_expansion: u64,
}

impl Default for CorpusOptions {
    fn default() -> Self {
        Self {
            text: None,
            prompt: None,
            source: None,
            system: None,
            people: false,
            lines: false,
            all_columns: false,
            block_bytes: 1 << 20,
            max_record_bytes: 64 << 20,
            max_bytes: None,
            max_expansion: 2000,
        }
    }
}

/// The formats in which corpora come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CorpusFormat {
    Parquet,
    /// A value a line, a value over several lines, or an array of values.
    Json,
    /// With a header, separated by commas.
    Csv,
    /// With a header, separated by tabs.
    Tsv,
    Text,
}

impl CorpusFormat {
    /// What the ending of a file's name says, a compression's ending set aside: `a.jsonl.zst` is JSON.
    pub fn of_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let plain = [".gz", ".gzip", ".zst", ".zstd"].iter().find_map(|ending| lower.strip_suffix(ending));
        let (_, ending) = plain.unwrap_or(&lower).rsplit_once('.')?;
        Some(match ending {
            "parquet" | "pq" => Self::Parquet,
            "jsonl" | "ndjson" | "json" | "jsonlines" => Self::Json,
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            "txt" | "text" | "md" | "markdown" | "wet" => Self::Text,
            _ => return None,
        })
    }

    /// What the first bytes of an uncompressed file say. Content does not tell tables from text, so these are text.
    pub fn of_content(first_bytes: &[u8]) -> Self {
        if first_bytes.starts_with(b"PAR1") {
            return Self::Parquet;
        }
        match first_character(first_bytes) {
            Some(b'{' | b'[') => Self::Json,
            _ => Self::Text,
        }
    }
}
