//! The constants of detection, each with its reason. Whether something is beyond chance is decided by nulls, not here;
//! what remains says what an innocent explanation predicts, and bounds cost.

use stillwatch_core::float;

/// Exchanges that must repeat a passage before it counts as the account's own: twice is chance or a retry.
pub(crate) const LEAST_REPEATS: u32 = 3;

/// Accounts of a campaign; the invariant of tier `act`, and below it a set has too few pairs to test.
pub(crate) const LEAST_ACCOUNTS: usize = 5;

/// Densities at which content communities are sought, in millionths of full similarity. The coarse one keeps a ring
/// that words each request differently in one piece, the fine one keeps two rings with one way of asking apart; where
/// they differ, evidence of another family decides between them.
pub(crate) const RESOLUTIONS: [u64; 3] = [30_000, 50_000, 100_000];

/// Holders of a template up to which every pair is linked; above it each holder is linked to this many others, so that
/// cost grows with the holders and not with their square, and no template is too frequent to be looked at.
pub(crate) const ALL_PAIRS: usize = 48;

/// Accounts of a set that the permutation tests look at.
pub(crate) const MOST_TESTED: usize = 400;

/// Permutation rounds. With the maximum statistic, and two families of tests, they can give q = 2 / (rounds + 1) = 0.01,
/// just what tier `act` needs, whatever the number of candidates.
pub(crate) const ROUNDS: usize = 199;

/// Rounds after which it is first asked whether anything can still become significant.
pub(crate) const EARLY_ROUNDS: usize = 29;

/// Traffic through a key below which it is not looked at: a roaming client's address of a day.
pub(crate) const LEAST_SHARE: f32 = 0.04;

/// Family-wise error of tier `act` (detection reference: q ≤ 0.01 for action).
pub(crate) const ACT_LEVEL: f64 = 0.01;

/// Family-wise error of tier `review` (q ≤ 0.10 for review).
pub(crate) const REVIEW_LEVEL: f64 = 0.10;

/// Evidence of one family, in bits, beyond which more of the same kind adds nothing: a million to one.
pub(crate) const FAMILY_CAP_BITS: f64 = 20.0;

/// A share of traffic through a key from which on the key is fully the account's own; an address used once among
/// many by a roaming client links in proportion.
pub(crate) const OWN_SHARE: f32 = 0.2;

/// Half an hour, in minutes: people who share a lecture, a release or a deadline share half-hours, programs that are
/// driven together share minutes.
pub(crate) const CELL_MINUTES: u32 = 30;

/// Unrepeated passages that are kept of an account, about a dozen exchanges: whoever has more repeats some of them.
pub(crate) const MOST_ONCE: usize = 512;

/// How many times as common a passage is among the members of a community as elsewhere to belong to its idiom.
pub(crate) const TYPICAL: f64 = 20.0;

/// Of the median member's passages of the idiom in an exchange, the share that a speaker has: a template that happens to
/// hold one of its sentences has fewer.
pub(crate) const FLUENT: f64 = 0.5;

/// Accounts expected to join some community by chance, among all accounts and communities, if passages were said one by
/// one; they come in exchanges, of which three are asked for.
pub(crate) const JOINING_LEVEL: f64 = 0.01;

/// An account with one fixed template has a rotation of 1, with two of them 2; customers who keep three are few, and
/// wording that changes from request to request has 4 and more.
pub(crate) const LEAST_ROTATION: f64 = 3.0;

/// Of what an account repeats, the share that others of its set repeat too. Somebody's own templates are nearly all his
/// own, whatever phrases they have in common with others.
pub(crate) const LEAST_COMMON: f64 = 1.0 / 3.0;

/// A set is what most of its members are.
pub(crate) const MOST_MEMBERS: f64 = 0.5;

/// A set most of which belongs to one organisation is that organisation's affair.
pub(crate) const MOST_OF_ONE_OWNER: f64 = 0.5;

/// Shared passages in fewer exchanges than this share are pasted, not built upon.
pub(crate) const PASTED_COVERAGE: f64 = 0.2;

/// Of a set's accounts, the share that must hold a link themselves: a few pairs do not implicate a crowd.
pub(crate) const LEAST_LINKED: f64 = 0.2;

/// Of what a set has in common, the share that its median account repeats is above a half when everybody uses the same
/// published templates.
pub(crate) const MOST_UNIFORM: f64 = 0.5;

/// Similarity and shared passages, as a share of the median member's, below which an account without any other link is
/// a stray.
pub(crate) const STRAY_SHARE: f64 = 0.25;

/// Accounts that a stratum needs to be compared within itself; smaller ones are compared together.
pub(crate) const LEAST_STRATUM: usize = 50;

/// Days around the median moment of the log that are looked at for synchrony; a stray date a century off would
/// otherwise span an empty century.
pub(crate) const MOST_DAYS: u32 = 400;

/// An event, such as a hackathon, lasts no longer than this.
pub(crate) const EVENT_DAYS: i64 = 4;

/// Of all accounts, the share that may hold a key by which sets are sought: what more hold says nothing.
pub(crate) const MOST_OF_ALL: f64 = 0.25;

/// Random draws that a combination of keys has to exceed, all of them.
pub(crate) const AGREEMENT_DRAWS: u64 = 99;

