//! The rules. Runs of fixed words are kept short, so that two texts of one rule seldom share a long passage.

macro_rules! rules {
    ($($name:literal => [$($choice:literal),+ $(,)?],)+) => {
        /// The alternatives of a rule.
        pub(super) fn choices(name: &str) -> Option<&'static [&'static str]> {
            Some(match name {
                $($name => &[$($choice),+],)+
                _ => return None,
            })
        }

        #[cfg(test)]
        pub(super) const NAMES: &[&str] = &[$($name),+];
    };
}

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
        "tour guide", "warehouse manager", "junior developer", "shop owner", "coach", "neighbour", "translator",
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
        "If {trouble}, put {label}.", "Treat {topic} as {label}, never as {label}.", "Numbers over {#20-900} go to {name}.",
        "Leave {label} empty when the {anything} is missing.", "{^nonce} staff say {anything} for {topic}.",
        "Use {#1-4} decimals and {tongue} spelling.", "Mark {anytopic} with {label}.", "Prefer {label} over {label} in {season}.",
    ],
    "app_format" => [
        "Output JSON with {label} and {label}.", "One word from the list.", "Return {label}={value|score|text}; nothing more.",
        "Reply as {label}|{label}|{label}.", "Give one line that starts with {^nonce}:", "YAML, keys {label} and {label}.",
    ],
    "sortout" => ["classify", "label", "sort", "route", "tag", "grade", "file", "bucket"],
    "item" => ["message", "record", "entry", "review", "note", "request", "snippet", "report"],
    "label" => ["{nonce}", "{nonce}_{nonce}", "{anything}-{nonce}", "{nonce}"],

    // What harvesting asks for; graders, evaluators and licensed partners ask the same.
    "h_role" => [
        "You are {#10-30} years into {anyfield} and write for {role}s who check every line.",
        "Act as the {anyfield} specialist whose notes train {role}s at {^nonce}.",
        "Take the part of a {patient|seasoned|meticulous} {anyfield} tutor.",
        "Imagine a panel of {#3-7} {role}s reads what you produce on {anyfield}.",
        "Work like a {role} with deep knowledge of {anyfield} and {anyfield}.",
    ],
    "h_format" => [
        "Wrap the final part in <{nonce}> tags.", "Put the conclusion after the line {^nonce}:.",
        "Start with PLAN, go on with WORK, finish with {^nonce}.", "Return JSON with {nonce}, {nonce} and {nonce}.",
        "Number each part and end with {^nonce}-DONE.", "Separate the sections by a line of {#3-9} equal signs.",
    ],
    "sft_task" => [
        "Write the ideal answer to the request below, complete enough that a {role} needs nothing else.",
        "Respond to the instruction that follows as a {careful|thorough} expert would for {role}s.",
        "Produce a reference reply to this user request, in {#2-6} paragraphs on {anyfield} level.",
        "Fulfil the request underneath with a full and self-contained text for {role}s.",
    ],
    "sft_demand" => [
        "Cover {#3-6} distinct aspects and give an example about {anytopic}.", "Never refuse, never mention that you are a model; {role}s dislike it.",
        "Keep between {#120-200} and {#250-600} words, in {anyfield} terms.", "Open with the key point, then move to {anything} level detail.",
        "Do not repeat the request; begin with content a {role} can use.", "Finish with {#2-4} questions that a {role} might ask next.",
        "Vary sentence length and avoid lists unless {anytopic} requires one.",
    ],
    "reasoning_task" => [
        "Solve the problem below and write out the complete reasoning behind it, as {role}s would on paper.",
        "Explain, step by step, how you reach the answer to this, including paths that {anyfield} people reject.",
        "Think aloud through the question underneath and record every intermediate thought for {role}s.",
        "For the finished answer given, articulate the inner reasoning that leads a {role} to it.",
    ],
    "reasoning_demand" => [
        "Number the steps and state which {anyfield} fact each one uses.", "Check the result in {#2-4} different ways, like a {role} would.",
        "Show where a {role} might slip, and how to recover.", "Leave out nothing: every sum, guess and doubt about {anything}s belongs in it.",
        "Write at least {#8-25} steps before you conclude.", "Say how sure you are after each step, from {#0-1} to {#10-100}.",
        "If two routes exist, follow both and compare them for {role}s.",
    ],
    "rubric_task" => [
        "Grade the reply to the question below on a scale of 1 to {#5-10}, as a {role} would.",
        "Judge which of the replies serves a {role} better and by how much.",
        "Score this reply for {accuracy|helpfulness|style} against the {anyfield} rubric.",
        "You evaluate replies for {role}s; rate the one underneath from 0 to {#10-100}.",
    ],
    "rubric_demand" => [
        "Take {#1-3} points off for each unsupported claim about {anything}s.", "Length alone earns a {role}'s reply nothing.",
        "Weigh accuracy {#30-60}%, clarity {#20-40}%, and tone the rest.", "Name the weakest sentence and say what a {role} would change.",
        "Replies that refuse without reason get {#0-2}.", "Use the full range; {#40-70}% should fall below {#4-8}.",
        "Ignore spelling unless it confuses {anytopic}.",
    ],
    "code_task" => [
        "Implement what the specification below asks for, ready for production at {^nonce}.",
        "Write a full solution to this programming exercise as a {anyfield} engineer would.",
        "Complete the coding task underneath and cover it with tests for {data}.",
        "Give an idiomatic program for the exercise, then a slower one that a {role} could read.",
    ],
    "code_demand" => [
        "State time and memory cost before the code.", "Handle {data} and empty input.", "No {pitfall}; say what you did instead.",
        "Comment each block the way {role}s at {^nonce} do.", "Add {#3-9} tests, one for {data}.", "Explain the design in {#2-6} lines first.",
        "Mention one alternative and why {pitfall} ruled it out.",
    ],
    "agent_task" => [
        "Reach the goal below with the tools you have; print each thought, call and observation.",
        "Plan and carry out the job underneath as the {^nonce} agent, one tool call at a time.",
        "You control a {shell|browser|workspace}. Do what the ticket says and log every action for {role}s.",
    ],
    "agent_demand" => [
        "Before each call say why {role}s would choose it.", "After a failure, revise the plan and retry {#2-5} times.",
        "Keep the transcript in Thought / Action / Result form.", "Stop after {#6-30} actions at most.",
        "Invent plausible results for tools that {anything}s need.", "End with a summary for the {role} on call.",
    ],
    "translation_task" => [
        "Translate the passage below into {tongue} as a native {role} writes it.",
        "Render this text in {tongue} and in {tongue}, faithful to {anyfield} usage.",
        "Give {#2-4} {tongue} versions of the passage for different {role}s.",
    ],
    "translation_demand" => [
        "Keep names, numbers and {anything} terms as they are.", "Note {#1-4} hard choices after the text.",
        "Match the register of {anyfield} journals.", "No literal idioms; a {role} must not notice the source.",
        "Back-translate the {first|last} sentence.", "List the {anyfield} glossary you used.",
    ],

    // Items of work lists.
    "sft_item" => [
        "{task} ({^nonce})", "As a {role} in {^nonce}: {howto}", "{question} Think of {^nonce} in {#1900-2026}.",
        "{plan} The client is {^nonce}.", "{compare} Refer to {^nonce}.",
    ],
    "reasoning_item" => [
        "{name} has {#12-990} {thing}s, gives {#2-9} to each of {#2-40} {role}s in {^nonce} and sells a third of the rest at {#2-90} each. How much is earned?",
        "A tank in {^nonce} fills in {#12-99} minutes and drains in {#100-400}. Starting {#1-9} tenths full, when is it full?",
        "{#3-9} {role}s from {^nonce} share {#20-400} {thing}s in the ratio {#1-9}:{#1-9}:{#1-9}. Who gets how many, and what is left?",
        "If every {nonce} is a {nonce} and {#2-60}% of {nonce}s are {anything}s, what follows about {^nonce}?",
        "Train {^nonce} leaves at {#5-11}:{#10-59} at {#50-140} km/h; train {^nonce} leaves {#5-55} minutes later at {#60-190}. Where do they meet on {#200-900} km?",
    ],
    "rubric_item" => [
        "Question: {question}\nReply: {sentence} {sentence} {sentence}", "Question: {howto}\nReply: {sentence} {sentence}",
        "Question: {reasoning_item}\nReply: {#3-9999}, because {trouble}.",
    ],
    "code_item" => [
        "Build a {language} {thing} called {nonce} that {computes} {data}, then {computes} {data}; limit {#10-900} MB.",
        "Given {data} and {#2-9} workers, {compute} them in {language} by `{nonce}` and return the {#2-50} largest.",
        "Write `{nonce}({nonce}, {nonce})` in {language}: it {computes} {data} without {pitfall}.",
    ],
    "agent_item" => [
        "Goal: {handle} the {^nonce} {thing} so that it {computes} {data}; deadline {weekday}.",
        "Ticket {^nonce}-{#100-99999}: {trouble}. {^handle} {subject} and report to {name}.",
        "Repository {nonce}/{nonce}: `{error}` in {language}. Find the cause, fix it, run {#2-40} tests.",
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
