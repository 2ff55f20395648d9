//! HTTP clients: a library or browser, its version, and the TLS fingerprint that goes with both.

use std::borrow::Cow;
use std::sync::Arc;

use stillwatch_core::{Random, at_most_u32};

use crate::draw::{Draw, hash};

/// What a request was sent with.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) user_agent: Arc<str>,
    pub(crate) ja4: Arc<str>,
}

/// The clients that are in use at a provider, by weight.
#[derive(Clone)]
pub(crate) struct Market {
    browsers: Vec<(u32, Stack)>,
    libraries: Vec<(u32, Stack)>,
}

impl Market {
    pub(crate) fn usual() -> Self {
        Self { browsers: BROWSERS.to_vec(), libraries: LIBRARIES.to_vec() }
    }

    /// Another provider's: its own software development kits, other shares and versions, handshakes that differ by
    /// `builds` builds of each library.
    pub(crate) fn draw(vendor: &str, builds: usize, random: &mut Random) -> Self {
        let mut market = Self::usual();
        for (weight, stack) in market.browsers.iter_mut().chain(&mut market.libraries) {
            *weight = at_most_u32(random.heavy(4));
            stack.user_agent = stack.user_agent.replace("modelapi", vendor).into();
            stack.newest_minor = random.between(2, 150);
            stack.prefix =
                format!("t13d{:02}{:02}{}", random.between(9, 62), random.between(5, 21), stack.protocol()).into();
            stack.builds = builds;
        }
        market
    }

    /// A web browser, as behind a provider's own playground.
    pub(crate) fn browser(&self, random: &mut Random) -> Client {
        Client::of(random.weighted(&self.browsers), random)
    }

    /// A library that programs use.
    pub(crate) fn library(&self, random: &mut Random) -> Client {
        Client::of(random.weighted(&self.libraries), random)
    }

    /// The newest version of the provider's own library, as whoever wants to look usual sends it.
    pub(crate) fn official(&self) -> Client {
        let (_, stack) = &self.libraries[0];
        Client { user_agent: stack.agent(stack.newest_minor, 0), ja4: stack.ja4(0) }
    }

    /// The libraries and their shares in percent.
    pub(crate) fn names(&self) -> String {
        let whole: u32 = self.libraries.iter().map(|(weight, _)| weight).sum::<u32>().max(1);
        let named: Vec<String> = self
            .libraries
            .iter()
            .map(|(weight, stack)| {
                let name = stack.user_agent.split('/').next().unwrap_or_default();
                format!("{name} {}", weight * 100 / whole)
            })
            .collect();
        named.join(", ")
    }

    /// A program with a name of its own, on one of the usual TLS stacks.
    pub(crate) fn named(&self, name: &str, random: &mut Random) -> Client {
        let stack = random.weighted(&self.libraries);
        let version = format!("{}.{}.{}", random.between(0, 3), random.between(0, 19), random.between(0, 9));
        Client { user_agent: format!("{name}/{version}").into(), ja4: stack.ja4(random.below(2)) }
    }
}

impl Client {
    /// A program that nobody else has, with a handshake of its own.
    pub(crate) fn unheard_of(user_agent: Arc<str>, random: &mut Random) -> Self {
        let prefix = format!("t13d{:02}{:02}h{}", random.between(9, 62), random.between(5, 21), random.between(1, 2));
        let (ciphers, extensions) = (random.next_u64() >> 16, random.next_u64() >> 16);
        Self { user_agent, ja4: format!("{prefix}_{ciphers:012x}_{extensions:012x}").into() }
    }

    fn of(stack: &Stack, random: &mut Random) -> Self {
        // Newer minor versions are the more usual ones.
        let minor = stack.newest_minor.saturating_sub(random.rank(12));
        let patch = random.rank(5);
        let build = usize::from(minor + 4 < stack.newest_minor) + 2 * usize::from(random.chance(25));
        let build = if stack.builds > USUAL_BUILDS { random.rank(stack.builds) } else { build };
        Self { user_agent: stack.agent(minor, patch), ja4: stack.ja4(build) }
    }
}

#[derive(Clone)]
struct Stack {
    user_agent: Cow<'static, str>,
    newest_minor: usize,
    /// The readable part of JA4: protocol, version, SNI, counts of ciphers and extensions, ALPN.
    prefix: Cow<'static, str>,
    /// Builds whose handshakes differ.
    builds: usize,
}

impl Stack {
    fn agent(&self, minor: usize, patch: usize) -> Arc<str> {
        self.user_agent.replace("{minor}", &minor.to_string()).replace("{patch}", &patch.to_string()).into()
    }

    /// The ALPN part of the prefix.
    fn protocol(&self) -> &'static str {
        if self.prefix.ends_with("h2") { "h2" } else { "h1" }
    }

    fn ja4(&self, build: usize) -> Arc<str> {
        let ciphers = hash(&self.prefix) & 0xffff_ffff_ffff;
        let extensions = hash(&format!("{}{build}", self.prefix)) & 0xffff_ffff_ffff;
        format!("{}_{ciphers:012x}_{extensions:012x}", self.prefix).into()
    }
}

const fn stack(user_agent: &'static str, newest_minor: usize, prefix: &'static str) -> Stack {
    Stack { user_agent: Cow::Borrowed(user_agent), newest_minor, prefix: Cow::Borrowed(prefix), builds: USUAL_BUILDS }
}

/// Old and new, on two systems.
const USUAL_BUILDS: usize = 4;

#[rustfmt::skip]
const BROWSERS: &[(u32, Stack)] = &[
    (44, stack("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{minor}.0.0.0 Safari/537.36", 146, "t13d1516h2")),
    (20, stack("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{minor}.0.0.0 Safari/537.36", 146, "t13d1517h2")),
    (14, stack("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.{patch} Safari/605.1.15", 26, "t13d2014h2")),
    (10, stack("Mozilla/5.0 (X11; Linux x86_64; rv:{minor}.0) Gecko/20100101 Firefox/{minor}.0", 148, "t13d1715h2")),
    (12, stack("Mozilla/5.0 (iPhone; CPU iPhone OS 26_{patch} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", 26, "t13d2013h2")),
];

#[rustfmt::skip]
const LIBRARIES: &[(u32, Stack)] = &[
    (30, stack("modelapi-python/1.{minor}.{patch}", 64, "t13d1713h1")),
    (18, stack("modelapi-node/4.{minor}.{patch}", 41, "t13d5911h1")),
    (12, stack("python-requests/2.{minor}.{patch}", 32, "t13d1812h1")),
    (9, stack("python-httpx/0.{minor}.{patch}", 28, "t13d1714h1")),
    (8, stack("aiohttp/3.{minor}.{patch}", 13, "t13d3111h1")),
    (6, stack("axios/1.{minor}.{patch}", 13, "t13d5912h1")),
    (6, stack("Go-http-client/2.0", 4, "t13d1311h2")),
    (4, stack("okhttp/5.{minor}.{patch}", 3, "t13d1613h2")),
    (4, stack("curl/8.{minor}.{patch}", 17, "t13d4907h2")),
    (3, stack("reqwest/0.{minor}.{patch}", 13, "t13d1011h2")),
];
