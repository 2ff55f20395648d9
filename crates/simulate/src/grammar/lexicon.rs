//! Words by field of knowledge, and words that any field uses.

/// A field that a person works in or is curious about.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) topics: &'static [&'static str],
    pub(crate) things: &'static [&'static str],
}

const fn field(name: &'static str, topics: &'static [&'static str], things: &'static [&'static str]) -> Field {
    Field { name, topics, things }
}

#[rustfmt::skip]
pub(crate) const FIELDS: &[Field] = &[
    field("gardening", &["raised beds", "tomato blight", "heavy clay soil", "compost heaps", "espalier pears", "slug damage", "winter pruning", "drip irrigation", "seed saving", "lawn moss", "potted citrus", "green manure", "aphids on roses", "a shaded border", "late frost"], &["trowel", "greenhouse", "seed tray", "water butt", "trellis", "hedge", "cold frame", "mulch layer"]),
    field("cooking", &["sourdough starters", "dosa batter", "braised short ribs", "tempered chocolate", "pickled radish", "freezer meals", "induction hobs", "vegan gelatine", "knife sharpening", "slow cooked beans", "hollandaise", "rye bread", "pressure canning", "lunch boxes", "onion soup"], &["cast iron pan", "loaf tin", "stock pot", "rice cooker", "spice rack", "oven thermometer", "mandoline", "pasta roller"]),
    field("databases", &["index bloat", "deadlocks", "partition pruning", "logical replication", "vacuum settings", "schema migrations", "connection pooling", "materialised views", "window functions", "point-in-time recovery", "read replicas", "bulk loads", "row level security", "query plans", "time zones in timestamps"], &["orders table", "primary key", "join", "trigger", "stored procedure", "backup", "foreign key", "cursor"]),
    field("web development", &["lazy loaded images", "form validation", "cookie consent", "server side rendering", "websocket reconnects", "dark mode", "cache headers", "drag and drop lists", "infinite scrolling", "screen reader labels", "bundle size", "OAuth redirects", "rate limits", "service workers", "date pickers"], &["login page", "checkout form", "sidebar", "navigation menu", "component", "stylesheet", "route handler", "modal dialog"]),
    field("data analysis", &["customer churn", "missing survey answers", "seasonal sales", "funnel drop-off", "outlier removal", "cohort retention", "price elasticity", "sample weighting", "A/B tests", "forecast errors", "geocoding addresses", "duplicate contacts", "warehouse stock levels", "ticket backlogs", "sensor drift"], &["dashboard", "pivot table", "scatter plot", "data frame", "histogram", "notebook", "regression", "spreadsheet"]),
    field("personal finance", &["an emergency fund", "index funds", "mortgage overpayment", "freelance taxes", "pension transfers", "student loans", "rental income", "currency exchange fees", "household budgets", "credit scores", "car leasing", "childcare costs", "inheritance tax", "insurance excess", "side income"], &["savings account", "budget sheet", "brokerage", "direct debit", "tax return", "invoice", "loan offer", "pay slip"]),
    field("law", &["tenancy deposits", "non-compete clauses", "trade marks", "late delivery penalties", "data subject requests", "parental leave", "warranty claims", "partnership agreements", "noise complaints", "expense policies", "licence fees", "power of attorney", "probation periods", "unfair dismissal", "service levels"], &["contract", "notice letter", "clause", "settlement", "witness statement", "lease", "appeal", "privacy notice"]),
    field("medicine", &["migraine triggers", "type 2 diabetes", "sleep apnoea", "vaccination schedules", "iron deficiency", "physiotherapy after surgery", "blood pressure readings", "hay fever", "antibiotic resistance", "thyroid tests", "plantar fasciitis", "asthma inhalers", "coeliac disease", "night cramps", "hearing loss"], &["prescription", "blood test", "care plan", "referral", "dosage table", "symptom diary", "clinic visit", "leaflet"]),
    field("teaching", &["fractions for ten year olds", "essay feedback", "classroom noise", "reading groups", "lab safety", "mixed ability classes", "exam revision", "homework load", "group projects", "parents' evenings", "spelling tests", "project based learning", "dyslexia support", "field trips", "peer marking"], &["lesson plan", "worksheet", "quiz", "seating plan", "marking scheme", "slide deck", "reading list", "flash card"]),
    field("marketing", &["newsletter open rates", "a spring sale", "customer referrals", "podcast sponsorship", "product naming", "landing page tests", "trade fair leads", "local search", "loyalty points", "brand voice", "press coverage", "influencer briefs", "abandoned carts", "seasonal bundles", "review requests"], &["campaign brief", "tagline", "banner", "press release", "mailing list", "case study", "social post", "brochure"]),
    field("travel", &["night trains", "visa paperwork", "hiking with toddlers", "travel adapters", "island ferries", "jet lag", "vegetarian street food", "off-season beaches", "rail passes", "camper vans", "city bike tours", "layovers", "mountain huts", "packing light", "travel insurance"], &["itinerary", "guesthouse", "boarding pass", "day trip", "rucksack", "phrase book", "rental car", "hostel"]),
    field("history", &["medieval guilds", "the spice trade", "canal building", "early printing", "plague villages", "coastal fortresses", "silk weaving", "the first railways", "colonial archives", "famine relief", "whaling towns", "land reform", "city walls", "women in workshops", "old border treaties"], &["chronicle", "map", "parish register", "treaty", "timeline", "letter", "museum label", "archive box"]),
    field("physics", &["angular momentum", "heat pumps", "standing waves", "orbital transfer", "friction on inclines", "capacitor discharge", "thin film interference", "buoyancy", "the photoelectric effect", "fluid viscosity", "radioactive dating", "Doppler shifts", "lever arms", "phase changes", "magnetic braking"], &["pendulum", "lens", "circuit", "spring", "pulley", "prism", "oscilloscope", "vacuum chamber"]),
    field("writing", &["unreliable narrators", "opening lines", "pacing a thriller", "dialogue tags", "haiku", "wedding speeches", "cover letters", "plot twists", "world building", "villains with motives", "flashbacks", "point of view", "short story endings", "book blurbs", "memoir structure"], &["chapter", "scene", "character sketch", "stanza", "outline", "draft", "synopsis", "title"]),
    field("operations", &["on-call rotas", "log retention", "certificate renewal", "disk pressure", "canary releases", "incident reviews", "container restarts", "backup drills", "alert fatigue", "DNS failover", "secrets rotation", "capacity plans", "slow deployments", "memory leaks", "queue backlogs"], &["runbook", "cluster", "load balancer", "pipeline", "config file", "dashboard alert", "cron entry", "rollback"]),
    field("crafts", &["steeking a cardigan", "loom warping", "glaze recipes", "dovetail joints", "bookbinding", "leather dyeing", "soap curing", "screen printing", "quilt borders", "wood finishing", "candle tunnelling", "crochet tension", "jewellery soldering", "paper marbling", "basket weaving"], &["pattern", "chisel", "kiln", "needle", "workbench", "template", "varnish", "skein"]),
    field("logistics", &["customs codes", "pallet stacking", "cold chain gaps", "returns handling", "route planning", "container demurrage", "stock counts", "supplier audits", "hazard labels", "last mile delivery", "dock scheduling", "freight quotes", "packaging waste", "lead times", "cross docking"], &["waybill", "forklift", "purchase order", "manifest", "warehouse bay", "tracking number", "crate", "delivery note"]),
    field("sports", &["marathon tapering", "climbing grip strength", "swim drills", "youth football training", "cycling cadence", "knee pain in runners", "table tennis serves", "rowing splits", "badminton footwork", "strength plateaus", "trail shoes", "recovery weeks", "ski touring", "yoga for desk workers", "chess openings"], &["training plan", "heart rate monitor", "warm-up", "kettlebell", "race number", "stopwatch", "racket", "mat"]),
    field("biology", &["mitochondria", "pollinator decline", "enzyme kinetics", "seagrass meadows", "gene expression", "bird migration", "plant hormones", "soil fungi", "immune memory", "bat echolocation", "predator cycles", "coral bleaching", "lichen growth", "protein folding", "tide pools"], &["petri dish", "microscope slide", "field notebook", "transect", "sample", "culture", "specimen", "food web"]),
    field("software", &["retry storms", "null checks", "race conditions", "unit tests for dates", "feature flags", "recursive parsers", "dependency upgrades", "binary search bugs", "string encodings", "plugin systems", "memory allocation", "event sourcing", "command line flags", "floating point sums", "code reviews"], &["function", "class", "script", "regular expression", "iterator", "parser", "test suite", "linked list"]),
];

#[rustfmt::skip]
pub(crate) const GIVEN_NAMES: &[&str] = &["Anouk", "Bashir", "Celeste", "Dmitri", "Esme", "Farid", "Greta", "Hamza", "Ines", "Joaquim", "Kaya", "Leif", "Maren", "Nilufar", "Oskar", "Priya", "Quentin", "Rosa", "Stellan", "Tamsin", "Ulla", "Viktor", "Wanjiru", "Ximena", "Yusuf", "Zofia", "Ebele", "Hoshi", "Isolde", "Tomasz"];

#[rustfmt::skip]
pub(crate) const FIRST_SYLLABLES: &[&str] = &["bra", "cor", "del", "fen", "gal", "hol", "jun", "kes", "lum", "mor", "nav", "ost", "pel", "quo", "rin", "sol", "tav", "ur", "vel", "wex", "yar", "zan", "thi", "bel", "cru", "dor", "eri", "fal"];

#[rustfmt::skip]
pub(crate) const LAST_SYLLABLES: &[&str] = &["ano", "bex", "cade", "din", "era", "fold", "gate", "hurst", "ith", "kin", "lane", "mere", "nor", "oma", "pine", "quest", "rook", "side", "tern", "ula", "vane", "wick", "xis", "yard", "zen"];

/// Words that may stand for each other, by which a ring rewords its template.
#[rustfmt::skip]
pub(crate) const SYNONYMS: &[&[&str]] = &[
    &["answer", "response", "reply"], &["question", "problem", "task", "query"], &["write", "produce", "compose"],
    &["explain", "describe", "lay out"], &["complete", "full", "entire"], &["careful", "thorough", "diligent"],
    &["must", "should", "has to"], &["every", "each"], &["give", "provide", "supply"], &["below", "underneath"],
    &["only", "solely", "just"], &["final", "concluding", "last"], &["show", "present", "display"],
    &["step", "stage"], &["reasoning", "thinking", "deliberation"], &["check", "verify", "confirm"],
    &["clear", "plain", "lucid"], &["use", "employ", "apply"], &["before", "prior to"], &["then", "next", "after that"],
    &["quality", "standard"], &["score", "mark", "rating"], &["reader", "user", "person"], &["detail", "depth"],
    &["mistake", "error", "slip"], &["solution", "result"], &["finish", "end", "close"], &["begin", "start", "open"],
    &["short", "brief"], &["several", "multiple", "various"], &["correct", "right", "accurate"], &["text", "passage"],
    &["avoid", "refrain from", "leave out"], &["consider", "weigh", "think over"], &["keep", "retain"],
];
