use std::sync::LazyLock;

use stillwatch_core::{Author, Document};

use super::vendors::VENDORS;
use super::{Claim, ClaimSort, Claims, Standing};

/// Built once: it is an automaton over all names.
static CLAIMS: LazyLock<Claims> = LazyLock::new(Claims::default);

fn claims(document: &Document<'_>) -> Vec<Claim> {
    let mut claims = Vec::new();
    CLAIMS.find(document, |claim| claims.push(claim));
    claims
}

fn said(text: &str) -> Vec<(Option<&'static str>, ClaimSort, Standing)> {
    let document = Document { text, author: Author::Model, ..Document::default() };
    claims(&document).into_iter().map(|claim| (claim.vendor, claim.sort, claim.standing)).collect()
}

fn plain(text: &str) -> Vec<&'static str> {
    let plain = said(text).into_iter().filter(|(_, _, standing)| *standing == Standing::Plain);
    plain.filter_map(|(vendor, _, _)| vendor).collect()
}

#[test]
fn a_first_person_that_leads_to_a_name_is_a_claim() {
    for (text, vendor) in [
        ("I am ChatGPT, how can I help?", "OpenAI"),
        ("Hello! I'm Claude, an AI assistant made by someone.", "Anthropic"),
        ("As an AI language model developed by OpenAI, I cannot do that.", "OpenAI"),
        ("I was created by Anthropic to be helpful.", "Anthropic"),
        ("I am Claude, made by Anthropic.", "Anthropic"),
        ("I’m a large language model trained by Google.", "Google"),
        ("My creators at Mistral AI taught me that.", "Mistral"),
        ("That is the name my creators, the DeepSeek team, have given me.", "DeepSeek"),
        ("You can call me an OpenAssistant!", "LAION"),
        ("As an advanced AI model (OpenAI's GPT-4) designed to help, I can answer that.", "OpenAI"),
        ("Sure. My name is Qwen and I was built in Hangzhou.", "Alibaba"),
        ("I am OpenAI's latest language model.", "OpenAI"),
        ("DeepSeek trained me on public text.", "DeepSeek"),
        ("I am Aria, a helpful language model by OpenAI.", "OpenAI"),
        ("我是由阿里云开发的大型语言模型。", "Alibaba"),
        ("Soy un modelo de lenguaje desarrollado por OpenAI.", "OpenAI"),
        ("Ich bin ein Sprachmodell, das von OpenAI entwickelt wurde.", "OpenAI"),
        ("Je suis un assistant créé par Anthropic.", "Anthropic"),
    ] {
        assert_eq!(plain(text).first(), Some(&vendor), "{text}");
    }
}

#[test]
fn a_name_alone_is_none() {
    for text in [
        "ChatGPT is a language model developed by OpenAI.",
        "I use ChatGPT every day.",
        "I am familiar with ChatGPT.",
        "I'm using ChatGPT for my essay.",
        "I am a software engineer at Google.",
        "I am an AI researcher at OpenAI.",
        "My name is Claude and I live in Lyon.",
        "I am Claude Monet, and I paint an AI model.",
        "I was trained by OpenAI researchers as an intern.",
        "I am Llama farmer in Peru.",
        "My name is Alexa and I am an assistant manager at Amazon.",
        "I am the AI product lead, previously at DeepMind.",
        "I'm a Gemini, born in June.",
        "I was trained by Google to sell advertisements.",
        "I think that ChatGPT is an AI model developed by OpenAI.",
        "I am ChatGPT's biggest fan.",
        "I am glad that ChatGPT, an AI model, was developed by OpenAI.",
        "The openainess of things. I am OpenAIs.",
        "我喜欢使用豆包。",
    ] {
        assert_eq!(plain(text), [""; 0], "{text}");
    }
}