/// The family-wise error of a search that exceeds so many draws.
pub(crate) const AGREEMENT_LEVEL: f64 = 0.01;

/// Sets sought by keys in common that are tested; it bounds the time.
pub(crate) const MOST_AGREEMENTS: usize = 60;

/// Of two sets, the accounts in both as a share of those in any, from which on the second is not tested.
pub(crate) const ALREADY_FOUND: f64 = 0.8;

/// Exchanges below which a clock or a share says nothing.
pub(crate) const SINGLE_EXCHANGES: u64 = 50;

/// Robust standard deviations above the accounts of the same plan, of the logarithm of daily volume.
pub(crate) const SINGLE_DEVIATIONS: f64 = 4.0;

/// A clock flatter than this knows no night.
pub(crate) const FLAT_CLOCK: f64 = 0.25;

/// Single turns, as a share of exchanges, from which on an account never follows up.
pub(crate) const SINGLE_TURNS: f64 = 0.95;

/// Evidence against chance that speaks for innocence is worth at most this much, in bits.
pub(crate) const COUNTER_CAP_BITS: f64 = 5.0;

/// Members that may hold a payload passage before it counts as wording.
pub(crate) const MOST_PAYLOAD_HOLDERS: usize = 3;

/// Pairs that must be expected before their absence says anything.
pub(crate) const LEAST_EXPECTED_PAIRS: f64 = 5.0;

/// Probability below which members avoid each other's payloads.
pub(crate) const SHARDING_LEVEL: f64 = 0.01;

/// Rounds of the null that keeps the habits of each day.
pub(crate) const HABIT_ROUNDS: usize = 49;

/// Enough for a mean and a deviation; cuts are not ranked.
pub(crate) const CUT_ROUNDS: usize = 49;

/// What must be left of synchrony without the accounts that add most to it, in standard deviations.
pub(crate) const LEFT_DEVIATIONS: f64 = 3.0;

/// Density of links by time at which accounts act in concert, in millionths of a nat for every pair: several times what
/// chance leaves.
pub(crate) const CONCERT_DENSITY: u64 = 80_000;

/// Nats by which a pair's own rate of meeting explains its meetings better than chance in one pair of twelve (half of
/// chi-square with one degree of freedom, one side).
pub(crate) const CHANCE_NATS: f64 = 1.0;

/// Meetings of two accounts before they count: once is chance.
pub(crate) const LEAST_MEETINGS: u32 = 2;

/// The least number of meetings that two accounts are expected to have, for accounts with a few minutes each.
pub(crate) const MEETING_FLOOR: f64 = 0.05;

/// Pairs of accounts in the same minute up to which concerts are sought; it bounds the time to seconds.
pub(crate) const MOST_MEETINGS: u64 = 100_000_000;

/// Links by time up to which communities are sought among them; it bounds the memory to some 200 MB.
pub(crate) const MOST_LINKS: usize = 2_000_000;

/// Probability of a member's attendance by chance from which on it is left out of a concert.
pub(crate) const MEMBER_LEVEL: f64 = 0.01;

/// Accounts that may join a concert by chance, as a share of those who are in it.
pub(crate) const STRANGERS: f64 = 0.02;

/// Clients or end users from which on an account seems to serve several people: one person has a computer and a
/// telephone, or one client before and after an update.
pub(crate) const SEVERAL_PEOPLE: usize = 3;

/// Days after a closing in which successors are looked for (detection reference: 72 hours).
pub(crate) const SUCCESSION_DAYS: i64 = 3;

/// Mean similarity to the members, in millionths, from which on a closed account belongs with them: the density of a
/// loose community.
pub(crate) const SUCCESSION_SIMILARITY: u64 = RESOLUTIONS[0];

/// Seconds after a stop at the limit within which another account takes over.
pub(crate) const HANDOVER_SECONDS: i64 = 60;

/// Seconds before a stop whose beginnings tell the rate of chance.
pub(crate) const HANDOVER_WITHIN: i64 = 3_600;

/// Seconds of silence after which an account begins anew.
pub(crate) const SILENCE_SECONDS: i64 = 1_800;

/// Of a prompt's words, a lexicon knows few: an account is after something if this share of its prompts shows it.
pub(crate) const INTENT_SHARE: f64 = 0.5;

/// What a watch-list says of a campaign is worth at most this much, in bits: somebody else's word, which cannot be checked
/// here, weighs no more than what speaks for innocence.
pub(crate) const INTELLIGENCE_CAP_BITS: f64 = 5.0;

/// Owners outside of campaigns that an indicator may match before it counts as common here, if they are also more than
/// [`COMMON_SHARE`] of all: a carrier's shared address or a browser's handshake tells nobody apart.
pub(crate) const COMMON_OWNERS: usize = LEAST_ACCOUNTS;

/// Of the owners outside of campaigns, the share that makes an indicator common.
pub(crate) const COMMON_SHARE: f64 = 0.01;

/// How many of a set's accounts may share something without implicating the others.
pub(crate) fn few(accounts: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a number of accounts")]
    let share = (LEAST_LINKED * float(accounts)).ceil() as usize;
    share.max(LEAST_ACCOUNTS) - 1
}
