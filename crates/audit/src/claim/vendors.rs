//! Makers of language models and the names under which their models speak of themselves.
//!
//! From the makers' own public product names, November 2026. A name that is also a word, a person's name or a company
//! with other business is marked: it counts only beside words that speak of an AI.

/// A maker and its names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vendor {
    pub(super) name: &'static str,
    pub(super) names: &'static [Name],
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    pub(super) text: &'static str,
    /// Means something else too.
    pub(super) ambiguous: bool,
}

/// The names under which vendors are known: their own, and those of their models.
pub(crate) fn vendor_names() -> impl Iterator<Item = &'static str> {
    VENDORS.iter().map(|vendor| vendor.name)
}

/// Whether two names are of one vendor: alike but for case, spaces and marks, or both in the table of a vendor.
pub(crate) fn same_vendor(left: &str, right: &str) -> bool {
    let (left, right) = (bare(left), bare(right));
    let whose = |name: &str| {
        VENDORS
            .iter()
            .position(|vendor| bare(vendor.name) == name || vendor.names.iter().any(|own| bare(own.text) == name))
    };
    left == right || whose(&left).is_some_and(|vendor| whose(&right) == Some(vendor))
}

/// Letters and digits in lower case, without what companies put behind their names.
fn bare(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        !["inc", "ltd", "llc", "gmbh", "corp", "corporation", "sas", "pbc"].contains(&word.to_lowercase().as_str())
    });
    words.flat_map(str::chars).flat_map(char::to_lowercase).collect()
}

const fn own(text: &'static str) -> Name {
    Name { text, ambiguous: false }
}

const fn shared(text: &'static str) -> Name {
    Name { text, ambiguous: true }
}

