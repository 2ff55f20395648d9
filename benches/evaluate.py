#!/usr/bin/env python3
"""Measures detection on labelled traffic.

    benches/evaluate.py peer      SET...   # this detector beside a simple peer, on the same files in one run
    benches/evaluate.py keys [--keys 5] SET...   # the same sets under several keys: which accounts change their tier
    benches/evaluate.py leave-out SET...   # every class of accounts left out in turn
    benches/evaluate.py ladder [--seeds 1,2,3] [--levels L0,L3] [--without infrastructure,timing]
    benches/evaluate.py fields    SET...   # fields taken away, one at a time and in pairs
    benches/evaluate.py crowds [--accounts 3000] [--parts 1] [--among 0] [--seed 1] [--classes classroom,vpn]

SET is a folder with exchanges.parquet, accounts.parquet, permits.json and truth.json (`stillwatch simulate -o SET`
writes one). STILLWATCH names the binary, by default target/release/stillwatch; STILLWATCH_SIMULATE another one to
simulate with. Needs pyarrow, numpy, scipy and scikit-learn.

`ladder` simulates the adversary ladder (`simulate --ladder LEVEL`) and tells for each level what is found among all
benign classes: with every family of evidence, and without each of those that `--without` names (by default infrastructure, timing
and lifecycle; content gives the candidates and cannot be left out). `crowds` simulates accounts of every benign class, alone or among ordinary accounts, and counts
those in a campaign, with the exact one-sided 95 % bound (Clopper-Pearson; 3/n at zero). Accounts of one group, such as
a class of students, share a fate, so the bound is that of independent accounts at best. Both run two processes at a
time in a temporary folder that they remove, under a fixed key, so that a run can be repeated.

`fields` takes away the organisation (in the log and the account table), the account table, addresses and networks, the TLS
handshake and user agent, and the seconds of times (cut to minutes), and tells how precision and recall change.

The peer is coordination detection as it is published (Pacheco et al., ICWSM 2021): accounts by the openings of their
prompts (the first twelve words, numbers masked), TF-IDF, cosine similarity, the strongest edges, connected components.
"""
import argparse
import collections
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.stats import beta
from sklearn.feature_extraction.text import TfidfTransformer

BINARY = os.environ.get("STILLWATCH", "target/release/stillwatch")
WORD = re.compile(r"[^\W_]+")
OPENING = 12
LEAST_ACCOUNTS = 5
EDGE_SHARES = (0.005, 0.05, 0.10)
SIMULATOR = os.environ.get("STILLWATCH_SIMULATE", BINARY)
LEVELS = ["L0", "L1", "L2", "L3", "L4-30", "L4-60", "L4-80", "L5", "L6"]
LEFT_OUT = {
    "nothing": [],
    "infrastructure": ["infrastructure"],
    "timing": ["timing"],
    "lifecycle": ["lifecycle"],
}
TIERS = ("act", "review")
JOBS = 2
LONGEST = 1800  # seconds of one process


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("peer", "leave-out", "fields"):
        commands.add_parser(name).add_argument("sets", nargs="+", metavar="SET")
    several = commands.add_parser("keys")
    several.add_argument("--keys", type=int, default=5)
    several.add_argument("sets", nargs="+", metavar="SET")
    steps = commands.add_parser("ladder")
    steps.add_argument("--seeds", default="1,2,3")
    steps.add_argument("--levels", default=",".join(LEVELS))
    steps.add_argument("--without", default=",".join(LEFT_OUT), help="families left out in turn; empty for none")
    masses = commands.add_parser("crowds")
    masses.add_argument("--accounts", type=int, default=3000, help="accounts of each class, in all parts together")
    masses.add_argument("--parts", type=int, default=1, help="simulations that share them, each with a seed of its own")
    masses.add_argument("--among", type=int, default=0, help="ordinary accounts around each part")
    masses.add_argument("--seed", type=int, default=1)
    masses.add_argument("--classes", default="")
    arguments = parser.parse_args()
    if arguments.command == "ladder":
        for name in LEFT_OUT.keys() - {"nothing", *arguments.without.split(",")}:
            del LEFT_OUT[name]
        return ladder([int(seed) for seed in arguments.seeds.split(",")], arguments.levels.split(","))
    if arguments.command == "crowds":
        return crowds(arguments)
    if arguments.command == "keys":
        return max(keys(folder, arguments.keys) for folder in arguments.sets)
    run = {"peer": peer, "leave-out": leave_out, "fields": fields}[arguments.command]
    for folder in arguments.sets:
        run(folder)


