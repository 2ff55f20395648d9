/// The Hub's licence identifiers (hub-docs, `repositories-licenses.md`) and the SPDX identifier of each, where it has
/// one. `None` for what is not on the list.
#[expect(clippy::option_option, reason = "unknown, known without an identifier, known with one")]
pub(in crate::importers) fn spdx(id: &str) -> Option<Option<&'static str>> {
    let at = LIST.binary_search_by(|(own, _)| (*own).cmp(id)).ok()?;
    Some(Some(LIST[at].1).filter(|spdx| !spdx.is_empty()))
}

/// Ascending by the Hub's identifier.
const LIST: &[(&str, &str)] = &[
    ("afl-3.0", "AFL-3.0"),
    ("agpl-3.0", "AGPL-3.0-only"),
    ("apache-2.0", "Apache-2.0"),
    ("apple-amlr", ""),
    ("apple-ascl", ""),
    ("artistic-2.0", "Artistic-2.0"),
    ("bigcode-openrail-m", ""),
    ("bigscience-bloom-rail-1.0", ""),
    ("bigscience-openrail-m", ""),
    ("bsd", ""),
    ("bsd-2-clause", "BSD-2-Clause"),
    ("bsd-3-clause", "BSD-3-Clause"),
    ("bsd-3-clause-clear", "BSD-3-Clause-Clear"),
    ("bsl-1.0", "BSL-1.0"),
    ("c-uda", "C-UDA-1.0"),
    ("cc", ""),
    ("cc-by-2.0", "CC-BY-2.0"),
    ("cc-by-2.5", "CC-BY-2.5"),
    ("cc-by-3.0", "CC-BY-3.0"),
    ("cc-by-4.0", "CC-BY-4.0"),
    ("cc-by-nc-2.0", "CC-BY-NC-2.0"),
    ("cc-by-nc-3.0", "CC-BY-NC-3.0"),
    ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
    ("cc-by-nc-nd-3.0", "CC-BY-NC-ND-3.0"),
    ("cc-by-nc-nd-4.0", "CC-BY-NC-ND-4.0"),
    ("cc-by-nc-sa-2.0", "CC-BY-NC-SA-2.0"),
    ("cc-by-nc-sa-3.0", "CC-BY-NC-SA-3.0"),
    ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"),
    ("cc-by-nd-4.0", "CC-BY-ND-4.0"),
    ("cc-by-sa-3.0", "CC-BY-SA-3.0"),
    ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
    ("cc0-1.0", "CC0-1.0"),
    ("cdla-permissive-1.0", "CDLA-Permissive-1.0"),
    ("cdla-permissive-2.0", "CDLA-Permissive-2.0"),
    ("cdla-sharing-1.0", "CDLA-Sharing-1.0"),
    ("creativeml-openrail-m", ""),
    ("deepfloyd-if-license", ""),
    ("ecl-2.0", "ECL-2.0"),
    ("epl-1.0", "EPL-1.0"),
    ("epl-2.0", "EPL-2.0"),
    ("etalab-2.0", "etalab-2.0"),
    ("eupl-1.1", "EUPL-1.1"),
    ("eupl-1.2", "EUPL-1.2"),
    ("fair-noncommercial-research-license", ""),
    ("gemma", ""),
    ("gfdl", ""),
    ("gpl", ""),
    ("gpl-2.0", "GPL-2.0-only"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("grok2-community", ""),
    ("h-research", ""),
    ("intel-research", ""),
    ("isc", "ISC"),
    ("lgpl", ""),
    ("lgpl-2.1", "LGPL-2.1-only"),
    ("lgpl-3.0", "LGPL-3.0-only"),
    ("lgpl-lr", "LGPLLR"),
    ("llama2", ""),
    ("llama3", ""),
    ("llama3.1", ""),
    ("llama3.2", ""),
    ("llama3.3", ""),
    ("llama4", ""),
    ("lppl-1.3c", "LPPL-1.3c"),
    ("mit", "MIT"),
    ("mpl-2.0", "MPL-2.0"),
    ("ms-pl", "MS-PL"),
    ("ncsa", "NCSA"),
    ("odbl", "ODbL-1.0"),
    ("odc-by", "ODC-By-1.0"),
    ("ofl-1.1", "OFL-1.1"),
    ("open-mdw", ""),
    ("openmdw-1.0", ""),
    ("openrail", ""),
    ("openrail++", ""),
    ("osl-3.0", "OSL-3.0"),
    ("pddl", "PDDL-1.0"),
    ("postgresql", "PostgreSQL"),
    ("unlicense", "Unlicense"),
    ("wtfpl", "WTFPL"),
    ("zlib", "Zlib"),
];

#[cfg(test)]
mod tests {
    use super::{LIST, spdx};

    #[test]
    fn the_list_is_in_order() {
        assert!(LIST.is_sorted_by(|left, right| left.0 < right.0));
        assert_eq!((spdx("mit"), spdx("llama2"), spdx("MIT-ish")), (Some(Some("MIT")), Some(None), None));
    }
}
