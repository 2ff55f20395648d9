#!/usr/bin/env python3
"""Computes taint and what-if a second time, with networkx, on random graphs with cycles, and compares.

    benches/lineage.py [--graphs 1000] [--seed 1]

Builds and runs the example `reach` of stillwatch-lineage (REACH names another binary), which answers with our own code.
The rules of the edges are written down here a second time, so that a change of the table is noticed. Needs networkx.
"""
import argparse
import json
import os
import random
import subprocess
import sys

import networkx as nx

# What passes along an edge of each kind: taint, duties, availability, reproducibility.
# "s": from the object to the subject; "o": from the subject to the object; "1": lost with the last object.
RULES = {
    "trained-on": ("s", "s", "", "s"), "trained-on-outputs-of": ("s", "s", "", "s"), "distilled-from": ("s", "s", "", "s"),
    "fine-tuned-from": ("s", "s", "", "s"), "merged-from": ("s", "s", "", "s"), "quantised-from": ("s", "s", "", "s"),
    "adapter-of": ("s", "s", "s", "s"), "generated-by": ("s", "s", "", "s"), "derived-from": ("s", "s", "", "s"),
    "part-of": ("o", "o", "", "o"), "labelled-by": ("s", "s", "", "s"), "filtered-by": ("", "", "", "s"),
    "evaluated-on": ("", "", "", ""), "licensed-under": ("", "s", "", ""), "owned-by": ("", "", "", ""),
    "controlled-by": ("", "", "s", ""), "supplied-by": ("", "", "1", ""), "runs-on": ("", "", "1", "1"),
    "rents-from": ("", "", "1", ""), "located-in": ("", "", "1", ""), "held-at": ("", "", "", ""),
    "produced-by": ("s", "s", "", "s"), "uses": ("s", "", "s", "s"), "described-by": ("", "", "", ""),
    "signed-by": ("", "", "", ""), "permitted-by": ("", "", "", ""), "compatible-with": ("", "", "", ""),
    "not-independent-of": ("", "", "", ""),
}
KINDS = ["model", "data-set", "outputs", "software", "run"]
VERDICTS = ["evidenced", "disclosed", "contradicted", "denied"]
FIRMNESS = {"contradicted": 0, "unknown": 1, "disclosed": 2, "evidenced": 3}
# Two sources that name different objects contradict each other; here one document says everything, so none do.


def graph(rng):
    """A graph with at least one cycle of taint, of a few kinds of edge, so that something flows."""
    while True:
        count = rng.randint(2, 40)
        kinds = [rng.choice(KINDS) for _ in range(count)]
        names = rng.sample(list(RULES), rng.randint(2, 8))
        edges = {}
        for _ in range(rng.randint(count, 4 * count)):
            verdict = rng.choices(VERDICTS, [3, 6, 1, 1])[0]
            edges.setdefault((rng.randrange(count), rng.choice(names), rng.randrange(count)), verdict)
        edges = [[s, k, o, v] for (s, k, o), v in edges.items()]
        case = {"kinds": kinds, "edges": edges, "source": rng.choice(edges)[2]}
        if any(len(c) > 1 for c in nx.strongly_connected_components(flow(case, 0))):
            return case


def flow(case, aspect):
    """The edges along which something passes, from where to where."""
    found = nx.MultiDiGraph()
    found.add_nodes_from(range(len(case["kinds"])))
    for subject, kind, object_, verdict in case["edges"]:
        if verdict == "denied":
            continue
        rule = RULES[kind][aspect]
        if rule in ("s", "1"):
            found.add_edge(object_, subject, kind=kind, verdict=verdict)
        elif rule == "o":
            found.add_edge(subject, object_, kind=kind, verdict=verdict)
    return found


def taint(case):
    passing, source = flow(case, 0), case["source"]
    scale = 10_000
    leaves = lambda node: node == source or case["kinds"][node] == "model"
    weight = lambda a, b, _: 1 + (scale if leaves(a) else 0)
    distance = nx.single_source_dijkstra_path_length(passing, source, weight=weight)
    answer = []
    for node in sorted(set(distance) - {source}):
        for least in ("evidenced", "disclosed", "unknown", "contradicted"):
            keep = [(a, b) for a, b, data in passing.edges(data=True) if FIRMNESS[data["verdict"]] >= FIRMNESS[least]]
            firm = nx.DiGraph(keep)
            firm.add_nodes_from(passing)
            if nx.has_path(firm, source, node):
                break
        order, depth = divmod(distance[node], scale)
        answer.append([node, order, depth, least, depth])
    return answer


def losses(case, aspect):
    """Loss as a plain fixpoint over all edges, until nothing changes."""
    lost, changed = {case["source"]}, True
    edges = [edge for edge in case["edges"] if edge[3] != "denied"]
    while changed:
        changed = False
        for subject, kind, object_, _ in edges:
            rule, falls = RULES[kind][aspect], None
            if rule == "s" and object_ in lost:
                falls = subject
            elif rule == "o" and subject in lost:
                falls = object_
            elif rule == "1":
                if all(o in lost for s, k, o, _ in edges if s == subject and k == kind):
                    falls = subject
            if falls is not None and falls not in lost:
                lost.add(falls)
                changed = True
    weakened = []
    for subject, kind in sorted({(s, k) for s, k, o, _ in edges if RULES[k][aspect] == "1" and s not in lost and o in lost}):
        left = sorted({o for s, k, o, _ in edges if s == subject and k == kind and o not in lost})
        weakened.append([subject, kind, left])
    return sorted(lost), weakened


def expected(case):
    passing = flow(case, 0)
    unavailable, weakened = losses(case, 2)
    duties = sorted(nx.descendants(flow(case, 1), case["source"])) if case["kinds"][case["source"]] in ("model", "data-set", "outputs") else []
    return {
        "taint": taint(case),
        "upstream": sorted(nx.ancestors(passing, case["source"])),
        "cycles": sorted(sorted(c) for c in nx.strongly_connected_components(passing) if len(c) > 1),
        "irreproducible": losses(case, 3)[0],
        "unavailable": unavailable,
        "weakened": weakened,
        "unlawful": duties,
    }


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--graphs", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    rng = random.Random(options.seed)
    cases = [graph(rng) for _ in range(options.graphs)]
    command = [os.environ["REACH"]] if "REACH" in os.environ else (
        "cargo run --quiet -p stillwatch-lineage --example reach".split())
    text = "".join(json.dumps(case) + "\n" for case in cases)
    answers = subprocess.run(command, input=text, capture_output=True, text=True)
    if answers.returncode:
        sys.exit(answers.stderr)
    lines = answers.stdout.splitlines()
    if len(lines) != len(cases):
        sys.exit(f"{len(lines)} answers to {len(cases)} graphs")
    wrong, cyclic, reached, lost, switch = 0, 0, 0, 0, 0
    for number, (case, line) in enumerate(zip(cases, lines)):
        ours, theirs = json.loads(line), expected(case)
        cyclic += bool(theirs["cycles"])
        reached += len(theirs["taint"])
        lost += len(theirs["irreproducible"]) + len(theirs["unavailable"])
        switch += len(theirs["weakened"])
        for key in theirs:
            if ours[key] != theirs[key]:
                wrong += 1
                if wrong <= 3:
                    print(f"graph {number}, {key}:\n  ours     {ours[key]}\n  networkx {theirs[key]}\n  {json.dumps(case)}")
    print(f"{len(cases)} graphs, {cyclic} with cycles, {reached} reached, {lost} lost, {switch} with options left: {wrong} differences")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
