//! The log sources that are known, one file each.

use crate::source::log_source::LogSource;

/// Declares the module of each source and lists them: a new source is its file and its line here.
macro_rules! sources {
    ($($source:ident,)+) => {
        $(mod $source;)+

        /// All sources, in the order in which they are looked for: those whose signs hold those of others go first.
        pub(crate) static ALL: &[&LogSource] = &[$(&$source::SOURCE),+];
    };
}

sources! {
    otel,
    litellm,
    helicone,
    langfuse,
    tensorzero,
    kong,
    envoy_ai_gateway,
    cloudflare_ai_gateway,
    bedrock,
    azure,
    vertex,
    vllm,
    sglang,
    tgi,
    openai_batch,
    openai_admin,
    anthropic_admin,
    ocsf,
    new_api,
    one_api,
    openai_chat,
    portkey,
    openrouter,
    vercel_ai_gateway,
    langsmith,
    traceloop,
    phoenix,
}

impl LogSource {
    /// All sources, in the order in which they are looked for.
    pub fn all() -> &'static [&'static Self] {
        ALL
    }

    /// The source of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|source| source.name == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;
    use crate::schema::Table;
    use crate::source::log_source::LogSource;
    use crate::source::recognise::{Recognised, tell};

    #[test]
    fn tables_fill_columns_that_exist() {
        for source in ALL {
            for (column, ..) in source.tables.iter().copied().flatten() {
                assert!(column.is_empty() || Table::Exchange.index(column).is_some(), "{} of {}", column, source.name);
            }
            for (column, _) in source.advice {
                assert!(Table::Exchange.index(column).is_some(), "{} of {}", column, source.name);
            }
        }
    }

    #[test]
    fn names_are_different() {
        let names: BTreeSet<&str> = ALL.iter().map(|source| source.name).collect();
        assert_eq!(names.len(), ALL.len());
        assert!(LogSource::named("kong").is_some() && LogSource::named("").is_none());
    }

    fn name(first: &str) -> Option<&'static str> {
        let required = ["time".to_owned(), "account".to_owned()];
        tell(first.as_bytes(), &required, ALL, None).recognised.source.map(|source| source.name)
    }

    #[test]
    fn a_source_is_told_from_broken_and_pretty_records_too() {
        let kong = r#"{"started_at":1,"latencies":{"request":1},"request":{"uri":"/"},"response":{"status":200}}"#;
        assert_eq!(name(kong), Some("kong"));
        assert_eq!(name(&format!("{{broken\n{kong}")), Some("kong"));
        assert_eq!(name(&kong.replace(',', ",\n  ")), Some("kong"));
        assert_eq!(name(&format!("[{kong},")), Some("kong"));
        assert_eq!(name(&kong[..kong.len() - 8]), Some("kong"));
        assert_eq!(name("INFO 09-01 12:00:00 [logger.py:43] Received request x: prompt: 'y'"), Some("vllm"));
    }

    #[test]
    fn canonical_columns_go_before_every_source() {
        let both = r#"{"time":1,"account":"a","started_at":1,"latencies":{},"request":{},"response":{}}"#;
        assert_eq!((name(both), name("{}"), name(""), name("time,account\n")), (None, None, None, None));
        assert_eq!(Recognised::CANONICAL.parts, 0);
    }
}
