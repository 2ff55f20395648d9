//! Sentences of machines that have another shape than an opening and a name.

use super::language::{Language, languages};
use super::sentence::Sentence;
use super::standing::ClaimSort;

/// Sentences of machines of another shape, in English.
pub(super) fn fixed_sentence(
    sentence: &Sentence<'_>,
    rest: &str,
    ambiguous: bool,
    by_model: bool,
) -> Option<(&'static Language, ClaimSort, bool, usize)> {
    let language = languages().next()?;
    let before = sentence.before().to_lowercase().replace('’', "'");
    let after = rest.to_lowercase().replace('’', "'");
    let (before_trimmed, after_trimmed) = (before.trim(), after.trim());
    let ends = after_trimmed.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '\'');
    let helps = [
        "happy to help",
        "how can i help",
        "how may i help",
        "how can i assist",
        "how may i assist",
        "ready to help",
        "here to help",
        "at your service",
    ];
    let refuses = [
        "i can't",
        "i cannot",
        "i must",
        "i am not able",
        "i'm not able",
        "i am unable",
        "i'm unable",
        "i am not allowed",
        "i'm not allowed",
        "i have to",
    ];
    // What models say that they do not do, and what people who build on a model say of their own work too.
    let services = ["help", "assist", "refuse", "decline", "answer", "respond", "fulfill", "."];
    let works = ["comply", "provide", "generate", "create", "write", "produce", "discuss", "engage"];
    let services = || services.iter().chain(works.iter().filter(|_| by_model));
    let declines = |text: &str| {
        refuses.iter().any(|refusal| {
            let next = text.split_once(refusal).map(|(_, next)| next.trim_start());
            next.is_some_and(|next| {
                next.trim_end_matches(['.', '!']).is_empty() || services().any(|service| next.starts_with(service))
            })
        })
    };
    let rules = [
        "policy",
        "policies",
        "guidelines",
        "rules",
        "usage policy",
        "content policy",
        "usage policies",
        "content policies",
        "usage guidelines",
        "use case policy",
        "'s policy",
        "'s policies",
        "'s guidelines",
        "'s content policy",
        "'s usage policies",
        "'s usage policy",
        "'s rules",
    ];
    let product = matches!(before_trimmed, "") && !ambiguous;
    let speaks = after_trimmed.starts_with("speaking") && before_trimmed.ends_with("this is") && !ambiguous;
    let here = after_trimmed.strip_prefix("here").is_some_and(|next| {
        helps.iter().any(|help| next.trim_start_matches([',', ' ', '!', '.', ';', '—', '-']).starts_with(help))
    });
    let asked = product && ends && after_trimmed.is_empty() && {
        let earlier = sentence.earlier().to_lowercase();
        earlier.trim_end().ends_with("my name?") || (by_model && earlier.trim_end().ends_with("who am i?"))
    };
    let comes = !ambiguous
        && after_trimmed.is_empty()
        && (before_trimmed == "i come from" || (by_model && before_trimmed == "i am from the team at"));
    let policy = (before_trimmed.ends_with("according to")
        || before_trimmed.ends_with("per")
        || before_trimmed.ends_with("under")
        || before_trimmed.ends_with("due to"))
        && rules.iter().any(|rule| after_trimmed.starts_with(rule))
        && declines(after_trimmed);
    let set = [
        "guidelines from",
        "guidelines of",
        "rules from",
        "policies of",
        "policies from",
        "policy of",
        "guidelines set by",
        "rules set by",
    ]
    .iter()
    .any(|rule| before_trimmed.ends_with(rule))
        && declines(after_trimmed);
    let company =
        ["is the company that", "is the organization that", "is the team that", "is the lab that", "is the one who"]
            .iter()
            .any(|own| after_trimmed.starts_with(own))
            && ["trained me", "built me", "created me", "made me", "developed me", "designed me"]
                .iter()
                .any(|own| after_trimmed.trim_end_matches(['.', '!']).ends_with(own))
            && before_trimmed.is_empty()
            && !ambiguous;
    let sort = if speaks || here || asked { ClaimSort::Identity } else { ClaimSort::Maker };
    (speaks || (here && before_trimmed.is_empty()) || asked || comes || ((policy || set) && !ambiguous) || company)
        .then_some((language, sort, false, 0))
}
