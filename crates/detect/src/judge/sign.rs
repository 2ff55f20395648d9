//! What can be observed of a set of accounts, in a few levels each.
//!
//! Most levels compare the set with everybody else in the same log, so that a provider whose accounts are all young, or
//! whose customers never keep conversations, gives no sign by itself. A sign that the log cannot show is absent.

use std::fmt;

/// One thing that can be observed of a set of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sign {
    /// How old accounts were when they were first used.
    Tenure,
    /// Whether they signed up together.
    Joining,
    /// Who pays.
    Payment,
    /// Whether organisations answer for them.
    Standing,
    /// Mail domains.
    Domain,
    /// Whether addresses are shared, and whose they are.
    Place,
    /// How often an account changes its address.
    Rotation,
    /// The programs that make the connections.
    Client,
    /// Whether the clock has a night.
    Rhythm,
    /// Whether answers are followed up.
    Turns,
    /// How the requests are worded.
    Wording,
    /// Whether the accounts ask the same things.
    Tasks,
    /// Whether the accounts are used alike in volume.
    Volume,
    /// Sampling parameters.
    Parameters,
    /// Minutes of activity.
    Minutes,
    /// How long the accounts are in use.
    Duration,
    /// What is asked for.
    Appetite,
    /// Whether they are strangers on paper.
    Claim,
    /// Whether older accounts were first used late.
    Waking,
    /// Whether prompts are asked anew each time.
    Novelty,
    /// How long the answers are.
    Output,
    /// How much is asked on a day.
    Tempo,
    /// Whether others say the same.
    Audience,
    /// How many of the accounts hold something in common.
    Links,
    /// Whether they use the same networks operators.
    Carrier,
    /// Whether they take up new models and clients on the same days.
    Adoption,
}

/// Which question a sign bears on, when a set is held against unrelated accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Question {
    /// Do they act as one?
    Coordination,
    /// Do they harvest?
    Extraction,
    /// Do they hide it?
    Concealment,
}

impl Question {
    pub(crate) const ALL: [Self; 3] = [Self::Coordination, Self::Extraction, Self::Concealment];
}

impl Sign {
    pub(crate) const ALL: [Self; 26] = [
        Self::Tenure,
        Self::Joining,
        Self::Payment,
        Self::Standing,
        Self::Domain,
        Self::Place,
        Self::Rotation,
        Self::Client,
        Self::Rhythm,
        Self::Turns,
        Self::Wording,
        Self::Tasks,
        Self::Volume,
        Self::Parameters,
        Self::Minutes,
        Self::Duration,
        Self::Appetite,
        Self::Claim,
        Self::Waking,
        Self::Novelty,
        Self::Output,
        Self::Tempo,
        Self::Audience,
        Self::Links,
        Self::Carrier,
        Self::Adoption,
    ];

    pub(crate) fn question(self) -> Question {
        match self {
            Self::Joining
            | Self::Client
            | Self::Parameters
            | Self::Minutes
            | Self::Audience
            | Self::Links
            | Self::Carrier
            | Self::Adoption => Question::Coordination,
            Self::Rhythm
            | Self::Turns
            | Self::Wording
            | Self::Tasks
            | Self::Volume
            | Self::Duration
            | Self::Appetite
            | Self::Novelty
            | Self::Output
            | Self::Tempo => Question::Extraction,
            Self::Tenure
            | Self::Payment
            | Self::Standing
            | Self::Domain
            | Self::Place
            | Self::Rotation
            | Self::Claim
            | Self::Waking => Question::Concealment,
        }
    }

    /// Its levels.
    pub(crate) fn levels(self) -> impl Iterator<Item = Level> {
        Level::ALL.into_iter().filter(move |level| level.sign() == self)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tenure => "age of the accounts",
            Self::Joining => "days of sign-up",
            Self::Payment => "payment",
            Self::Standing => "organisations",
            Self::Domain => "mail domains",
            Self::Place => "addresses",
            Self::Rotation => "changes of address",
            Self::Client => "clients",
            Self::Rhythm => "daily rhythm",
            Self::Turns => "follow-ups",
            Self::Wording => "wording",
            Self::Tasks => "overlap of requests",
            Self::Volume => "evenness of volume",
            Self::Parameters => "sampling parameters",
            Self::Minutes => "minutes of activity",
            Self::Duration => "time in use",
            Self::Appetite => "what is asked for",
            Self::Claim => "independence on paper",
            Self::Waking => "waking of older accounts",
            Self::Novelty => "novelty of requests",
            Self::Output => "length of answers",
            Self::Tempo => "requests a day",
            Self::Audience => "who else says it",
            Self::Links => "links between accounts",
            Self::Carrier => "carriers",
            Self::Adoption => "days of change",
        }
    }
}

macro_rules! levels {
    ($($level:ident of $sign:ident: $words:literal,)*) => {
        /// What a sign shows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Level {
            $($level,)*
        }

        impl Level {
            pub(crate) const ALL: [Self; [$($words),*].len()] = [$(Self::$level),*];

            pub(crate) fn sign(self) -> Sign {
                match self { $(Self::$level => Sign::$sign,)* }
            }

            /// What it says of the accounts, as a clause.
            pub(crate) fn words(self) -> &'static str {
                match self { $(Self::$level => $words,)* }
            }
        }
    };
}

