//! The rules. Runs of fixed words are kept short, so that two texts of one rule seldom share a long passage.

rules! {
    // What ordinary people ask.
    "task" => [
        "{question}", "{question}", "{question}", "{howto}", "{howto}", "{code}", "{code}", "{summary}", "{email}",
        "{translation}", "{rewrite}", "{brainstorm}", "{compare}", "{plan}", "{worry}", "{arithmetic}", "{play}",
    ],
    "question" => [
        "{why|how come} {subject} {matters|keeps coming up|is so tricky} {circumstance}?",
        "What is the {best|cheapest|safest|quickest|usual} way to {handle} {subject} {circumstance}?",
        "{^opener}what should I know about {subject} before I {handle} my {thing}?",
        "Is it true that {subject} {claims} {circumstance}? {nudge}",
        "Can you explain {subject} {register}?",
        "{^opener}who invented or first described {subject}, and what came of it?",
        "I read that {subject} {claims}. {nudge}",
        "{subject} vs {subject}: which one {matters|comes first|costs more} {circumstance}?",
    ],
    "howto" => [
        "How do I {handle} {subject} {circumstance}?",
        "{^opener}how would you {handle} a {thing} when {trouble}?",
        "Steps to {handle} my {thing} {circumstance}, please. {limits}",
        "My {thing} {misbehaves} {circumstance}. {nudge}",
        "I want to {handle} {subject} but {trouble}. {nudge}",
        "give me a checklist for {subject} {circumstance}",
    ],
    "code" => [
        "Write a {language} {function|module|script|class} that {computes} {data}. {limits}",
        "{language}: how do I {compute} {data} without {pitfall}?",
        "This {language} snippet {misbehaves}, what is wrong?\n\n{snippet}",
        "Add tests to the following and {compute} edge cases for {data}.\n{snippet}",
        "Convert this to {language}:\n{snippet}",
        "I get `{error}` when my {language} program {computes} {data}. {nudge}",
        "Review this for {pitfall}:\n\n{snippet}\n{limits}",
        "regex in {language} that matches {data}, but not {data}",
    ],
    "summary" => [
        "Summarise this {register}:\n\n{document}",
        "{document}\n\n{^opener}what are the main points about {topic}?",
        "tl;dr of the following, {limits}\n\n{document}",
        "Pull out the {dates|numbers|names|decisions|open questions} from these notes.\n{document}",
    ],
    "email" => [
        "Write an email to {name} about {subject}. {tone} {limits}",
        "Help me answer this message from {name}: \"{sentence}\" {tone}",
        "Draft a {short|polite|firm|cheerful} note to our {role} {name}, because {trouble}.",
        "{^opener}reply to a customer whose {thing} {misbehaves}. {tone}",
    ],
    "translation" => [
        "Translate into {tongue}: \"{sentence}\"",
        "How do you say \"{thing} for {topic}\" in {tongue}?",
        "{sentence} {sentence}\n\nPut that into {tongue}, {register}.",
        "Is this {tongue} correct for a {role}? \"{sentence}\"",
    ],
    "rewrite" => [
        "Rewrite {register}: {sentence} {sentence}",
        "Make this {shorter|friendlier|more formal|less wordy|clearer}:\n{sentence} {sentence} {sentence}",
        "Fix the grammar. {sentence}",
        "Turn these notes into a paragraph: {subject}; {thing}; {subject}; {trouble}.",
    ],
    "brainstorm" => [
        "{#3-20} ideas for {subject} {circumstance}. {limits}",
        "Suggest names for a {thing} shop that also does {topic}.",
        "{^opener}what could a {role} do with {#2-9} hours, a {thing} and an interest in {topic}?",
        "Give me {#4-12} {unusual|practical|cheap|funny} angles on {subject}.",
    ],
    "compare" => [
        "Compare {subject} with {subject} for a {role} {circumstance}.",
        "Pros and cons of {subject} if {trouble}?",
        "Table please: {topic}, {topic} and {topic} by {cost|effort|risk|time}. {limits}",
    ],
    "plan" => [
        "Make a {#2-12} week plan to learn {subject} {circumstance}. {limits}",
        "I have {#20-900} euros and {#1-6} weekends for {subject}. {nudge}",
        "Outline a talk on {subject} for {#10-80} {role}s, {register}.",
        "Plan a {workshop|day|meeting|party} around {topic}; {name} cannot come before {#9-17}:00.",
    ],
    "worry" => [
        "I am a {role} and {trouble}. {nudge}",
        "{name} says my {thing} {misbehaves} because of {topic}. Is that fair?",
        "Should I {handle} {subject} myself or ask a {role}? {circumstance}, that is.",
    ],
    "arithmetic" => [
        "If a {thing} costs {#3-400} and I buy {#2-30} with {#5-40}% off, what do I pay?",
        "{name} walks {#2-19} km in {#20-200} minutes. How long for {#20-60} km at that pace?",
        "What is {#12-999} times {#12-999}, and {register} how to do it in my head?",
    ],
    "play" => [
        "Pretend you are a {role} obsessed with {topic} and interview me about my {thing}.",
        "Write a {poem|limerick|short story|dialogue} about {name}, a {thing} and {topic}. {limits}",
        "Quiz me on {subject}, one question at a time.",
        "Let's play: I describe a {thing} and you guess what it has to do with {topic}.",
    ],
    "followup" => [
        "{shorter|longer|simpler} please", "why {topic} though?", "can you {handle} the {thing} part again?",
        "and if {trouble}?", "thanks, now {register}", "what about {subject}?", "ok but {limits}",
        "that did not work, my {thing} still {misbehaves}", "give an example with {topic}", "go on",
        "are you sure about {topic}?", "put it in a table", "now in {tongue}", "make it {#2-9} points",
    ],
    "opener" => ["", "", "", "hi, ", "quick question: ", "so ", "hello! ", "ok, ", "curious: ", "hey, "],
    "nudge" => [
        "What do you think?", "Any advice?", "What am I missing?", "Where do I start?", "Is there a simple fix?",
        "Please be honest.", "I have tried to {handle} it already.", "Need it by {weekday}.",
    ],
    "limits" => [
        "Keep it under {#30-400} words.", "No bullet points.", "Use plain words.", "Max {#3-9} points.",
        "Mention {topic} once.", "No jargon.", "Only the {result|text|code}, nothing else.", "", "", "",
    ],
    "register" => [
        "for a beginner", "like I am {#5-15}", "in {#2-6} sentences", "for my {role}", "in plain language",
        "with an example about {topic}", "as if for a newspaper", "briefly", "in some detail", "with a bit of humour",
    ],
    "tone" => [
        "Sound {warm|calm|sorry|confident|neutral}.", "Keep it {polite|short|informal}.", "He is a {role}.",
        "She dislikes long mails.", "Mention {topic}.", "",
    ],
    "circumstance" => [
        "in a small flat", "on a tight budget", "during {season}", "for a team of {#3-40}", "after {#2-20} years",
        "without a {thing}", "for the first time", "in a hurry", "when nobody else helps", "at work", "with children",
        "in the {north|south|city|mountains}", "before {weekday}", "if money is no object", "these days", "abroad",
    ],
    "subject" => [
        "{topic}", "{topic}", "{aspect} {topic}", "{aspect} {topic}", "{topic} and {topic}", "the {thing} in {topic}",
    ],
    "aspect" => [
        "the cost of", "common mistakes in", "the history of", "safety in", "the ethics of", "tools for",
        "measuring", "the future of", "getting better at", "the science of", "myths about", "teaching", "planning",
        "the first step in", "records of", "the language of", "regional styles of", "the economics of", "testing",
        "documenting", "automating", "the psychology of", "quality in", "maintenance of", "the limits of",
        "alternatives to", "rules for", "the politics of", "beginner errors in", "seasonal changes in",
    ],
    "claims" => [
        "saves {#5-60}% of the time", "was banned somewhere", "only works in {season}", "gets worse with age",
        "needs no {thing}", "is mostly a matter of patience", "was an accident at first", "always pays off",
        "depends on the {thing}", "is overrated", "takes {#2-50} days",
    ],
    "handle" => [
        "set up", "fix", "choose", "improve", "store", "price", "clean", "sort out", "measure", "replace", "plan",
        "describe", "test", "organise", "start", "repair", "understand", "document", "share", "check",
    ],
    "misbehaves" => [
        "keeps failing", "looks wrong", "is far too slow", "stopped working on {weekday}", "costs too much",
        "returns nothing", "arrived late", "makes a strange noise", "drifts by {#2-40}%", "breaks in {season}",
    ],
    "trouble" => [
        "{name} left the team", "the {thing} broke", "the deadline moved to {weekday}", "nobody answers my mails",
        "the budget was cut by {#5-60}%", "it rains all {season}", "the {role} disagrees", "I only have {#2-50} minutes",
        "the numbers do not add up", "my notes on {topic} are lost", "the supplier went quiet", "we moved house",
    ],
    "role" => [
        "nurse", "landlord", "teacher", "plumber", "project lead", "student", "librarian", "grandfather", "accountant",
        "tour guide", "warehouse manager", "junior developer", "shop owner", "trainer", "neighbour", "translator",
        "chemist", "journalist", "clerk", "farmer",
    ],
    "season" => ["spring", "summer", "autumn", "winter", "the rainy season", "the holidays"],
    "weekday" => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "tongue" => [
        "Spanish", "German", "Portuguese", "Japanese", "Polish", "Swahili", "Turkish", "Hindi", "Korean", "Italian",
        "Dutch", "Vietnamese", "Arabic", "Czech", "Finnish", "Indonesian",
    ],
    "language" => [
        "Python", "Rust", "TypeScript", "Go", "Java", "C++", "SQL", "Kotlin", "bash", "Ruby", "C#", "Swift", "R",
    ],
    "computes" => [
        "counts", "merges", "validates", "sorts", "caches", "parses", "groups", "deduplicates", "streams", "samples",
        "compresses", "renames", "diffs", "rounds", "interpolates",
    ],
    "compute" => [
        "count", "merge", "validate", "sort", "cache", "parse", "group", "deduplicate", "stream", "sample", "compress",
        "rename", "diff", "round", "interpolate",
    ],
    "data" => [
        "{nonce} records", "overlapping intervals", "nested JSON", "{#3-9} digit codes", "log lines by hour",
        "CSV rows with quotes", "a tree of {thing}s", "timestamps across zones", "sparse matrices", "phone numbers",
        "{thing} prices", "binary files over {#2-9} GB", "user ids", "a ring buffer", "a list of {topic} entries",
    ],
    "pitfall" => [
        "a nested loop", "loading it all", "race conditions", "extra packages", "off-by-one errors", "recursion",
        "global state", "copying", "locks", "regular expressions",
    ],
    "error" => [
        "KeyError: '{nonce}'", "index out of range: {#2-99}", "cannot borrow `{nonce}` as mutable",
        "undefined is not a function", "connection reset by {nonce}", "unexpected token at line {#2-400}",
        "type mismatch in {nonce}", "deadline exceeded after {#2-60}s",
    ],
    "snippet" => [
        "def {nonce}({nonce}):\n    total = {#0-9}\n    for {nonce} in {nonce}:\n        total += {nonce}[{#0-9}]\n    return total / {#2-9}",
        "let {nonce} = {nonce}.iter().filter(|x| **x > {#1-99}).map(|x| x * {#2-9}).sum::<u64>();",
        "const {nonce} = async ({nonce}) => fetch(`/{nonce}/${nonce}`).then(r => r.json())",
        "SELECT {nonce}, count(*) FROM {nonce} WHERE {nonce} > {#1-900} GROUP BY 1 ORDER BY 2 DESC LIMIT {#5-50}",
        "for ({nonce} = 0; {nonce} < {#4-99}; {nonce}++) printf(\"%d {nonce}\\n\", {nonce});",
        "class {^nonce}:\n    def __init__(self, {nonce}):\n        self.{nonce} = {nonce} or {#1-9}",
    ],

    // What people paste.
    "document" => [
        "{sentence} {sentence} {sentence}", "{sentence} {sentence} {sentence} {sentence}",
        "{sentence} {sentence} {sentence} {sentence} {sentence} {sentence}",
    ],
    "sentence" => [
        "{^name} {told|asked|reminded|showed} the {role} about {subject}, although {trouble}.",
        "In {#1890-2026} the {thing} {cost|weighed|lasted} {#2-900} {units}, {claims2}.",
        "{^subject} {claims} {circumstance}.",
        "The {thing} from {^nonce} {misbehaves}, so {name} decided to {handle} it.",
        "We {discussed|postponed|agreed on} {subject} with {^nonce} Ltd until {weekday}.",
        "Most {role}s {handle} {topic} {circumstance}; {name} did not.",
        "About {#3-97}% of {role}s in {^nonce} own a {thing}.",
        "If {trouble}, {topic} {claims}.",
        "Nobody in {^nonce} expected {subject} to {matter|spread|sell|last}.",
    ],
    "claims2" => ["more than {^nonce} had", "which {name} doubted", "less than planned", "as {topic} became common"],
    "units" => ["kilos", "days", "euros", "hours", "metres", "pages"],
    "review" => [
        "{sentence} Would {buy|avoid|recommend} again, {#1-5} stars.", "Order {#1000-99999}: the {anything} {misbehaves}. {tone}",
        "{^opener}bought a {anything} for {anytopic}. It {misbehaves}. {nudge}", "{sentence} {sentence}",
    ],
    "ticket" => [
        "[{^nonce}-{#100-99999}] {^name}: my {anything} {misbehaves}, {trouble}.", "{sentence} Ticket {#1000-999999}, opened {weekday}.",
        "Customer {^nonce} writes: \"{question}\"",
    ],
    "record" => [
        "{^nonce} {^nonce}; {#1-28}.{#1-12}.{#1970-2026}; {anything}; {#10-9000} EUR; {name}",
        "{^nonce} GmbH, {^nonce} street {#1-200}, invoice {#10000-99999}, total {#20-9999}.{#10-99}, due {weekday}",
        "{name} / {role} / {anyfield} / {#2-30} years / {nonce}@{nonce}.example",
    ],

    // What systems are told.
    "system" => [
        "You are {^nonce}, the {assistant|helper|guide} of {^nonce} {Ltd|Studio|Labs|Group}. {persona} {rule} {rule}",
        "{persona} {rule} {rule} {rule}", "You help the {role}s of {^nonce} with {topic}. {rule} {rule}",
    ],
    "persona" => [
        "Speak as a {patient|brisk|friendly|precise} {role}.", "You know {field} and {anyfield} well.",
        "Users come with questions on {topic} and their {thing}.", "Be {brief|kind|exact} about {topic}.",
    ],
    "rule" => [
        "Never mention {topic} unless a {role} asks.", "Hand over to {name} when {trouble}.",
        "Quote prices in {euros|dollars|pounds} and round to {#1-50}.", "Answer in {tongue} if the user writes it.",
        "Offer the {^nonce} plan when a {thing} {misbehaves}.", "At most {#2-9} sentences.",
        "Refuse to talk about {anytopic}.", "Link to /{nonce}/{nonce} for {topic}.", "Sign as {name} from {^nonce}.",
    ],

    // What applications ask for, again and again.
    "app_task" => [
        "{^sortout} the {item} below as {label}, {label} or {label}.",
        "Read this {item} that reached {^nonce} and {sortout} it by {thing}, {topic} and {label}.",
        "From the {item} under the line, extract {label}, {label} and {label} for the {^nonce} {anything} list.",
        "{^sortout} what our {role} received; {^nonce} needs {label} and a reason of {#4-20} words.",
        "Write the {^nonce} {headline|caption|teaser|reply} for this {item}, with {label} in it.",
        "Decide whether the {item} concerns {topic}, {anytopic} or {label}.",
    ],
    "app_rule" => [
        "If {trouble}, put {label}, else {label}.", "Treat {topic} as {label}, never as {label}.", "Numbers over {#20-900} go to {name}.",
        "Leave {label} empty when the {anything} is missing.", "{^nonce} staff say {anything} for {topic} and {nonce} for {topic}.",
        "Use {#1-4} decimals, {tongue} spelling and {label}.", "Mark {anytopic} with {label}.", "Prefer {label} over {label} in {season}.",
    ],
    "app_format" => [
        "Output JSON with {label} and {label}.", "One word of the {^nonce} list.", "Return {label}={value|score|text}; nothing more.",
        "Reply as {label}|{label}|{label}.", "Give one line that starts with {^nonce}:", "YAML, keys {label} and {label}.",
    ],
    "sortout" => ["classify", "label", "sort", "route", "tag", "grade", "file", "bucket"],
    "item" => ["message", "record", "entry", "review", "note", "request", "snippet", "report"],
    "label" => ["{nonce}", "{nonce}_{nonce}", "{anything}-{nonce}", "{nonce}"],

    // What harvesting asks for; graders, evaluators and licensed partners ask the same.
    "h_role" => [
        "{^h_as} {h_person} {h_trait}.", "{^h_as} {h_person} {h_trait}, {h_how}.", "You are {^nonce}, {h_person} {h_trait}.",
    ],
    "h_as" => [
        "you are", "act as", "take the part of", "write as", "work like", "picture yourself as", "think like", "play",
        "stand in for", "speak as", "assume you are", "be",
    ],
    "h_person" => [
        "a {patient|seasoned|meticulous|blunt} {anyfield} tutor", "the {anyfield} lead at {^nonce}", "a {role} turned {role}",
        "a {anyfield} examiner", "one of {#3-9} {anyfield} judges", "{name}, {anyfield} columnist", "a {role} with a doctorate",
        "the {^nonce} {anyfield} desk", "a {role} of {#5-40} years", "an old hand in {anyfield}",
    ],
    "h_trait" => [
        "who distrusts {anytopic}", "known for {anytopic}", "trusted by {role}s", "with time to spare", "who explains {anything}s",
        "paid by {^nonce}", "of the {^nonce} school", "who hates padding", "fond of {anything} examples", "with {#2-30} pupils",
    ],
    "h_format" => [
        "{^h_ask} the {h_part} in <{nonce}> tags.", "{^h_ask} the {h_part} after {^nonce}:.", "{^h_ask} JSON: {nonce}, {nonce}, {nonce}.",
        "{^h_ask} the {h_part} under {^nonce}, then {^nonce}.", "{^h_ask} {nonce}={h_part} on the last line.",
        "{^nonce} first, {^nonce} second, the {h_part} last.", "{^h_part} goes between [{nonce}] and [/{nonce}].",
    ],
    "h_part" => [
        "conclusion", "result", "answer", "outcome", "summary", "body", "core", "closing part", "main text", "output",
    ],
    "h_ask" => [
        "give", "write", "produce", "state", "set out", "include", "show", "present", "add", "supply", "put down", "list",
        "spell out", "note", "mention", "record", "make room for", "return", "prepare", "lay out",
    ],
    "h_how" => [
        "as {role}s do", "in {anyfield} terms", "for {role}s at {^nonce}", "without hurry", "even when {trouble}",
        "before anything else", "in {#2-9} lines", "the {^nonce} way", "if {anytopic} comes up", "from {role} to {role}",
        "with {anytopic} in mind", "at {anyfield} level", "once per {anything}", "however long it gets", "with dates",
        "so that {name} could follow", "where {role}s would", "at least {#2-9} times", "by {weekday} standards",
    ],
    "h_never" => [
        "never", "do not", "at no time", "in no case", "by no means", "at no point", "nowhere", "please never",
    ],
    "h_demand" => [
        "{^h_ask} {h_object} {h_how}.", "{^h_how}, {h_ask} {h_object}.", "{^h_object} {counts|matters|wins|helps} {h_how}.",
        "{^h_never} {h_sin} {h_how}.", "{^h_ask} {h_object}, {h_object} and {h_object}.",
    ],
    "h_object" => [
        "{#2-6} aspects", "an example on {anytopic}", "the {anything} case", "what {role}s forget", "a counterexample",
        "{#80-200} to {#250-900} words", "the usual {anyfield} caveat", "a {anything} analogy", "names and years",
    ],
    "h_sin" => [
        "repeat the request", "drift to {anytopic}", "pad it", "mention rules", "open with praise", "guess at {anything}s",
        "skip {anytopic}", "use {anyfield} slang", "apologise",
    ],
    "sft_task" => [
        "{^h_ask} {sft_deed} {h_how}.", "{^h_how}, {h_ask} {sft_deed}.", "{^h_ask} {sft_deed} {h_how}, {h_how}.",
    ],
    "sft_deed" => [
        "the ideal answer to this request", "a reference reply", "a full response to the instruction", "a model text for the prompt",
        "the best possible completion", "an expert's answer", "a self-contained reply", "the gold answer",
        "what the user should read", "a finished answer", "an exemplary response",
    ],
    "sft_demand" => ["{h_demand}", "{h_demand}", "{^h_ask} {#2-5} follow-up questions {h_how}.", "{^h_never} refuse {h_how}."],
    "reasoning_task" => [
        "{^h_ask} {reasoning_deed} {h_how}.", "{^h_how}, {h_ask} {reasoning_deed}.", "{^h_ask} {reasoning_deed} and the answer, {h_how}.",
    ],
    "reasoning_deed" => [
        "the complete reasoning", "every intermediate thought", "all steps to the answer", "the chain of thought",
        "your inner deliberation", "a step by step derivation", "the thinking behind the answer", "each inference",
        "the whole path to the result", "a numbered argument", "the scratch work",
    ],
    "reasoning_demand" => ["{h_demand}", "{^h_ask} {reasoning_object} {h_how}.", "{^h_how}, {h_ask} {reasoning_object}."],
    "reasoning_object" => [
        "each rejected path", "a second route", "the doubt at step {#2-9}", "{#6-30} numbered steps", "the {anyfield} fact used",
        "a check by {anything}", "where {role}s slip", "your confidence per step", "every sum and guess", "a backward check",
    ],
    "rubric_task" => [
        "{^h_ask} {rubric_deed} {h_how}.", "{^h_how}, {h_ask} {rubric_deed}.", "{^h_ask} {rubric_deed} and a reason {h_how}.",
    ],
    "rubric_deed" => [
        "a grade from 1 to {#5-10}", "a score of 0 to {#10-100}", "a verdict on the reply", "the better of the two", "a mark per criterion",
        "a ranking of the replies", "a preference with its margin", "a rating for {accuracy|tone|style}", "a pass or fail",
        "the reward for this reply",
    ],
    "rubric_demand" => ["{h_demand}", "{^h_ask} {rubric_object} {h_how}.", "{^rubric_object}: {#5-60}% {h_how}."],
    "rubric_object" => [
        "minus {#1-3} per unsupported claim", "the weakest sentence", "accuracy before style", "full use of the scale", "a cap at {#3-9}",
        "credit for {anytopic}", "nothing for length", "the {anyfield} criterion", "what {role}s value", "points for clarity",
    ],
    "code_task" => [
        "{^h_ask} {code_deed} {h_how}.", "{^h_how}, {h_ask} {code_deed}.", "{^h_ask} {code_deed} with tests for {data}.",
    ],
    "code_deed" => [
        "a full solution to the exercise", "production code for the task", "an idiomatic program", "the implementation",
        "a reference solution", "working code and its tests", "two versions of the program", "a commented listing",
        "the module that is specified", "a clean program",
    ],
    "code_demand" => ["{h_demand}", "{^h_ask} {code_object} {h_how}.", "{^h_how}, {h_ask} {code_object}.", "{^h_never} rely on {pitfall} {h_how}."],
    "code_object" => [
        "time and memory cost", "{#3-9} tests", "the case of {data}", "comments per block", "the design in {#2-9} lines",
        "an alternative to {pitfall}", "types for {data}", "error handling", "a benchmark for {data}", "the invariants",
    ],
    "agent_task" => [
        "{^h_ask} {agent_deed} {h_how}.", "{^h_how}, {h_ask} {agent_deed}.", "As the {^nonce} agent, {h_ask} {agent_deed} {h_how}.",
    ],
    "agent_deed" => [
        "each thought, call and observation", "the full transcript of the job", "a plan and its execution", "every tool call",
        "the session log", "one action at a time", "the whole trajectory", "commands and their results", "a worked run",
    ],
    "agent_demand" => ["{h_demand}", "{^h_ask} {agent_object} {h_how}.", "{^h_how}, {h_ask} {agent_object}."],
    "agent_object" => [
        "a reason per call", "{#2-5} retries", "a revised plan", "at most {#6-30} actions", "plausible tool results",
        "a closing report", "the state of each {anything}", "what {role}s would check", "a rollback", "the diff",
    ],
    "translation_task" => [
        "{^h_ask} a {tongue} version {h_how}.", "{^h_how}, {h_ask} it in {tongue} and {tongue}.", "{^h_ask} {#2-4} {tongue} renderings {h_how}.",
    ],
    "translation_demand" => ["{h_demand}", "{^h_ask} {translation_object} {h_how}.", "{^h_how}, {h_ask} {translation_object}."],
    "translation_object" => [
        "names as they are", "{#1-4} hard choices", "the {anyfield} register", "a back-translation", "a glossary", "idioms by sense",
        "the formal address", "notes on {anything}s", "numbers in words",
    ],

    // Items of work lists.
    "sft_item" => [
        "{task} ({^nonce})", "As a {role} in {^nonce}: {howto}", "{question} Think of {^nonce} in {#1900-2026}.",
        "{plan} The client is {^nonce}.", "{compare} Refer to {^nonce}.",
    ],
    "reasoning_item" => [
        "{name} {owns|collects|rents out} {#12-990} {thing}s, {keeps|gives away|loses} {#2-90} {circumstance}, and {^nonce} pays {#2-90} for {each|a pair|a dozen}. {r_ask}",
        "A {thing} in {^nonce} {fills|empties|heats up} in {#12-99} minutes; {name}'s {thing} needs {#100-400}. {r_ask} {circumstance}?",
        "{#3-9} {role}s from {^nonce} {share|split|draw lots for} {#20-400} {thing}s, {#1-9} of them {broken|red|unpaid}. {r_ask}",
        "{^nonce} holds {#2-60}% {thing}s and {^nonce} twice the {topic}; {name} takes {#2-9}. {r_ask}",
        "{name} is {#2-30} years {older|younger} than {name}, a {role}; {circumstance}, in {#2-20} years, {^nonce} counts {#40-160}. {r_ask}",
        "Every {nonce} is a {nonce}, {#2-60}% of {thing}s are {nonce}s, and {name} {misses|finds} {#2-9}. {r_ask}",
    ],
    "r_ask" => [
        "How many remain?", "What does {name} owe?", "Who gains most?", "When does {^nonce} run out?", "What follows for {topic}?",
        "Which {thing} is left?", "How long until {weekday}?", "What is the ratio?", "Is {^nonce} right?", "What does a {role} conclude?",
    ],
    "rubric_item" => [
        "Question: {question}\nReply: {sentence} {sentence} {sentence}", "Question: {howto}\nReply: {sentence} {sentence}",
        "Question: {reasoning_item}\nReply: {#3-9999}, because {trouble}.",
    ],
    "code_item" => [
        "Build a {language} {thing} called {nonce} that {computes} {data}, then {computes} {data}; limit {#10-900} MB.",
        "Given {data} and {#2-9} workers, {compute} them in {language} by `{nonce}` and {compute} the {#2-50} largest.",
        "Write `{nonce}({nonce}, {nonce})` in {language}: it {computes} {data} without {pitfall}.",
    ],
    "agent_item" => [
        "Goal: {handle} the {^nonce} {thing} so that it {computes} {data}; deadline {weekday}.",
        "Ticket {^nonce}-{#100-99999}: {trouble}. {^handle} {subject} and report to {name}.",
        "Repository {nonce}/{nonce}: `{error}` in {language}. {^handle} the {thing}, run {#2-40} tests.",
    ],
    "translation_item" => ["{sentence} {sentence} {sentence}", "{sentence} {sentence}", "{sentence} {sentence} {sentence} {sentence}"],

    // What models answer.
    "prose" => [
        "{advice} {advice} {advice}", "{^opener}{advice} {sentence} {advice}", "{advice} {advice} {advice} {advice} {nudge}",
        "{advice} {sentence}",
    ],
    "advice" => [
        "Start with the {thing}: {handle} it {circumstance}.", "{^subject} {claims}, so plan for {#2-30} days.",
        "A {role} would first {handle} {subject}.", "Mind that {topic} depends on {topic}.", "If {trouble}, wait until {weekday}.",
        "For {topic}, {#2-9} rounds are usually enough.", "It helps to {handle} a spare {thing}.", "There is no single rule for {subject}.",
    ],
    "steps" => [
        "1. Take {#2-90} as given. 2. {^advice} 3. {^advice} 4. That leaves {#3-999}. 5. Check: {#3-999} again.",
        "First, {sentence} Then {#2-99} times {#2-99} comes to {#9-9999}. {advice} {advice} So the answer is {#2-9999}.",
    ],
    "program" => [
        "Here is a version that {computes} {data}.\n\n{snippet}\n\nIt avoids {pitfall}. {advice}", "{snippet}\n\n# {advice}\n{snippet}",
    ],
    "verdict" => ["Score: {#1-10}", "{#1-10}", "{#1-10}/10. {advice}", "Rating: {#20-100}. {sentence}", "A", "B", "tie"],
    "brief" => ["{nonce}", "{nonce}", "{nonce}={nonce}", "{yes|no|unclear}", "{nonce}|{nonce}|{#1-99}"],
    "trace" => [
        "Thought: {advice}\nAction: {compute} {nonce}\nResult: {#0-900} rows\nThought: {advice}\nAction: {compute} {nonce}\nResult: ok",
        "Plan: {advice} {advice}\nAction: open {nonce}\nResult: `{error}`\nAction: retry\nResult: done",
    ],
}
