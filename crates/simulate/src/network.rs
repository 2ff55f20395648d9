//! Addresses: where people and servers are, and how their addresses change.
//!
//! System numbers are those of real networks; addresses are invented and do not belong to them.

use std::sync::Arc;

use stillwatch_core::{Micros, Random, place};

use crate::draw::{Draw, hash};

/// A country with its networks and clock.
pub(crate) struct Region {
    pub(crate) country: &'static str,
    /// Hours ahead of UTC.
    pub(crate) offset: i64,
    residential: &'static [i64],
    mobile: i64,
    pub(crate) mailbox: &'static str,
}

impl Region {
    /// All of them, with the weights of a provider that sells everywhere.
    pub(crate) fn usual() -> Vec<(u32, &'static Self)> {
        REGIONS.iter().map(|(weight, region)| (*weight, region)).collect()
    }

    pub(crate) fn mobile_asn(&self) -> i64 {
        self.mobile
    }

    pub(crate) fn residential_asn(&self, random: &mut Random) -> i64 {
        *random.pick(self.residential)
    }
}

#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) ip: Arc<str>,
    pub(crate) asn: i64,
    pub(crate) country: &'static str,
}

/// A range of addresses that one network hands out.
#[derive(Clone, Copy)]
pub(crate) struct Pool {
    asn: i64,
    country: &'static str,
    /// The first /24 and how many there are.
    block: u64,
    blocks: u64,
    /// Addresses used in each /24.
    hosts: u64,
}

impl Pool {
    pub(crate) fn new(asn: i64, country: &'static str, block: u64, blocks: u64, hosts: u64) -> Self {
        Self { asn, country, block, blocks: blocks.max(1), hosts: hosts.clamp(1, 250) }
    }

    /// An internet provider's homes.
    pub(crate) fn residential(region: &'static Region, random: &mut Random) -> Self {
        Self::new(region.residential_asn(random), region.country, 0, 900, 250)
    }

    /// Carrier-grade NAT: many subscribers behind few addresses.
    pub(crate) fn mobile(region: &'static Region) -> Self {
        Self::new(region.mobile, region.country, 4000, 3, 24)
    }

    /// A rented range in a data centre.
    pub(crate) fn hosting(random: &mut Random) -> Self {
        let (asn, country) = *random.pick(HOSTING);
        Self::new(asn, country, 5000 + random.below(1500) as u64, 1, 250)
    }

    /// A cloud's NAT gateways, which unrelated customers share.
    pub(crate) fn cloud(random: &mut Random) -> Self {
        let (asn, country) = *random.pick(&HOSTING[..4]);
        Self::new(asn, country, 8000, 2, 40)
    }

    /// Exits of a commercial VPN.
    pub(crate) fn vpn(brand: u64) -> Self {
        let (asn, country) = VPN[place(brand % VPN.len() as u64)];
        Self::new(asn, country, 9000 + brand * 4, 3, 12)
    }

    /// One site, such as a campus or an office, with a few public addresses.
    pub(crate) fn site(region: &'static Region, hosts: u64, random: &mut Random) -> Self {
        let asn = if random.chance(50) { region.residential_asn(random) } else { *random.pick(CORPORATE) };
        Self::new(asn, region.country, 10_000 + random.below(40_000) as u64, 1, hosts)
    }

    /// Its address number `index`; the same index gives the same address.
    pub(crate) fn address(&self, index: u64) -> Address {
        let block = self.block + index / self.hosts % self.blocks;
        let host = 2 + index % self.hosts;
        let hashed = hash(&format!("{}:{block}", self.asn));
        let first = FIRST_OCTETS[place(hashed % FIRST_OCTETS.len() as u64)];
        let ip = format!("{first}.{}.{}.{host}", hashed >> 8 & 0xff, hashed >> 16 & 0xff);
        Address { ip: ip.into(), asn: self.asn, country: self.country }
    }

    pub(crate) fn any(&self, random: &mut Random) -> Address {
        self.address(random.next_u64() >> 16)
    }
}

/// How an account's addresses change.
#[derive(Clone)]
pub(crate) enum Leg {
    /// One address, renewed after so many days.
    Leased { pool: Pool, days: i64, start: u64 },
    /// Fixed addresses.
    Fixed(Arc<[Address]>),
    /// Another address in each session.
    Rotating(Arc<[Pool]>),
    /// A network from each of these moments on, in order.
    Journey(Arc<[(Micros, Network)]>),
}

/// Where an account's requests come from, by weight.
#[derive(Clone)]
pub(crate) struct Network(pub(crate) Vec<(u32, Leg)>);

impl Network {
    /// A home line, a telephone and sometimes a VPN.
    pub(crate) fn person(region: &'static Region, random: &mut Random) -> Self {
        let home = Pool::residential(region, random);
        let days = [2, 7, 30, 60][random.below(4)];
        let mut legs = vec![(80, Leg::Leased { pool: home, days, start: random.next_u64() >> 16 })];
        if random.chance(45) {
            legs.push((25, Leg::Rotating([Pool::mobile(region)].into())));
        }
        if random.chance(9) {
            legs.push((30, Leg::Rotating([Pool::vpn(random.rank(5) as u64)].into())));
        }
        Self(legs)
    }