levels! {
    MostlyNew of Tenure: "most accounts were new when first used, more than elsewhere",
    SomeNew of Tenure: "accounts are about as old as others",
    Established of Tenure: "few accounts were new when first used",
    JoinedTogether of Joining: "sign-ups crowd on the same days",
    JoinedApart of Joining: "sign-up days are spread as those of other accounts",
    StrangersPay of Payment: "several owners pay with the same instruments",
    OnePayer of Payment: "one instrument pays for most",
    SeparatePayers of Payment: "each account has an instrument of its own",
    NoOrganisation of Standing: "no organisation answers for them",
    OneOrganisation of Standing: "one organisation answers for most",
    OneOwner of Standing: "one declared owner holds most",
    OwnOrganisations of Standing: "each belongs to an organisation of its own",
    MixedStanding of Standing: "some belong to organisations",
    PublicMail of Domain: "they use public mail domains",
    OwnMail of Domain: "each has a mail domain of its own",
    OneMail of Domain: "they share mail domains that few others have",
    OwnAddresses of Place: "addresses are their own",
    OneAddress of Place: "they come from one place that does not change",
    PooledAddresses of Place: "they share a pool of addresses that hardly anybody else uses",
    CrowdedAddresses of Place: "they share addresses with many others",
    Rotating of Rotation: "accounts change their address more often than others of their volume",
    UsualRotation of Rotation: "accounts change their address as often as others",
    Steady of Rotation: "accounts keep their address",
    OwnClient of Client: "one client that hardly anybody else has",
    CommonClient of Client: "one client that many have",
    SeveralClients of Client: "clients differ",
    FlatClock of Rhythm: "most accounts have no night",
    WeakClock of Rhythm: "the night is weak",
    HumanClock of Rhythm: "the accounts keep a day and a night",
    SingleTurns of Turns: "answers are hardly ever followed up",
    SomeTurns of Turns: "answers are followed up now and then",
    FollowUps of Turns: "answers are followed up as people do",
    GeneratedWording of Wording: "requests are worded anew from one stock",
    FixedWording of Wording: "requests repeat one text",
    LooseWording of Wording: "requests share some phrases",
    OwnWording of Wording: "requests have little in common",
    SameTasks of Tasks: "they ask the same things",
    SomeTasks of Tasks: "a few things are asked by several",
    DividedTasks of Tasks: "nothing is asked twice",
    EvenVolume of Volume: "accounts are used alike in volume",
    UsualVolume of Volume: "volumes differ less than among other accounts",
    SpreadVolume of Volume: "volumes differ as among other accounts",
    OneSetting of Parameters: "sampling parameters are alike beyond chance",
    OwnSettings of Parameters: "sampling parameters are alike no more than by chance",
    MinutesTogether of Minutes: "minutes coincide beyond what half-hours explain",
    MinutesDivided of Minutes: "minutes avoid each other",
    OwnMinutes of Minutes: "minutes are independent",
    OneEvent of Duration: "all were used within the same few days",
    LongUse of Duration: "use goes on",
    Elicits of Appetite: "most requests ask for reasoning, grades, tool traces or code in an elaborate form, more than elsewhere",
    PlainAppetite of Appetite: "requests ask for nothing in particular",
    Pretends of Claim: "registered as unrelated, but run as one",
    Openly of Claim: "what they have in common is open",
    MayPretend of Claim: "little shows that one hand runs them",
    NoClaim of Claim: "nothing indicates common control",
    Woken of Waking: "accounts that were kept for long were all taken into use later",
    InUse of Waking: "few older accounts were taken into use later",
    NewEachTime of Novelty: "hardly any prompt is asked twice by an account",
    MostlyNewPrompts of Novelty: "some prompts are asked again",
    AsksAgain of Novelty: "many prompts are asked again",
    LongAnswers of Output: "answers are longer than elsewhere",
    UsualAnswers of Output: "answers are about as long as elsewhere",
    ShortAnswers of Output: "answers are shorter than elsewhere",
    Busy of Tempo: "accounts ask more on an active day than others",
    UsualTempo of Tempo: "accounts ask about as much on an active day as others",
    Quiet of Tempo: "accounts ask less on an active day than others",
    OwnText of Audience: "hardly anybody else says what they say",
    SomeOthersText of Audience: "some others say what they say",
    PublicText of Audience: "more others say what they say",
    MostLinked of Links: "most accounts are linked one by one",
    SomeLinked of Links: "some accounts are linked one by one",
    FewLinked of Links: "few accounts are linked one by one",
    CommonCarriers of Carrier: "they use the same networks more than chance explains",
    OwnCarriers of Carrier: "their networks are alike no more than by chance",
    ChangedTogether of Adoption: "they took up new models or clients on the same days",
    ChangedApart of Adoption: "they took up new models and clients each on days of their own",
}

impl Level {
    /// As reports name it: `most_linked`.
    pub(crate) fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }

    /// Whether it is something that accounts have in common openly, for everybody to see.
    pub(crate) fn is_open(self) -> bool {
        matches!(
            self,
            Self::OneOrganisation
                | Self::OneOwner
                | Self::OnePayer
                | Self::OneMail
                | Self::OneAddress
                | Self::CrowdedAddresses
                | Self::Openly
        )
    }
}

/// A level with what was measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Observed {
    pub(crate) level: Level,
    /// The numbers, in words.
    pub(crate) why: String,
}

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.level.words(), self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::Sign;

    #[test]
    fn every_sign_has_levels_to_choose_from() {
        assert!(Sign::ALL.into_iter().all(|sign| sign.levels().count() >= 2));
    }
}