#[rustfmt::skip]
pub(super) const VENDORS: &[Vendor] = &[
    Vendor { name: "01.AI", names: &[own("01.AI"), own("零一万物"), own("Yi-34B"), own("Yi-Large"), own("Yi-Lightning")] },
    Vendor { name: "AI21", names: &[own("AI21 Labs"), own("AI21"), shared("Jamba"), shared("Jurassic-2")] },
    Vendor { name: "Alibaba", names: &[own("Alibaba Cloud"), shared("Alibaba"), own("Qwen"), own("QwQ"), own("Tongyi Qianwen"),
        own("通义千问"), own("通义"), own("千问"), own("阿里云"), shared("阿里巴巴")] },
    Vendor { name: "Amazon", names: &[shared("Amazon"), shared("Amazon Web Services"), own("Amazon Nova"), own("Amazon Titan"), shared("Alexa")] },
    Vendor { name: "Anthropic", names: &[own("Anthropic"), shared("Claude"), own("Claude AI"), own("Claude 2"), own("Claude 3"), own("Claude 4"),
        own("Claude Instant"), own("Claude Opus"), own("Claude Sonnet"), own("Claude Haiku")] },
    Vendor { name: "Baidu", names: &[shared("Baidu"), own("ERNIE Bot"), own("文心一言"), shared("百度"), own("Wenxin Yiyan"), shared("文心"), shared("ERNIE")] },
    Vendor { name: "Baichuan", names: &[own("Baichuan"), own("百川智能"), own("百川大模型")] },
    Vendor { name: "ByteDance", names: &[shared("ByteDance"), own("Doubao"), own("豆包"), shared("字节跳动")] },
    Vendor { name: "Cohere", names: &[own("Cohere"), own("Command R"), own("Command R+"), own("Aya Expanse"), shared("Command")] },
    Vendor { name: "Databricks", names: &[shared("Databricks"), own("DBRX"), shared("Dolly")] },
    Vendor { name: "DeepSeek", names: &[own("DeepSeek"), own("深度求索"), own("幻方")] },
    Vendor { name: "Google", names: &[shared("Google"), own("Google AI"), own("Google DeepMind"), shared("Alphabet"), own("DeepMind"), shared("Bard"), own("Google Bard"),
        shared("Gemini"), own("Google Gemini"), own("Gemini Pro"), own("Gemini Ultra"), own("Gemini Flash"), own("PaLM 2"), own("LaMDA"), shared("Gemma"),
        shared("谷歌")] },
    Vendor { name: "IBM", names: &[shared("IBM"), own("IBM Granite"), own("watsonx")] },
    Vendor { name: "iFlytek", names: &[own("iFlytek"), own("科大讯飞"), own("讯飞星火"), own("SparkDesk")] },
    Vendor { name: "Inflection", names: &[own("Inflection AI")] },
    Vendor { name: "LAION", names: &[own("LAION"), own("Open Assistant"), own("OpenAssistant")] },
    Vendor { name: "LMSYS", names: &[own("LMSYS"), shared("Vicuna"), own("Large Model Systems Organization")] },
    Vendor { name: "Meta", names: &[own("Meta AI"), shared("Meta"), shared("Facebook"), own("Facebook AI Research"), shared("LLaMA"), own("Llama 2"), own("Llama 3"),
        own("Llama 4"), own("Llama-2"), own("Llama-3")] },
    Vendor { name: "Microsoft", names: &[shared("Microsoft"), own("Microsoft Copilot"), own("Bing Chat"), own("Microsoft Bing"), own("Phi-3"), own("Phi-4"), own("Phi-2"), shared("Copilot"), own("GitHub Copilot"), shared("Phi")] },
    Vendor { name: "MiniMax", names: &[own("MiniMax"), own("稀宇科技"), own("海螺AI")] },
    Vendor { name: "Mistral", names: &[own("Mistral AI"), shared("Mistral"), own("Mixtral"), own("Mistral Large"), own("Le Chat Mistral")] },
    Vendor { name: "Moonshot", names: &[own("Moonshot AI"), shared("Kimi"), own("月之暗面")] },
    Vendor { name: "Nous Research", names: &[own("Nous Research"), own("Nous Hermes"), own("OpenHermes")] },
    Vendor { name: "NVIDIA", names: &[shared("NVIDIA"), own("Nemotron")] },
    Vendor { name: "OpenAI", names: &[own("OpenAI"), own("Open AI"), own("ChatGPT"), own("Chat GPT"), own("GPT-3"), own("GPT-3.5"), own("GPT-4"), own("GPT-4o"),
        own("GPT-4.1"), own("GPT-5"), own("GPT3"), own("GPT4"), own("GPT 3"), own("GPT 4"), own("InstructGPT"), own("text-davinci"), own("GPT-OSS"), own("GPT-4.5"), shared("Codex")] },
    Vendor { name: "Perplexity", names: &[own("Perplexity AI"), shared("Perplexity")] },
    Vendor { name: "Reka", names: &[own("Reka AI"), own("Reka Core"), own("Reka Flash")] },
    Vendor { name: "Sber", names: &[own("GigaChat"), shared("Sber"), shared("Сбер"), shared("Сбера"), own("ГигаЧат")] },
    Vendor { name: "SenseTime", names: &[own("SenseTime"), own("SenseNova"), own("商汤")] },
    Vendor { name: "Shanghai AI Laboratory", names: &[own("InternLM"), own("Shanghai AI Laboratory"), own("书生浦语"), own("上海人工智能实验室")] },
    Vendor { name: "Stability AI", names: &[own("Stability AI"), own("StableLM"), own("Stable Beluga")] },
    Vendor { name: "StepFun", names: &[own("StepFun"), own("阶跃星辰"), own("跃问")] },
    Vendor { name: "Tencent", names: &[shared("Tencent"), own("Hunyuan"), own("混元"), shared("腾讯")] },
    Vendor { name: "TII", names: &[own("Technology Innovation Institute"), own("Falcon-40B"), own("Falcon LLM")] },
    Vendor { name: "Upstage", names: &[own("Upstage AI"), shared("Upstage")] },
    Vendor { name: "xAI", names: &[own("xAI"), shared("Grok")] },
    Vendor { name: "Yandex", names: &[own("YandexGPT"), shared("Yandex"), shared("Яндекс"), shared("Яндекса"), shared("Яндексом")] },
    Vendor { name: "Zhipu AI", names: &[own("Zhipu AI"), own("Z.ai"), own("ChatGLM"), own("GLM-4"), own("GLM-130B"), own("智谱"), own("智谱清言")] },
];