def ladder(seeds, levels):
    """What is found at each level, over all seeds together."""
    jobs = {(level, seed): ["--ladder", level, "--seed", str(seed)] for level in levels for seed in seeds}
    results = collections.defaultdict(collections.Counter)
    wrong = collections.defaultdict(collections.Counter)
    sizes = collections.defaultdict(collections.Counter)
    failed = 0
    for (level, seed), outcome in each(jobs, climb):
        failed += outcome is None
        for (left_out, tier), (counts, classes, found) in (outcome or {}).items():
            results[level, left_out, tier].update(counts)
            wrong[level, tier].update(classes)
            if left_out == "nothing":
                sizes[level, tier].update(found)
    print(f"\nladder, seeds {', '.join(map(str, seeds))}: campaigns found, account recall, false clusters, account false-discovery rate")
    print("| level | left out | act: found | recall | false clusters | account FDR | review: found | recall | false clusters | account FDR |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for level in levels:
        for left_out in LEFT_OUT:
            cells = []
            for tier in TIERS:
                one = results[level, left_out, tier]
                cells += [f"{one['found']} of {one['campaigns']}", f"{one['true'] / max(1, one['harvesting']):.3f}"]
                cells += [str(one["wrong"]), f"{1 - one['true'] / one['flagged']:.4f}" if one["flagged"] else "-"]
            print(f"| {level} | {left_out} | {' | '.join(cells)} |")
    for tier in TIERS:
        low = [level for level in levels if 2 * results[level, "nothing", tier]["true"] < results[level, "nothing", tier]["harvesting"]]
        print(f"tier {tier}: account recall is under one half at {', '.join(low) if low else 'no level'}")
        for level in levels:
            found = ", ".join(f"{ring[-3:].lstrip('0')}: {times}" for ring, times in sorted(sizes[level, tier].items()))
            innocent = ", ".join(f"{klass} {number}" for klass, number in wrong[level, tier].most_common())
            print(f"  {level:6} rings found by size, of {len(seeds)}: {found or 'none'}; innocent accounts: {innocent or 'none'}")
    return 1 if failed else 0


def climb(folder, options):
    """Scores of one set by what is left out and tier: counts, innocent classes, campaigns found."""
    truth, outcome = load_truth(folder), {}
    for name, families in LEFT_OUT.items():
        report = detect(folder, extra=options + [word for family in families for word in ("--without", family)])
        for tier in TIERS:
            clusters = clusters_of(report, tier)
            flagged = set().union(*clusters) if clusters else set()
            found = found_campaigns(clusters, truth)
            counts = {
                "found": len(found),
                "campaigns": len(set(truth["campaign"].values())),
                "true": len(flagged & truth["campaign"].keys()),
                "harvesting": len(truth["campaign"]),
                "flagged": len(flagged),
                "wrong": score(clusters, truth)[4],
            }
            innocent = collections.Counter(truth["klass"][account] for account in flagged - truth["campaign"].keys())
            outcome[name, tier] = (counts, innocent if name == "nothing" else {}, found)
    return outcome


def keys(folder, number):
    """Under how many keys the same campaigns and crowds are told; 1 where they differ at tier act or review."""
    first, differ = None, 0
    permits = os.path.join(folder, "permits.json")
    command = [BINARY, "detect", os.path.join(folder, "exchanges.parquet"), "--format", "json"]
    command += ["--accounts", os.path.join(folder, "accounts.parquet")]
    command += ["--permits", permits] if os.path.exists(permits) else []
    for key in range(1, number + 1):
        with tempfile.TemporaryDirectory() as scratch:
            path = os.path.join(scratch, "key")
            with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(f"{key:064x}\n")
            run = subprocess.run(command + ["--key-file", path], check=True, capture_output=True, timeout=LONGEST)
        report = json.loads(run.stdout)
        told = {account: crowd["name"] for crowd in report["crowds"] for account in crowd["accounts"]}
        told |= {member["account"]: c["tier"] for c in report["campaigns"] for member in c["accounts"]}
        first = told if first is None else first
        changed = [account for account in first.keys() | told.keys() if first.get(account) != told.get(account)]
        told_high = [account for account in changed if {first.get(account), told.get(account)} & set(TIERS)]
        differ |= bool(told_high)
        count = collections.Counter(told.values())
        print(f"{folder} key {key}: act {count['act']}, review {count['review']}; {len(changed)} accounts told otherwise than under key 1, {len(told_high)} of them at act or review")
    return int(differ)


def crowds(arguments):
    """Innocent accounts in campaigns, class by class."""
    classes = arguments.classes.split(",") if arguments.classes else known_classes()
    size = -(-arguments.accounts // arguments.parts)
    jobs = {
        (klass, part): ["--crowd", klass, "--accounts", str(size), "--among", str(arguments.among), "--seed", str(arguments.seed + part)]
        for klass in classes
        for part in range(arguments.parts)
    }
    totals = collections.defaultdict(collections.Counter)
    failed = 0
    for (klass, part), outcome in each(jobs, count_innocents):
        failed += outcome is None
        for found, counts in (outcome or {}).items():
            totals[klass if found == klass else "ordinary, around them"].update(counts)
            if found == klass:
                print(f"  {klass}: {counts['act']} act, {counts['review']} review and above, {counts['watch']} watch", file=sys.stderr)
    around = f"among {arguments.among} ordinary accounts" if arguments.among else "alone"
    print(f"\ncrowds of {size} accounts {around}, seeds from {arguments.seed}: accounts in campaigns, at most (95 %)")
    print("| class | accounts | act | at most | review and above | at most | watch |")
    print("|---|---|---|---|---|---|---|")
    for klass in sorted(totals, key=lambda klass: (klass not in classes, klass)):
        one = totals[klass]
        cells = [f"{one['accounts']:,}"]
        for tier in TIERS:
            cells += [str(one[tier]), f"{100 * bound(one[tier], one['accounts']):.3f} %"]
        print(f"| {klass} | {' | '.join(cells)} | {one['watch']} |")
    flagged = [klass for klass in totals if totals[klass]["review"]]
    print(f"classes with an account at act or review: {', '.join(sorted(flagged)) if flagged else 'none'}")
    return 1 if failed else 0


def count_innocents(folder, options):
    """Accounts by class, and how many of them are in a campaign of at least each tier (watch: of that tier alone)."""
    truth, report = load_truth(folder), detect(folder, extra=options)
    counts = collections.defaultdict(collections.Counter)
    for klass in truth["klass"].values():
        counts[klass]["accounts"] += 1
    for tier in TIERS:
        for account in set().union(*clusters_of(report, tier)):
            counts[truth["klass"][account]][tier] += 1
    watched = [c for c in report["campaigns"] if c["tier"] == "watch"]
    for account in {member["account"] for c in watched for member in c["accounts"]}:
        counts[truth["klass"][account]]["watch"] += 1
    return dict(counts)


def each(jobs, measure):
    """Simulates and measures every job, two at a time; yields each as it is done, with None where it failed."""
    started = time.monotonic()
    with ThreadPoolExecutor(JOBS) as pool:
        running = {pool.submit(simulated, arguments, measure): key for key, arguments in jobs.items()}
        try:
            for done, future in enumerate(as_completed(running), 1):
                key, outcome = running[future], None
                try:
                    outcome = future.result()
                    note = ""
                except subprocess.SubprocessError as error:
                    stderr = getattr(error, "stderr", None) or b""
                    note = f": {error}; {stderr.decode(errors='replace')[-300:]}"
                label = " ".join(str(part) for part in key)
                print(f"{done}/{len(jobs)} {label} ({time.monotonic() - started:.0f} s){note}", file=sys.stderr, flush=True)
                yield key, outcome
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def simulated(arguments, measure):
    """What `measure` says of a simulated set, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="stillwatch-evaluate-") as scratch:
        folder = os.path.join(scratch, "set")
        subprocess.run([SIMULATOR, "simulate", "-o", folder, *arguments], check=True, capture_output=True, timeout=LONGEST)
        key = os.path.join(scratch, "key")
        with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write("5e" * 32)
        return measure(folder, ["--key-file", key, "--threads", "1"])


def known_classes():
    text = subprocess.run([SIMULATOR, "simulate", "--help"], check=True, capture_output=True, text=True).stdout
    words = text.split("--crowd <CLASS>")[1].split("[possible values: ")[1].split("]")[0]
    return [word.strip() for word in words.replace("\n", " ").split(",")]


def bound(events, accounts):
    """One-sided 95 % upper bound of a share (Clopper and Pearson 1934)."""
    return 1.0 if events >= accounts else float(beta.ppf(0.95, events + 1, accounts - events))


def peer(folder):
    truth = load_truth(folder)
    report = detect(folder)
    print(f"{folder}")
    for tier in ("act", "review"):
        show(f"stillwatch, tier {tier}", clusters_of(report, tier), truth)
    for share, clusters in peer_clusters(folder):
        show(f"peer, strongest {100 * share:g} % of edges", clusters, truth)


def leave_out(folder):
    truth = load_truth(folder)
    campaign = truth["campaign"]
    classes = sorted({campaign.get(account, klass) for account, klass in truth["klass"].items()})
    print(f"{folder}: each of {len(classes)} classes and campaigns left out in turn")
    worst = {"act": (1.0, "-"), "review": (1.0, "-")}
    false = collections.Counter()
    for left in classes:
        gone = {account for account, klass in truth["klass"].items() if campaign.get(account, klass) == left}
        rest = {key: {a: v for a, v in truth[key].items() if a not in gone} for key in ("campaign", "klass")}
        rest["actor"] = truth.get("actor", {})
        with tempfile.TemporaryDirectory() as scratch:
            for name in ("exchanges.parquet", "accounts.parquet"):
                table = pq.read_table(os.path.join(folder, name))
                kept = table.filter(pc.invert(pc.is_in(table["account"], value_set=as_array(gone))))
                pq.write_table(kept, os.path.join(scratch, name))
            report = detect(scratch, os.path.join(folder, "permits.json"))
        for tier in ("act", "review"):
            clusters = clusters_of(report, tier)
            precision, recall, found, total, wrong = score(clusters, rest)
            false[tier] += wrong
            worst[tier] = min(worst[tier], (precision, left))
            print(f"  without {left:20} tier {tier:6} precision {precision:.4f} recall {recall:.4f} found {found}/{total} false clusters {wrong}")
    for tier in ("act", "review"):
        print(f"  tier {tier}: lowest precision {worst[tier][0]:.4f} (without {worst[tier][1]}), {false[tier]} false clusters in all")


FIELDS = ("organisation", "account table", "addresses", "handshake", "seconds")
COLUMNS = {"organisation": ("organization",), "addresses": ("ip", "asn", "country", "signup_ip"), "handshake": ("ja4", "user_agent")}


def fields(folder):
    """What is found when fields are missing, alone and in pairs."""
    truth = load_truth(folder)
    cases = [(), *((name,) for name in FIELDS), *itertools.combinations(FIELDS, 2)]
    print(f"\n{folder}\n| taken away | act: found | precision | recall | false clusters | review: found | precision | recall | false clusters |")
    print("|---|---|---|---|---|---|---|---|---|")
    with ThreadPoolExecutor(JOBS) as pool:
        for case, clusters in zip(cases, pool.map(lambda case: without_fields(folder, case), cases)):
            cells = []
            for tier in TIERS:
                precision, recall, found, total, wrong = score(clusters[tier], truth)
                cells += [f"{found} of {total}", f"{precision:.3f}", f"{recall:.3f}", str(wrong)]
            print(f"| {' and '.join(case) or 'nothing'} | {' | '.join(cells)} |", flush=True)


def without_fields(folder, case):
    """Clusters of each tier where some fields are missing."""
    gone = {column for name in case for column in COLUMNS.get(name, ())}
    with tempfile.TemporaryDirectory(prefix="stillwatch-evaluate-") as scratch:
        log = pq.read_table(os.path.join(folder, "exchanges.parquet"))
        log = log.drop_columns([column for column in log.column_names if column in gone])
        if "seconds" in case:
            at = log.column_names.index("time")
            kept = pc.cast(pc.floor_temporal(log["time"], unit="minute"), log.schema.field(at).type)
            log = log.set_column(at, log.schema.field(at), kept)
        pq.write_table(log, os.path.join(scratch, "exchanges.parquet"))
        command = [BINARY, "detect", os.path.join(scratch, "exchanges.parquet"), "--format", "json", "--threads", "1"]
        if "account table" not in case:
            accounts = pq.read_table(os.path.join(folder, "accounts.parquet"))
            accounts = accounts.drop_columns([column for column in accounts.column_names if column in gone])
            pq.write_table(accounts, os.path.join(scratch, "accounts.parquet"))
            command += ["--accounts", os.path.join(scratch, "accounts.parquet")]
        permits = os.path.join(folder, "permits.json")
        command += ["--permits", permits] if os.path.exists(permits) else []
        key = os.path.join(scratch, "key")
        with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write("5e" * 32)
        run = subprocess.run(command + ["--key-file", key], check=True, capture_output=True, timeout=LONGEST)
        report = json.loads(run.stdout)
    return {tier: clusters_of(report, tier) for tier in TIERS}


def as_array(values):
    import pyarrow as pa

    return pa.array(sorted(values), pa.string())


def load_truth(folder):
    with open(os.path.join(folder, "truth.json")) as file:
        return json.load(file)


def detect(folder, permits=None, extra=()):
    command = [BINARY, "detect", os.path.join(folder, "exchanges.parquet"), "--format", "json"]
    command += ["--accounts", os.path.join(folder, "accounts.parquet")]
    permits = permits or os.path.join(folder, "permits.json")
    command += ["--permits", permits] if os.path.exists(permits) else []
    return json.loads(subprocess.run(command + list(extra), check=True, capture_output=True, timeout=LONGEST).stdout)


def clusters_of(report, tier):
    tiers = {"act": ("act",), "review": ("act", "review")}[tier]
    return [{member["account"] for member in c["accounts"]} for c in report["campaigns"] if c["tier"] in tiers]


def peer_clusters(folder):
    """Clusters for each share of edges kept."""
    table = pq.read_table(os.path.join(folder, "exchanges.parquet"), columns=["account", "prompt"])
    accounts, openings, counts = {}, {}, collections.Counter()
    for account, prompt in zip(table["account"].to_pylist(), table["prompt"].to_pylist()):
        words = ["#" if any(c.isdigit() for c in word) else word for word in WORD.findall((prompt or "").lower())]
        opening = " ".join(words[:OPENING])
        counts[accounts.setdefault(account, len(accounts)), openings.setdefault(opening, len(openings))] += 1
    rows, columns = zip(*counts)
    matrix = csr_matrix((list(counts.values()), (rows, columns)), shape=(len(accounts), len(openings)), dtype=float)
    weighted = TfidfTransformer().fit_transform(matrix)
    similarity = coo_matrix(weighted @ weighted.T)
    upper = similarity.row < similarity.col
    row, col, weight = similarity.row[upper], similarity.col[upper], similarity.data[upper]
    names = list(accounts)
    for share in EDGE_SHARES:
        kept = np.argsort(-weight, kind="stable")[: max(1, int(share * len(weight)))]
        graph = coo_matrix((weight[kept], (row[kept], col[kept])), shape=(len(names), len(names)))
        labels = connected_components(graph, directed=False)[1]
        groups = collections.defaultdict(set)
        for name, label in zip(names, labels):
            groups[label].add(name)
        yield share, [group for group in groups.values() if len(group) >= LEAST_ACCOUNTS]


def score(clusters, truth):
    """Account precision and recall, campaigns found (half covered, four fifths pure), false clusters."""
    campaign = truth["campaign"]
    flagged = set().union(*clusters) if clusters else set()
    true = len(flagged & campaign.keys())
    found, total = len(found_campaigns(clusters, truth)), len(set(campaign.values()))
    wrong = sum(2 * sum(account in campaign for account in cluster) < len(cluster) for cluster in clusters)
    return (true / len(flagged) if flagged else 1.0), true / max(1, len(campaign)), found, total, wrong


def found_campaigns(clusters, truth):
    """Names of the campaigns of which one cluster covers half and is four fifths pure."""
    campaign, actors = truth["campaign"], truth.get("actor", {})
    actor = lambda account: actors.get(campaign[account], campaign[account]) if account in campaign else None
    members = collections.defaultdict(set)
    for account, name in campaign.items():
        members[name].add(account)
    found = []
    for name, accounts in members.items():
        best = max(clusters, key=lambda cluster: len(cluster & accounts), default=set())
        who = actors.get(name, name)
        pure = sum(actor(account) == who for account in best) / len(best) if best else 0
        if len(best & accounts) >= 0.5 * len(accounts) and pure >= 0.8:
            found.append(name)
    return found


def show(name, clusters, truth):
    precision, recall, found, total, wrong = score(clusters, truth)
    flagged = len(set().union(*clusters)) if clusters else 0
    print(f"  {name:32} {flagged:5} accounts, precision {precision:.3f}, recall {recall:.3f}, campaigns {found}/{total}, false clusters {wrong}")


if __name__ == "__main__":
    sys.exit(main())
