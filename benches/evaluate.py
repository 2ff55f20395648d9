#!/usr/bin/env python3
"""Measures detection on labelled traffic.

    benches/evaluate.py peer      SET...   # this detector beside a simple peer, on the same files in one run
    benches/evaluate.py leave-out SET...   # every class of accounts left out in turn

SET is a folder with exchanges.parquet, accounts.parquet, permits.json and truth.json (`stillwatch simulate -o SET`
writes one). STILLWATCH names the binary, by default target/release/stillwatch. Needs pyarrow, numpy and scikit-learn.

The peer is coordination detection as it is published (Pacheco et al., ICWSM 2021): accounts by the openings of their
prompts (the first twelve words, numbers masked), TF-IDF, cosine similarity, the strongest edges, connected components.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfTransformer

BINARY = os.environ.get("STILLWATCH", "target/release/stillwatch")
WORD = re.compile(r"[^\W_]+")
OPENING = 12
LEAST_ACCOUNTS = 5
EDGE_SHARES = (0.005, 0.05, 0.10)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("peer", "leave-out"):
        sys.exit(__doc__)
    run = {"peer": peer, "leave-out": leave_out}[sys.argv[1]]
    for folder in sys.argv[2:]:
        run(folder)


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


def as_array(values):
    import pyarrow as pa

    return pa.array(sorted(values), pa.string())


def load_truth(folder):
    with open(os.path.join(folder, "truth.json")) as file:
        return json.load(file)


def detect(folder, permits=None):
    command = [BINARY, "detect", os.path.join(folder, "exchanges.parquet"), "--format", "json"]
    command += ["--accounts", os.path.join(folder, "accounts.parquet")]
    command += ["--permits", permits or os.path.join(folder, "permits.json")]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


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
    campaign, actors = truth["campaign"], truth.get("actor", {})
    actor = lambda account: actors.get(campaign[account], campaign[account]) if account in campaign else None
    flagged = set().union(*clusters) if clusters else set()
    true = len(flagged & campaign.keys())
    members = collections.defaultdict(set)
    for account, name in campaign.items():
        members[name].add(account)
    found = 0
    for name, accounts in members.items():
        best = max(clusters, key=lambda cluster: len(cluster & accounts), default=set())
        who = actors.get(name, name)
        pure = sum(actor(account) == who for account in best) / len(best) if best else 0
        found += len(best & accounts) >= 0.5 * len(accounts) and pure >= 0.8
    wrong = sum(2 * sum(account in campaign for account in cluster) < len(cluster) for cluster in clusters)
    return (true / len(flagged) if flagged else 1.0), true / max(1, len(campaign)), found, len(members), wrong


def show(name, clusters, truth):
    precision, recall, found, total, wrong = score(clusters, truth)
    flagged = len(set().union(*clusters)) if clusters else 0
    print(f"  {name:32} {flagged:5} accounts, precision {precision:.3f}, recall {recall:.3f}, campaigns {found}/{total}, false clusters {wrong}")


main()