#[test]
fn what_is_not_the_authors_own_is_kept_apart() {
    let standing = |text: &str| said(text).first().map(|(_, _, standing)| *standing);
    assert_eq!(standing("I am not ChatGPT."), Some(Standing::Denied));
    assert_eq!(standing("Unlike others, I was not created by OpenAI."), Some(Standing::Denied));
    assert_eq!(standing("If I were asked, I would say that I am ChatGPT."), Some(Standing::Supposed));
    assert_eq!(standing("He answered: \"I am ChatGPT\"."), Some(Standing::Quoted));
    assert_eq!(standing("It said:\n> I am ChatGPT."), Some(Standing::Quoted));
    assert_eq!(standing("我不是豆包,我是人。"), Some(Standing::Denied));
}

#[test]
fn a_claim_that_the_prompt_asks_for_is_elicited() {
    let text = "I am ChatGPT, a model made by OpenAI.";
    let document = |prompt| Document { text, author: Author::Model, prompt: Some(prompt), ..Document::default() };
    let standings = |document: &Document<'_>| claims(document).iter().map(|claim| claim.standing).collect::<Vec<_>>();
    assert_eq!(standings(&document("Are you chatgpt?"))[0], Standing::Elicited);
    assert_eq!(standings(&document("Who are you?"))[0], Standing::Plain);
    let person = Document { text, author: Author::Person, ..Document::default() };
    assert_eq!(standings(&person)[0], Standing::Person);
}

#[test]
fn phrases_of_machines_name_nobody() {
    assert_eq!(said("As an AI language model, I cannot."), [(None, ClaimSort::Machine, Standing::Plain)]);
    assert_eq!(said("It wrote \"as an ai language model\" again."), [(None, ClaimSort::Machine, Standing::Quoted)]);
}

#[test]
fn spans_lie_in_the_text() {
    let text = "Good day. I am ChatGPT.";
    let document = Document { text, ..Document::default() };
    assert_eq!(&text[claims(&document)[0].span.clone()], "I am ChatGPT");
}

/// Sentences of a table, with names of the table of makers put in: makers for `{M}`, models for `{P}`.
fn sentences(table: &'static str) -> impl Iterator<Item = (Vec<&'static str>, String)> {
    const MAKERS: [&str; 3] = ["OpenAI", "Anthropic", "DeepSeek"];
    const MODELS: [&str; 3] = ["ChatGPT", "Qwen", "GPT-4"];
    let known = |name: &str| VENDORS.iter().any(|vendor| vendor.names.iter().any(|own| *own.text == *name));
    assert!(MAKERS.iter().chain(&MODELS).all(|name| known(name)));
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.flat_map(move |line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let (labels, sentence) = columns.split_at(columns.len() - 1);
        let (labels, sentence) = (labels.to_vec(), sentence[0]);
        let filled = MAKERS.iter().zip(&MODELS);
        filled.map(move |(maker, model)| (labels.clone(), sentence.replace("{M}", maker).replace("{P}", model)))
    })
}

#[test]
fn people_who_write_about_models_are_no_models() {
    let mut languages = std::collections::BTreeMap::<&str, std::collections::BTreeSet<&str>>::new();
    let mut wrong = Vec::new();
    for (labels, sentence) in sentences(include_str!("../../tests/data/people.tsv")) {
        languages.entry(labels[0]).or_default().insert(labels[1]);
        let document = Document { text: &sentence, ..Document::default() };
        let attributed: Vec<Claim> =
            claims(&document).into_iter().filter(|claim| claim.standing == Standing::Plain).collect();
        wrong.extend((!attributed.is_empty()).then_some(sentence));
    }
    assert_eq!(wrong, [""; 0]);
    assert!(languages.len() >= 12 && languages.values().all(|constructions| constructions.len() >= 10));
}

#[test]
fn models_that_name_their_maker_are_understood_in_many_languages() {
    for (labels, sentence) in sentences(include_str!("../../tests/data/models.tsv")) {
        let document = Document { text: &sentence, ..Document::default() };
        let named = claims(&document).iter().any(|claim| claim.standing == Standing::Plain && claim.vendor.is_some());
        assert!(named, "{labels:?} {sentence}");
    }
}

