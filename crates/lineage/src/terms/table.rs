//! The rows. The first line of each names it, the second what passes on: to derivatives, to what is trained on outputs,
//! and whether commercial use is limited.

use super::{Results, Terms};

const fn terms(
    id: &'static str,
    names: &'static [&'static str],
    [derivatives, outputs, commercial_limit]: [bool; 3],
    what: &'static str,
    source: &'static str,
    as_of: &'static str,
) -> Terms {
    let (naming, issuer, results) = ("", "", Results::Unsettled);
    Terms { id, names, derivatives, outputs, commercial_limit, naming, issuer, results, what, source, as_of }
}

impl Terms {
    const fn naming(self, naming: &'static str) -> Self {
        Self { naming, ..self }
    }

    const fn of_issuer(self, issuer: &'static str) -> Self {
        Self { issuer, ..self }
    }

    const fn results_free(self) -> Self {
        Self { results: Results::Free, ..self }
    }
}

const LLAMA: &str = "derivatives carry the agreement and show \"Built with Llama\"; a model made or improved with the \
                     materials or their outputs and passed on has a name that begins with \"Llama\" (1.b.i); above 700 \
                     million monthly users a licence is asked for (2)";

/// Every entry names the clause, the source and the version.
pub const TERMS: &[Terms] = &[
    terms(
        "MIT",
        &["mitlicense", "themitlicense"],
        [false; 3],
        "notice is kept; nothing else passes on",
        "https://spdx.org/licenses/MIT.html",
        "2024-12-30",
    ),
    terms(
        "Apache-2.0",
        &["apache2", "apachelicense20", "apache20license"],
        [false; 3],
        "notice and stated changes are kept (4); patent clause (3)",
        "https://www.apache.org/licenses/LICENSE-2.0",
        "2004-01-01",
    ),
    terms(
        "BSD-3-Clause",
        &["bsd", "bsd3"],
        [false; 3],
        "notice is kept",
        "https://spdx.org/licenses/BSD-3-Clause.html",
        "2024-12-30",
    ),
    terms(
        "BSD-2-Clause",
        &[],
        [false; 3],
        "notice is kept",
        "https://spdx.org/licenses/BSD-2-Clause.html",
        "2024-12-30",
    ),
    terms("ISC", &[], [false; 3], "notice is kept", "https://spdx.org/licenses/ISC.html", "2024-12-30"),
    terms(
        "OpenMDW-1.0",
        &["openmdw", "licenserefscancodeopenmdw10"],
        [false; 3],
        "a copy of the agreement is kept; outputs are free by its words; it ends for whoever sues over the materials",
        "https://github.com/OpenMDW/OpenMDW/blob/main/1.0/LICENSE.openmdw",
        "2026-02-24",
    ),
    terms(
        "NVIDIA-Open-Model",
        &["nvidiaopenmodellicense", "nvidiaopenmodellicenseagreement", "licenserefscancodenvidiaopenmodel20250428"],
        [false; 3],
        "notice is kept; an output is no derivative, and derivatives may have other terms; rights end for whoever gets \
         around a safeguard; what is made with a Cosmos model or its outputs shows \"Built on NVIDIA Cosmos\"",
        "https://www.nvidia.com/en-us/agreements/enterprise-software/nvidia-open-model-license/",
        "2025-04-28",
    )
    .of_issuer("NVIDIA"),
    terms(
        "CC0-1.0",
        &["cc0"],
        [false; 3],
        "no condition",
        "https://creativecommons.org/publicdomain/zero/1.0/legalcode",
        "2009-03-11",
    ),
    terms(
        "PDDL-1.0",
        &["pddl"],
        [false; 3],
        "no condition; other rights in single contents are not lifted",
        "https://opendatacommons.org/licenses/pddl/1-0/",
        "2026-02-24",
    ),
    terms(
        "CC-BY-4.0",
        &["ccby"],
        [false; 3],
        "attribution is kept (section 3.a)",
        "https://creativecommons.org/licenses/by/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "ODC-BY-1.0",
        &["odcby"],
        [false; 3],
        "attribution is kept, by a notice on what is produced from the data base too (4.3)",
        "https://opendatacommons.org/licenses/by/1-0/",
        "2010-02-24",
    ),
    terms(
        "CDLA-Permissive-2.0",
        &["cdlapermissive"],
        [false; 3],
        "the text goes along with the data; results, models named among them, are free (3.1, 5.4)",
        "https://cdla.dev/permissive-2-0/",
        "2026-02-24",
    ),
    terms(
        "CDLA-Sharing-1.0",
        &["cdlasharing"],
        [true, false, false],
        "data, added to or changed, stay under the agreement (3.3); results are free (3.5)",
        "https://cdla.io/sharing-1-0/",
        "2026-02-24",
    )
    .results_free(),
    terms(
        "ODbL-1.0",
        &["odbl"],
        [true, false, false],
        "a data base derived from it stays under the licence (4.4); what is produced from it bears a notice (4.3), and \
         the derived data base behind it is offered (4.6)",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        "2026-02-24",
    )
    .results_free(),
    terms(
        "CC-BY-SA-3.0",
        &["ccbysa30"],
        [true, false, false],
        "adaptations stay under the same licence or a compatible one (section 4.b)",
        "https://creativecommons.org/licenses/by-sa/3.0/legalcode",
        "2026-02-24",
    ),
    terms(
        "CC-BY-SA-4.0",
        &["ccbysa"],
        [true, false, false],
        "adapted material stays under the same licence (section 3.b)",
        "https://creativecommons.org/licenses/by-sa/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "GFDL-1.3",
        &["gfdl", "gfdl13", "gnufreedocumentationlicense", "gfdl13orlater", "gfdl12", "gfdl13only"],
        [true, false, false],
        "modified versions of the document stay under the same licence (section 4)",
        "https://www.gnu.org/licenses/fdl-1.3.html",
        "2008-11-03",
    ),
    terms(
        "CC-BY-NC-4.0",
        &["ccbync"],
        [true, false, true],
        "no commercial use of the material or of what is adapted from it (section 2.a)",
        "https://creativecommons.org/licenses/by-nc/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "CC-BY-NC-SA-4.0",
        &["ccbyncsa"],
        [true, false, true],
        "no commercial use (section 2.a); adapted material under the same licence (section 3.b)",
        "https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "CC-BY-NC-ND-4.0",
        &["ccbyncnd"],
        [true, false, true],
        "no commercial use; adapted material may not be shared (section 2.a)",
        "https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "GPL-3.0-only",
        &["gpl3", "gpl30", "gplv3", "gpl30orlater"],
        [true, false, false],
        "derivative works under the same licence (section 5.c)",
        "https://www.gnu.org/licenses/gpl-3.0.html",
        "2007-06-29",
    ),
    terms(
        "AGPL-3.0-only",
        &["agpl3", "agpl30", "agplv3", "agpl30orlater"],
        [true, false, false],
        "derivative works under the same licence, over a network too (section 13)",
        "https://www.gnu.org/licenses/agpl-3.0.html",
        "2007-11-19",
    ),
    terms(
        "LLaMA-1",
        &["llama1", "llamalicense", "llamalicenseagreement", "licenserefscancodellamalicense2023"],
        [true, true, true],
        "research without commercial aim only (1.a); derivatives and data that it wrote may not be used in commerce or \
         production (2.a)",
        "https://docs.google.com/forms/d/e/1FAIpQLSfqNECQnMkycAp2jP4Z9TFX0cGR4uf7b_fBxjY_OjhJILlKGA/viewform",
        "2026-02-24",
    )
    .of_issuer("Meta"),
    terms(
        "LLaMA-2",
        &[
            "llama2",
            "llama2license",
            "llama2licence",
            "llama2community",
            "llama2communitylicense",
            "llama2communitylicenseagreement",
            "licenserefllama2",
            "licenserefscancodellama2license2023",
        ],
        [true, true, true],
        "derivatives carry the agreement (1.b.i); outputs may not improve another language model (1.b.v); above 700 million monthly users a licence is asked for (2)",
        "https://ai.meta.com/llama/license/",
        "2023-07-18",
    )
    .of_issuer("Meta"),
    terms(
        "LLaMA-3",
        &["llama3", "llama3license", "llama3communitylicense", "metallama3communitylicenseagreement"],
        [true, true, true],
        "derivatives carry the agreement, show \"Built with Meta Llama 3\" and have a name that begins with \"Llama 3\" \
         (1.b.i); outputs may not improve another language model (1.b.v); above 700 million monthly users a licence is \
         asked for (2)",
        "https://www.llama.com/llama3/license/",
        "2024-04-18",
    )
    .of_issuer("Meta"),
    terms(
        "LLaMA-3.1",
        &[
            "llama31",
            "llama31license",
            "llama31communitylicense",
            "llama31communitylicenseagreement",
            "licenserefscancodellama31license2024",
        ],
        [true, false, true],
        LLAMA,
        "https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/LICENSE",
        "2024-07-23",
    )
    .of_issuer("Meta")
    .naming("Llama"),
    terms(
        "LLaMA-3.2",
        &[
            "llama32",
            "llama32license",
            "llama32communitylicense",
            "llama32communitylicenseagreement",
            "licenserefscancodellama32license2024",
        ],
        [true, false, true],
        LLAMA,
        "https://github.com/meta-llama/llama-models/blob/main/models/llama3_2/LICENSE",
        "2024-09-25",
    )
    .of_issuer("Meta")
    .naming("Llama"),
    terms(
        "LLaMA-3.3",
        &[
            "llama33",
            "llama33license",
            "llama33communitylicense",
            "llama33communitylicenseagreement",
            "licenserefscancodellama33license2024",
        ],
        [true, false, true],
        LLAMA,
        "https://github.com/meta-llama/llama-models/blob/main/models/llama3_3/LICENSE",
        "2024-12-06",
    )
    .of_issuer("Meta")
    .naming("Llama"),
    terms(
        "LLaMA-4",
        &[
            "llama4",
            "llama4license",
            "llama4communitylicense",
            "llama4communitylicenseagreement",
            "licenserefscancodellama4cla2025",
        ],
        [true, false, true],
        LLAMA,
        "https://github.com/meta-llama/llama-models/blob/main/models/llama4/LICENSE",
        "2025-04-05",
    )
    .of_issuer("Meta")
    .naming("Llama"),
    terms(
        "Gemma",
        &[
            "gemmalicense",
            "gemmatermsofuse",
            "licenserefscancodegemmatou20240401",
            "licenserefscancodegemmatou20250324",
        ],
        [true, true, false],
        "model derivatives include models trained on outputs to perform alike (1.1.e); use limits pass on (3.1, 3.2)",
        "https://ai.google.dev/gemma/terms",
        "2025-03-24",
    )
    .of_issuer("Google"),
    terms(
        "OpenRAIL-M",
        &["openrail", "openrailm", "creativemlopenrailm", "creativemlopenrailmlicense"],
        [true, true, false],
        "use limits pass on to derivatives, by transfer of patterns of the outputs too (definitions; paragraphs 4.a and 5)",
        "https://huggingface.co/spaces/CompVis/stable-diffusion-license",
        "2022-08-22",
    ),
    terms(
        "BigScience-RAIL-1.0",
        &["bigsciencebloomrail10", "licenserefscancodebigsciencerail10"],
        [true, true, false],
        "use limits pass on to derivatives, by transfer of patterns of the outputs too (definitions; paragraphs 4.a and 5)",
        "https://huggingface.co/spaces/bigscience/license",
        "2022-05-19",
    ),
    terms(
        "BigScience-OpenRAIL-M",
        &["licenserefscancodebigscienceopenrailm"],
        [true, true, false],
        "use limits pass on to derivatives, by transfer of patterns of the outputs too (definitions; paragraphs 4.a and 5)",
        "https://www.licenses.ai/blog/2022/8/26/bigscience-open-rail-m-license",
        "2022-08-18",
    ),
    terms(
        "BigCode-OpenRAIL-M",
        &["bigcodeopenrailmv1", "licenserefscancodebigcodeopenrailmv1"],
        [true, true, false],
        "use limits pass on to modifications, models made by transfer of patterns of the outputs among them (definitions; \
         paragraphs 4 and 5)",
        "https://huggingface.co/spaces/bigcode/bigcode-model-license-agreement",
        "2026-02-24",
    ),
    terms(
        "DeepSeek-License-1.0",
        &["deepseek", "deepseeklicense", "deepseeklicenseagreement", "licenserefscancodedeepseekla10"],
        [true, true, false],
        "use limits pass on to derivatives, by transfer of patterns of the outputs too (definitions; paragraphs 4 and 5)",
        "https://github.com/deepseek-ai/DeepSeek-V3/blob/main/LICENSE-MODEL",
        "2023-10-23",
    )
    .of_issuer("DeepSeek"),
    terms(
        "Falcon-2-11B-TII-1.0",
        &["falcon2license", "falcon211btiilicense", "licenserefscancodefalcon211b10"],
        [true, true, false],
        "the acceptable use policy binds derivatives and outputs, and passes on with them",
        "https://falconllm-staging.tii.ae/falcon-2-terms-and-conditions.html",
        "2024-05-01",
    )
    .of_issuer("TII"),
    terms(
        "Tongyi-Qianwen",
        &["tongyiqianwenlicense", "tongyiqianwenlicenseagreement", "licenserefscancodetongyiqianwen2023"],
        [true, true, true],
        "derivatives carry the agreement; above 100 million monthly users a licence is asked for; outputs may not improve \
         another language model (5.b)",
        "https://huggingface.co/Qwen/Qwen2-72B-Instruct/blob/main/LICENSE",
        "2023-08-03",
    )
    .of_issuer("Alibaba"),
    terms(
        "Qwen",
        &["qwenlicense", "qwenlicenseagreement", "licenserefscancodeqwen2024"],
        [true, false, true],
        "derivatives carry the agreement; above 100 million monthly users a licence is asked for (4); a model made or \
         improved with outputs and passed on says \"Built with Qwen\" or \"Improved using Qwen\" in its documents (5.b)",
        "https://huggingface.co/Qwen/Qwen2.5-72B/blob/main/LICENSE",
        "2024-09-19",
    )
    .of_issuer("Alibaba"),
    terms(
        "Mistral-Research-License",
        &["mrl", "mrl01", "mistralairesearchlicense", "mistralresearchlicence", "mistralairesearchlicence"],
        [true, true, true],
        "models, derivatives and outputs for research only, without commercial aim (3.2, 4.2)",
        "https://mistral.ai/licenses/MRL-0.1.md",
        "2026-11-21",
    )
    .of_issuer("Mistral"),
    terms(
        "xAI-Community",
        &["xaicommunitylicense", "xaicommunitylicenseagreement", "grok2communitylicense"],
        [true, true, false],
        "materials and outputs may not train or improve foundation or general-purpose models, changes to Grok set aside",
        "https://huggingface.co/xai-org/grok-2/blob/main/LICENSE",
        "2025-11-04",
    )
    .of_issuer("xAI"),
    terms(
        "Stability-AI-Community",
        &[
            "stabilityaicommunitylicense",
            "stabilityaicommunitylicenseagreement",
            "stabilityaicommunity",
            "licenserefscancodestabilityaicommunity2024",
        ],
        [true, true, true],
        "derivatives carry the agreement and show \"Powered by Stability AI\"; above one million US dollars of revenue a \
         licence is asked for; outputs may not create or improve a foundation model (IV.b)",
        "https://huggingface.co/stabilityai/stable-video-diffusion-img2vid-xt/blob/main/LICENSE.md",
        "2024-07-05",
    )
    .of_issuer("Stability"),
    terms(
        "FLUX.1-dev-NC",
        &["flux1devnoncommerciallicense", "licenserefscancodeflux1nc"],
        [true, true, true],
        "use without commercial aim only, derivatives too; outputs may not train a model that competes",
        "https://huggingface.co/city96/FLUX.1-dev-gguf/blob/main/LICENSE.md",
        "2026-02-24",
    )
    .of_issuer("Black Forest Labs"),
    terms(
        "EXAONE-1.1-NC",
        &["exaoneaimodellicenseagreement11nc", "licenserefscancodeexaoneaimodel11nc"],
        [true, true, true],
        "research without commercial aim only; outputs may not develop or improve another model (3.1)",
        "https://huggingface.co/LGAI-EXAONE/EXAONE-Deep-32B/blob/main/LICENSE",
        "2026-02-24",
    )
    .of_issuer("LG"),
    terms(
        "Kimi-K2-modified-MIT",
        &["licenserefscancodemoonshotaimodifiedmit2025"],
        [true, false, false],
        "above 100 million monthly users or 20 million US dollars a month, products on it or its derivatives show \"Kimi K2\"",
        "https://huggingface.co/moonshotai/Kimi-K2-Instruct/raw/main/LICENSE",
        "2026-02-24",
    )
    .of_issuer("Moonshot"),
    terms(
        "OpenAI-Terms",
        &["openaiterms", "openaitermsofuse", "openai", "openaiusagepolicy"],
        [false, true, false],
        "output may not be used to develop models that compete with the service",
        "https://openai.com/policies/terms-of-use/",
        "2024-12-11",
    )
    .of_issuer("OpenAI"),
    terms(
        "Anthropic-Terms",
        &["anthropiccommercialterms", "anthropiccommercialtermsofservice", "anthropic"],
        [false, true, false],
        "the service may not be used to train competing models unless that is approved (section D.4)",
        "https://www.anthropic.com/legal/commercial-terms",
        "2025-06-17",
    )
    .of_issuer("Anthropic"),
    terms(
        "Gemini-API-Terms",
        &["geminiapiadditionaltermsofservice", "geminiapi"],
        [false, true, false],
        "the service may not be used to develop models that compete with it",
        "https://ai.google.dev/gemini-api/terms",
        "2025-05-20",
    )
    .of_issuer("Google"),
];
