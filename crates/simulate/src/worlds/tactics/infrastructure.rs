//! Where the requests come from.

use super::{Subject, Tactic, nothing, tactic};
use crate::draw::Draw;
use crate::network::{Leg, Network, Pool};

pub(super) const SUBJECT: Subject = Subject {
    name: "infrastructure",
    tactics: &[
        of(
            "rented",
            tactic("one_host", 2, |_, random| {
                let network = Network::fixed(vec![Pool::hosting(random).any(random)]);
                Box::new(move |seat, member, random| member.connect(seat, network.clone(), random))
            }),
        ),
        of(
            "rented",
            tactic("few_ranges", 3, |_, random| {
                let pools: Vec<Pool> = (0..random.between(1, 5)).map(|_| Pool::hosting(random)).collect();
                Box::new(move |seat, member, random| {
                    let pool = pools[member.index % pools.len()];
                    let network = Network::fixed((0..random.between(1, 3)).map(|_| pool.any(random)).collect());
                    member.connect(seat, network, random);
                })
            }),
        ),
        of(
            "rented",
            tactic("own_host_each", 3, |_, _| {
                Box::new(|seat, member, random| {
                    let network = Network::fixed(vec![Pool::hosting(random).any(random)]);
                    member.connect(seat, network, random);
                })
            }),
        ),
        of(
            "rented",
            tactic("cloud_gateways", 1, |_, random| {
                let network = Network::rotating(vec![Pool::cloud(random)]);
                Box::new(move |seat, member, random| member.connect(seat, network.clone(), random))
            }),
        ),
        of(
            "proxied",
            tactic("vpn_exits", 2, |_, random| {
                let network = Network::rotating(vec![Pool::vpn(random.below(5) as u64)]);
                Box::new(move |seat, member, random| member.connect(seat, network.clone(), random))
            }),
        ),
        of(
            "proxied",
            tactic("hosted_proxies", 2, |_, random| {
                let network = Network::rotating((0..random.between(3, 12)).map(|_| Pool::hosting(random)).collect());
                Box::new(move |seat, member, random| member.connect(seat, network.clone(), random))
            }),
        ),
        of(
            "proxied",
            tactic("residential_rotation", 4, |operation, random| {
                let mut pools: Vec<Pool> = (0..random.between(2, 6))
                    .map(|_| Pool::residential(operation.world.region(random), random))
                    .collect();
                if random.chance(50) {
                    pools.push(Pool::mobile(operation.region));
                }
                let network = Network::rotating(pools);
                Box::new(move |seat, member, random| member.connect(seat, network.clone(), random))
            }),
        ),
        of(
            "residential",
            tactic("own_line_each", 3, |_, _| {
                Box::new(|seat, member, random| {
                    let pool = Pool::residential(seat.region, random);
                    let line = Leg::Leased { pool, days: 30, start: random.next_u64() >> 16 };
                    member.connect(seat, Network(vec![(1, line)]), random);
                })
            }),
        ),
        of(
            "residential",
            tactic("one_provider", 1, |operation, random| {
                let pool = Pool::residential(operation.region, random);
                Box::new(move |seat, member, random| {
                    let line = Leg::Leased { pool, days: 7, start: random.next_u64() >> 16 };
                    member.connect(seat, Network(vec![(1, line)]), random);
                })
            }),
        ),
        of(
            "residential",
            tactic("telephones", 1, |operation, random| {
                let rooms = random.between(1, 4);
                let pools: Vec<Pool> = (0..rooms).map(|_| Pool::mobile(operation.world.region(random))).collect();
                Box::new(move |seat, member, random| {
                    let network = Network::rotating(vec![pools[member.index % pools.len()]]);
                    member.connect(seat, network, random);
                })
            }),
        ),
        of("residential", tactic("like_anyone", 2, nothing)),
    ],
};

const fn of(family: &'static str, tactic: Tactic) -> Tactic {
    Tactic { family: Some(family), ..tactic }
}
