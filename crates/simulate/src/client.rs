//! HTTP clients: a library or browser, its version, and the TLS fingerprint that goes with both.

use std::sync::Arc;

use stillwatch_core::Random;

use crate::draw::{Draw, hash};

/// What a request was sent with.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) user_agent: Arc<str>,
    pub(crate) ja4: Arc<str>,
}

impl Client {
    /// A web browser, as behind a provider's own playground.
    pub(crate) fn browser(random: &mut Random) -> Self {
        Self::of(random.weighted(BROWSERS), random)
    }

    /// A library that programs use.
    pub(crate) fn library(random: &mut Random) -> Self {
        Self::of(random.weighted(LIBRARIES), random)
    }

    /// A program with a name of its own, on one of the usual TLS stacks.
    pub(crate) fn named(name: &str, random: &mut Random) -> Self {
        let stack = random.weighted(LIBRARIES);
        let version = format!("{}.{}.{}", random.between(0, 3), random.between(0, 19), random.between(0, 9));
        Self { user_agent: format!("{name}/{version}").into(), ja4: stack.ja4(random.below(2)) }
    }

    fn of(stack: &Stack, random: &mut Random) -> Self {
        // Newer minor versions are the more usual ones.
        let minor = stack.newest_minor.saturating_sub(random.rank(12));
        let patch = random.rank(5);
        let user_agent = stack.user_agent.replace("{minor}", &minor.to_string()).replace("{patch}", &patch.to_string());
        let build = usize::from(minor + 4 < stack.newest_minor) + 2 * usize::from(random.chance(25));
        Self { user_agent: user_agent.into(), ja4: stack.ja4(build) }
    }
}

struct Stack {
    user_agent: &'static str,
    newest_minor: usize,
    /// The readable part of JA4: protocol, version, SNI, counts of ciphers and extensions, ALPN.
    prefix: &'static str,
}

impl Stack {
    fn ja4(&self, build: usize) -> Arc<str> {
        let ciphers = hash(self.prefix) & 0xffff_ffff_ffff;
        let extensions = hash(&format!("{}{build}", self.prefix)) & 0xffff_ffff_ffff;
        format!("{}_{ciphers:012x}_{extensions:012x}", self.prefix).into()
    }
}

const fn stack(user_agent: &'static str, newest_minor: usize, prefix: &'static str) -> Stack {
    Stack { user_agent, newest_minor, prefix }
}

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
