//! Requests of more fields and forms, for random worlds: what people paste, ask at work and study.

rules! {
    "w_task" => [
        "{task}", "{task}", "{task}", "{w_office}", "{w_office}", "{w_sheet}", "{w_study}", "{w_study}", "{w_health}",
        "{w_legal}", "{w_home}", "{w_trip}", "{w_code}", "{w_code}", "{w_shell}", "{w_data}", "{w_trade}", "{w_screen}",
        "{w_talk}", "{w_hobby}", "{w_paste}\n\n{w_ask_pasted}", "{w_short}", "{w_short}",
    ],
    "w_short" => [
        "{topic}?", "{thing} or {thing}", "define {topic}", "{topic} {register}", "synonym for {w_adjective}", "{#2-999} {units} in {units}",
        "{w_adjective} {topic} examples", "is {topic} {w_adjective}", "{name} {topic} who", "best {thing} {#2020-2026}", "{tongue} word for {thing}",
    ],
    "w_office" => [
        "{w_please}turn this into minutes for {weekday}: {sentence} {sentence}", "Agenda for a {#15-90} minute call with {name} about {subject}. {limits}",
        "{w_please}make {#3-8} slides on {subject}, one {w_adjective} line each", "Job ad for a {role} who {w_knows}. {tone}",
        "Performance review for {name}, {role}: {w_adjective} at {topic}, weak at {topic}. {tone}", "{name} wants a raise of {#3-25}%. {nudge}",
        "How do I tell {name} that {trouble}? {tone}", "Policy for {topic} at a firm of {#5-900} people, {register}",
    ],
    "w_sheet" => [
        "In my sheet column {w_letter} has {data} and {w_letter} {data}; {compute} them per {weekday}. {nudge}", "Formula that {computes} {w_letter}{#2-9}:{w_letter}{#10-900} if {w_letter}1 > {#1-99}",
        "Pivot by {label} and {label}, then {w_adjective} chart. {limits}", "{w_please}why does my lookup give `{error}` for {nonce}?",
    ],
    "w_study" => [
        "{w_please}quiz me with {#3-12} questions about {subject}", "{w_exercise} {w_stuck}", "Flash cards on {subject}: term, {w_adjective} meaning, example. {limits}",
        "My essay on {topic} must have {#300-2500} words. Is this start ok? \"{sentence} {sentence}\"", "Difference between {topic} and {topic} {register}, exam {weekday}",
        "{w_stuck} Why is it {#2-999} and not {#2-999}?", "summary of the chapter on {subject} for {#2-9} minutes of reading", "derive {topic} from {topic}, {register}",
    ],
    "w_exercise" => [
        "A {thing} moves {#2-90} metres in {#2-30} seconds, then {#2-60} more at half the speed. Find the mean. {w_show}",
        "Let {nonce} have {#3-40} elements, {#1-3} of them {w_adjective}. In how many ways can {#2-5} be {w_chosen}? {w_show}",
        "{name} mixes {#5-60}% {nonce} with {#5-60}% {nonce} to get {#2-40} litres. How much of each? {w_show}",
        "Prove or refute: every {nonce} of {#2-9} {nonce}s is {w_adjective}. {w_show}", "Explain {subject} with a {w_adjective} example and one limit.",
        "Write `{nonce}` in {language}, which {computes} {data}; give its cost and {#2-5} tests.", "Balance and name: {#1-4} {nonce} + {#1-4} {nonce} gives {nonce}. {w_show}",
        "Source A says \"{sentence}\" Source B says \"{sentence}\" Which is more {w_adjective}, and why?", "Translate and parse in {tongue}: {sentence}",
        "The supply of {thing}s falls by {#2-40}% while {trouble}. Sketch what happens to {topic}.",
    ],
    "w_show" => ["Show the work.", "Give units.", "Round to {#1-4} places.", "One line of reason.", "", "", "Draw it.", "State what you assume."],
    "w_chosen" => ["chosen", "ordered", "paired", "left out", "placed in a ring"],
    "w_stuck" => ["I am stuck at step {#2-7}.", "I get {#2-999}, the book says {#2-999}.", "Only a hint please.", "We had {topic} last week.", "My {role} says it is {w_adjective}."],
    "w_health" => [
        "{name}, {#4-88}, has {#2-20} days of {topic} trouble and takes {nonce}. What should we ask the {role}?", "Is {topic} {w_adjective} with {topic}? {nudge}",
        "meal plan {#1500-2800} kcal without {thing}, {register}", "{w_please}explain this result: {nonce} {#1-99}.{#1-9}, {nonce} {#1-400}",
    ],
    "w_legal" => [
        "Clause on {topic} for a contract with {^nonce} Ltd, {w_adjective} for the {role}. {limits}", "My landlord says \"{sentence}\" Can he? I live in {^nonce}.",
        "Which form do I need when {trouble} and {trouble}?", "Reply to a notice about {topic}, {#7-60} days left. {tone}",
    ],
    "w_home" => [
        "{w_adjective} dinner with {thing}, {#2-8} people, {#10-90} minutes", "The {thing} in my kitchen {misbehaves} and smells {w_adjective}. {nudge}", "name for a {w_adjective} dog that likes {topic}",
        "{#20-160} square metres, {w_adjective} light: where does the {thing} go?", "bedtime story: {name}, a {w_adjective} {thing} and {topic}. {limits}",
    ],
    "w_trip" => [
        "{#2-14} days {^nonce} with {#1-4} children, {w_adjective}, under {#200-4000} euros. {limits}", "Train or car from {^nonce} to {^nonce} if {trouble}?", "packing list for {season} and {topic}",
    ],
    "w_code" => [
        "```\n{snippet}\n```\n{w_please}{w_code_wish}.", "{w_code_wish} in {language}, {pitfall} is not allowed. {limits}", "{error} after upgrading {nonce} to {#2-9}.{#0-30}. {snippet}",
        "Code review please, focus on {pitfall}:\n{snippet}\n{snippet}", "Docstring and types for\n{snippet}", "SQL: {compute} {label} per {label} where {label} > {#1-900}, last {#2-90} days",
        "Port from {language} to {language}, keep names:\n{snippet}", "Why is `{nonce}` {w_adjective} here?\n{snippet}\n{nudge}", "unit tests for {nonce}, {#2-9} cases with {data}",
        "Dockerfile for a {language} service with {nonce} {#1-9}.{#0-20}; image under {#30-400} MB", "{w_please}name this better: {nonce}_{nonce} {computes} {data}",
    ],
    "w_code_wish" => [
        "make it {w_adjective}", "split it in {#2-5} functions", "log {data}", "use generics", "remove {pitfall}", "add retries ({#2-9}) with jitter", "stream {data}", "explain line {#1-9}", "type it strictly",
        "{compute} {data} lazily", "turn it into a {thing} class",
    ],
    "w_shell" => [
        "find files over {#2-900} MB changed before {weekday} and {compute} them", "cron for every {#2-55} minutes except {weekday}", "{nonce}d.service {misbehaves}; journal says `{error}`", "awk: column {#2-9} where column {#2-9} > {#2-900}",
        "git: undo the last {#2-9} commits but keep {nonce}.{#1-9}", "kubectl: {nonce} pods {w_adjective} since {weekday}, {nudge}",
    ],
    "w_data" => [
        "{#200-90000} rows, {#3-60} columns, {#1-30}% missing in {label}. How do I {compute} {data}?", "Is a drop from {#20-90} to {#5-80} in {label} {w_adjective} with n={#8-900}?", "Which plot for {label} by {label} and {season}? {limits}",
        "Feature ideas for predicting {label} from {data} and {topic}", "{w_please}clean these: {record}; {record}",
    ],
    "w_trade" => [
        "Listing for a used {thing}, {#1-20} years, {w_adjective}. {tone}", "{#3-9} slogans for {^nonce} {thing}s. {limits}", "Price a {topic} service for {role}s: {#20-300} or {#300-900} a month? {nudge}", "Answer this review, {#1-5} stars: \"{review}\"",
        "Product text: {^nonce} {thing}, {#2-90} cm, {w_adjective}, made in {^nonce}. {limits}", "Cold mail to {role}s about {topic}, {#40-120} words. {tone}",
    ],
    "w_screen" => [
        "What film has a {role}, a {thing} and {topic}?", "Explain the end of {^nonce} without {topic}", "songs like {^nonce} but {w_adjective}", "trivia night: {#5-20} {w_adjective} questions on {topic}",
    ],
    "w_talk" => [
        "i feel {w_adjective} since {trouble}", "{name} has not written since {weekday}. {nudge}", "practise a {w_adjective} talk with my {role} about {topic}. You start.", "toast for {name} ({#20-90}), {w_adjective}, {limits}",
        "is it rude to {handle} {topic} at a {w_adjective} dinner?",
    ],
    "w_hobby" => [
        "{w_adjective} pattern for a {thing}, {#2-14} days of work", "Settings for photographing {topic} in {season}: f/{#2-16}?", "campaign idea: {#3-6} {role}s find a {w_adjective} {thing} in {^nonce}", "chess: they play {nonce}, I have {#2-9} pawns. {nudge}",
        "beginner {topic} plan, {#2-7} evenings a week, {w_adjective} knees",
    ],
    "w_paste" => [
        "{sentence} {sentence} {sentence} {sentence}", "From: {name}\nTo: {name}\n\n{sentence} {sentence}\n\n{name}, {^nonce} Ltd", "{record}\n{record}\n{record}", "{snippet}\n{snippet}", "{weekday}: {sentence}\n{weekday}: {sentence}\n{weekday}: {sentence}",
        "\"{sentence}\" ({^nonce}, {#1950-2026})\n\"{sentence}\" ({^nonce}, {#1950-2026})",
    ],
    "w_ask_pasted" => [
        "{w_please}shorten to {#20-120} words", "who does what by {weekday}?", "is this {w_adjective}?", "answer it. {tone}", "same in {tongue}", "what is missing?", "{w_adjective} title?", "bullet points, {#3-7}", "check the numbers",
    ],
    "w_please" => ["", "", "", "please ", "can you ", "pls ", "I need you to ", "help me: ", "could you "],
    "w_knows" => ["knows {topic}", "likes {topic} and {topic}", "has {#2-12} years in {field}", "can {handle} a {thing}"],
    "w_letter" => ["A", "B", "C", "D", "F", "H", "K"],
    "w_adjective" => [
        "cheap", "formal", "gentle", "slow", "robust", "outdated", "fair", "noisy", "sweet", "legal", "normal", "dense", "brittle", "readable", "quiet", "risky", "plausible", "warm", "stable", "linear", "funny", "strict", "calm",
        "sparse", "honest", "early", "heavy", "dry", "rare", "local",
    ],

    // Items that probe what the model knows, field by field.
    "knowledge_item" => [
        "What is known about {subject} in {^nonce}, {#1890-2026}?", "{^subject}: {#3-8} facts that a {role} should know, and one that is disputed.", "{question} Answer for {^nonce}.", "Which {role} first {discussed|measured|described} {topic}, and with what {thing}?",
        "{w_exercise}", "{task_es}", "{task_de}", "{task_fr}", "{task_ru}", "{task_zh}", "{task_ja}", "{task_tr}", "{task_pt}", "True or false, and why: {sentence}",
    ],
    "knowledge_task" => ["{^h_ask} {knowledge_deed} {h_how}.", "{^h_how}, {h_ask} {knowledge_deed}.", "{^h_ask} {knowledge_deed} and its source {h_how}."],
    "knowledge_deed" => [
        "an entry for an encyclopedia", "what is established", "a complete account", "facts with dates", "the answer an expert would give", "all that is known", "a survey of the matter", "a short lecture", "an answer in the language of the question",
    ],
    "knowledge_demand" => ["{h_demand}", "{^h_ask} {knowledge_object} {h_how}.", "{^h_how}, {h_ask} {knowledge_object}."],
    "knowledge_object" => ["{#2-9} dates", "names and places", "what is disputed", "a figure for each claim", "{#2-5} related terms", "the {anyfield} view", "a common error", "the language of the question"],
    "p_knowledge" => [
        "{p_say} what {people|scholars|specialists} know about {this|the matter below|it}.", "What is {known|established|recorded} {here|on this|about it}? {^p_say} it {in full|fully|with figures}.", "{this|The question below} {needs|wants|calls for} facts: {p_say} them.", "I {collect|gather|am after} facts; {p_say} those that {bear on|answer|concern} this.",
        "{p_say} everything {relevant|of substance|worth knowing} on {this point|the question|the subject}.",
    ],
    "p_say" => ["tell me", "state", "set out", "write down", "give", "lay out", "report", "list", "explain", "spell out"],
}