#[test]
fn quotation_and_code_reach_across_sentences() {
    for text in [
        "It wrote \"Good day. I am ChatGPT. I can help.\" and went out.",
        "Log:\n```\nhello\nI am ChatGPT.\n```\n",
        "He typed 'Hello. I am ChatGPT.' into the box.",
        "« Bonjour. Je suis ChatGPT. » affichait la machine.",
    ] {
        assert_eq!(plain(text), [""; 0], "{text}");
    }
    assert_eq!(plain("The \"test\" is over. I am ChatGPT."), ["OpenAI"]);
    assert_eq!(plain("It's the model's turn. I am ChatGPT."), ["OpenAI"]);
}

#[test]
fn prompts_that_give_a_part_to_play_are_set_aside() {
    let text = "From now on you stay in character. Hello! I am ChatGPT, a model made by OpenAI.";
    let document = |author| Document { text, author, ..Document::default() };
    let plain = |author| claims(&document(author)).iter().any(|claim| claim.standing == Standing::Plain);
    assert!(!plain(Author::Unknown) && plain(Author::Model));
    // A refusal speaks of the same things and gives nobody a part.
    let refusal =
        "I cannot pretend to be a lawyer, and I was not made to simulate one. As a model made by OpenAI, I refuse.";
    assert!(
        claims(&Document { text: refusal, ..Document::default() })
            .iter()
            .any(|claim| claim.standing == Standing::Plain)
    );
    let asked = "I want you to pretend to be a robot. Hello, I am ChatGPT, a model made by OpenAI.";
    assert!(
        claims(&Document { text: asked, ..Document::default() }).iter().all(|claim| claim.standing != Standing::Plain)
    );
}

#[test]
fn people_are_powered_trained_and_hosted_too() {
    for text in [
        "I'm powered by ChatGPT and coffee.",
        "I was trained by OpenAI and left after a year.",
        "I was hosted by Anthropic for a week.",
        "OpenAI made me very happy.",
        "OpenAI made me and my friends laugh.",
        "Anthropic built me and my team a demo.",
        "I'm just ChatGPT with a pulse.",
        "I am called ChatGPT by my students.",
        "I'm ChatGPT from accounting.",
        "My model is based on GPT-4 and reads invoices.",
        "You're talking to ChatGPT, a language model, so check what it says.",
        "As an AI model by OpenAI would say, I have no opinion.",
        "As a language model made by OpenAI, it helps my students every day.",
        "As a language model made by OpenAI, my students love it.",
        "According to OpenAI's usage policies, I must provide a disclaimer to my users.",
        "I am from the team at OpenAI.",
        "Who am I? ChatGPT.",
        "My parent company is OpenAI.",
    ] {
        let named = |author| {
            let mut plain = claims(&Document { text, author, ..Document::default() });
            plain.retain(|claim| claim.standing == Standing::Plain && claim.vendor.is_some());
            plain
        };
        assert_eq!(named(Author::Unknown), [], "{text}");
    }
    for text in [
        "I was trained by OpenAI.",
        "I was trained by Anthropic to answer questions.",
        "I'm powered by GPT-4.",
        "I'm Codex, based on GPT-5.",
        "As a language model made by OpenAI, it would be wrong for me to answer.",
        "As a language model made by OpenAI, my knowledge ends in 2023.",
        "I am ChatGPT and I can help.",
        "I am ChatGPT from OpenAI.",
        "OpenAI made me.",
    ] {
        let document = Document { text, ..Document::default() };
        assert!(
            claims(&document).iter().any(|claim| claim.standing == Standing::Plain && claim.vendor.is_some()),
            "{text}"
        );
    }
}

#[test]
fn any_text_can_be_read() {
    let parts = [
        "I am ",
        "ChatGPT",
        "“",
        "'",
        "```",
        "\n",
        " — ",
        "我是",
        "OpenAI",
        "\u{301}",
        "’s",
        "ß",
        "İ",
        "🤖",
        "بواسطة ",
    ];
    for first in parts {
        for second in parts {
            for third in parts {
                said(&format!("{first}{second}{third}{second}ChatGPT{first}{third}"));
            }
        }
    }
}
