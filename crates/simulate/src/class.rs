/// A class of benign accounts, most of them a reason why innocent accounts look coordinated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Casual,
    Developer,
    ScriptUser,
    PowerUser,
    NewCredits,
    /// A campus, a carrier's NAT or a VPN.
    SharedEgress,
    /// The same assignment on the same evening, from one campus.
    Classroom,
    /// Two days, one venue, one starter template, free credits.
    Hackathon,
    /// One organisation, one invoice, a few egress addresses and internal applications.
    Enterprise,
    /// Users of one agent client: same system prompt, tools and fingerprint.
    PopularAgent,
    /// Users of a framework's default template.
    Framework,
    PromptPack,
    /// Public benchmark items, verbatim.
    Benchmark,
    /// A published grading rubric.
    JudgeEval,
    /// A private grading rubric.
    Judge,
    Pipeline,
    CronJob,
    SmallApp,
    Aggregator,
    /// Distils openly, with a permit.
    Permitted,
    /// The old account closes and a new one of the same organisation takes over.
    KeyMigration,
    ReleaseRush,
    /// Accounts of one declared owner.
    OwnedGroup,
    /// Subscribers of one mobile carrier behind a few addresses.
    CarrierNat,
    /// Customers of one VPN, from everywhere.
    Vpn,
    /// On the road: hotels, roaming, a conference that many attend.
    Traveller,
    /// One person's account at work and another one at home.
    WorkAndPersonal,
    /// Wants to see reasoning, and asks for it in other words each time.
    ReasoningUser,
    /// Translates documents in batches.
    Translation,
    /// Reviews changes in continuous integration; some loop through the night.
    CiBot,
    /// One company tests its own product with private prompts, every night, from several accounts.
    InternalEval,
    /// Teams of one company with contracts of their own, one in-house template and one schedule.
    SiblingTeams,
    /// An aggregator under contract that spreads its users over several accounts, with ids for them.
    AggregatorPool,
}

pub(crate) struct Traits {
    /// The word in the truth file.
    pub(crate) name: &'static str,
    /// Accounts in the demonstration; none of the classes that came later.
    pub(crate) demo: usize,
    /// Fewest exchanges of an account before scaling; the mean is about twice that.
    pub(crate) volume: usize,
    /// Usual number of accounts that have something in common.
    pub(crate) group: usize,
}

impl Class {
    pub const ALL: &'static [Self] = &[
        Self::Casual,
        Self::Developer,
        Self::ScriptUser,
        Self::PowerUser,
        Self::NewCredits,
        Self::SharedEgress,
        Self::Classroom,
        Self::Hackathon,
        Self::Enterprise,
        Self::PopularAgent,
        Self::Framework,
        Self::PromptPack,
        Self::Benchmark,
        Self::JudgeEval,
        Self::Judge,
        Self::Pipeline,
        Self::CronJob,
        Self::SmallApp,
        Self::Aggregator,
        Self::Permitted,
        Self::KeyMigration,
        Self::ReleaseRush,
        Self::OwnedGroup,
        Self::CarrierNat,
        Self::Vpn,
        Self::Traveller,
        Self::WorkAndPersonal,
        Self::ReasoningUser,
        Self::Translation,
        Self::CiBot,
        Self::InternalEval,
        Self::SiblingTeams,
        Self::AggregatorPool,
    ];

    /// The word that the truth file uses.
    pub fn name(self) -> &'static str {
        self.traits().name
    }

    /// The class of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.name() == name)
    }

    pub(crate) const fn traits(self) -> Traits {
        match self {
            Self::Casual => traits("casual", 1060, 6, 1),
            Self::Developer => traits("developer", 640, 16, 1),
            Self::ScriptUser => traits("script_user", 520, 18, 1),
            Self::PowerUser => traits("power_user", 330, 20, 1),
            Self::NewCredits => traits("new_credits", 420, 14, 1),
            Self::SharedEgress => traits("shared_egress", 330, 8, 55),
            Self::Classroom => traits("classroom", 135, 8, 34),
            Self::Hackathon => traits("hackathon", 120, 18, 60),
            Self::Enterprise => traits("enterprise", 180, 10, 36),
            Self::PopularAgent => traits("popular_agent", 210, 18, 1),
            Self::Framework => traits("framework", 140, 18, 1),
            Self::PromptPack => traits("prompt_pack", 140, 9, 1),
            Self::Benchmark => traits("benchmark", 90, 30, 1),
            Self::JudgeEval => traits("judge_eval", 90, 24, 1),
            Self::Judge => traits("judge", 80, 24, 1),
            Self::Pipeline => traits("pipeline", 110, 26, 1),
            Self::CronJob => traits("cron_job", 140, 24, 1),
            Self::SmallApp => traits("small_app", 120, 30, 1),
            Self::Aggregator => traits("aggregator", 9, 350, 1),
            Self::Permitted => traits("permitted", 14, 90, 14),
            Self::KeyMigration => traits("key_migration", 110, 8, 40),
            Self::ReleaseRush => traits("release_rush", 160, 14, 1),
            Self::OwnedGroup => traits("owned_group", 100, 12, 20),
            // The demonstration stays as it was.
            Self::CarrierNat => traits("carrier_nat", 0, 7, 60),
            Self::Vpn => traits("vpn", 0, 9, 50),
            Self::Traveller => traits("traveller", 0, 9, 24),
            Self::WorkAndPersonal => traits("work_and_personal", 0, 10, 2),
            Self::ReasoningUser => traits("reasoning_user", 0, 14, 1),
            Self::Translation => traits("translation", 0, 24, 1),
            Self::CiBot => traits("ci_bot", 0, 26, 1),
            Self::InternalEval => traits("internal_eval", 0, 30, 7),
            Self::SiblingTeams => traits("sibling_teams", 0, 22, 12),
            Self::AggregatorPool => traits("aggregator_pool", 0, 60, 5),
        }
    }
}

const fn traits(name: &'static str, demo: usize, volume: usize, group: usize) -> Traits {
    Traits { name, demo, volume, group }
}