    /// One or two rented machines, or a cloud's shared gateways.
    pub(crate) fn server(random: &mut Random) -> Self {
        if random.chance(35) {
            return Self(vec![(1, Leg::Rotating([Pool::cloud(random)].into()))]);
        }
        let pool = Pool::hosting(random);
        let hosts = random.between(1, 2);
        Self(vec![(1, Leg::Fixed((0..hosts).map(|_| pool.any(random)).collect()))])
    }

    pub(crate) fn fixed(addresses: Vec<Address>) -> Self {
        Self(vec![(1, Leg::Fixed(addresses.into()))])
    }

    pub(crate) fn rotating(pools: Vec<Pool>) -> Self {
        Self(vec![(1, Leg::Rotating(pools.into()))])
    }

    /// The address of one session.
    pub(crate) fn address(&self, at: Micros, random: &mut Random) -> Address {
        match random.weighted(&self.0) {
            Leg::Leased { pool, days, start } => {
                let lease = i64::from(at.day().0).div_euclid((*days).max(1)).unsigned_abs();
                pool.address(start.wrapping_add(lease.wrapping_mul(7919)))
            }
            Leg::Fixed(addresses) => random.pick(addresses).clone(),
            Leg::Rotating(pools) => random.pick(pools).any(random),
            Leg::Journey(stays) => {
                let stay = stays.iter().rfind(|(from, _)| *from <= at).unwrap_or(&stays[0]);
                stay.1.address(at, random)
            }
        }
    }
}

const fn region(
    country: &'static str,
    offset: i64,
    residential: &'static [i64],
    mobile: i64,
    mailbox: &'static str,
) -> Region {
    Region { country, offset, residential, mobile, mailbox }
}

#[rustfmt::skip]
const REGIONS: &[(u32, Region)] = &[
    (22, region("US", -6, &[7922, 7018, 20115, 701], 21928, "brightpost.example")),
    (8, region("IN", 5, &[24560, 9829, 55836], 45271, "dakpeti.example")),
    (8, region("DE", 1, &[3320, 3209, 6805], 12638, "briefkasten.example")),
    (7, region("GB", 0, &[2856, 5089, 5607], 12576, "penpost.example")),
    (6, region("BR", -3, &[28573, 26599, 8167], 26615, "correio.example")),
    (6, region("FR", 1, &[3215, 12322, 15557], 20810, "lapli.example")),
    (6, region("JP", 9, &[4713, 2516, 17676], 9605, "yubin.example")),
    (5, region("CN", 8, &[4134, 4837], 9808, "xinxiang.example")),
    (4, region("CA", -5, &[577, 812], 855, "maplemail.example")),
    (4, region("PL", 1, &[5617, 12741], 8374, "skrzynka.example")),
    (4, region("ID", 7, &[7713, 17974], 23693, "surat.example")),
    (3, region("KR", 9, &[4766, 9318], 17858, "pyeonji.example")),
    (3, region("NG", 1, &[29465, 37148], 36873, "oziza.example")),
    (3, region("TR", 3, &[9121, 47331], 15897, "mektup.example")),
    (3, region("ES", 1, &[3352, 12479], 12430, "buzon.example")),
    (3, region("SG", 8, &[4657, 9506], 4773, "merlionmail.example")),
    (3, region("AU", 10, &[1221, 7545], 133_612, "billabong.example")),
    (2, region("MX", -6, &[8151, 17072], 28403, "cartero.example")),
];

#[rustfmt::skip]
const HOSTING: &[(i64, &str)] = &[(16509, "US"), (15169, "US"), (8075, "IE"), (31898, "US"), (24940, "DE"), (14061, "US"), (16276, "FR"), (63949, "SG"), (20473, "NL"), (45102, "SG"), (51167, "DE"), (12876, "FR")];
const VPN: &[(i64, &str)] = &[(9009, "GB"), (212_238, "NL"), (60068, "US"), (136_787, "SG"), (39351, "SE")];
const CORPORATE: &[i64] = &[3356, 1299, 174, 6939, 2914];
const FIRST_OCTETS: &[u64] =
    &[24, 31, 37, 45, 51, 62, 71, 77, 82, 88, 91, 95, 102, 109, 113, 125, 138, 152, 161, 178, 185, 188, 201, 213];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use stillwatch_core::{Micros, Random};

    use super::{Network, Pool, Region};

    #[test]
    fn a_lease_lasts_for_its_days() {
        let mut random = Random::new(1, 1);
        let pool = Pool::residential(Region::usual()[0].1, &mut random);
        let network = Network(vec![(1, super::Leg::Leased { pool, days: 7, start: 3 })]);
        let at = |day: i64| network.address(Micros::from_seconds(day * 86_400), &mut Random::new(1, 2)).ip;
        assert_eq!(at(14), at(20));
        assert_ne!(at(14), at(21));
    }

    #[test]
    fn subscribers_of_a_carrier_share_addresses() {
        let mut random = Random::new(1, 3);
        let region = Region::usual()[0].1;
        let seen: BTreeSet<_> = (0..500).map(|_| Pool::mobile(region).any(&mut random).ip).collect();
        assert!(seen.len() <= 72);
    }
}
