#!/usr/bin/env python3
"""Measures attribution by style beside a plain peer, on the same texts and splits in one run.

    benches/style.py FOLDER [--quick]      # FOLDER is the audit part of the shared data

Runs `cargo bench -p stillwatch-audit --bench style` (STILLWATCH_STYLE names a built benchmark instead), passes its lines
on, and trains scikit-learn on the same splits: TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2) and
LogisticRegression, its C chosen on held-out prompts of the training part alone. Needs numpy and scikit-learn.
With --quick only accuracy is measured.
"""
import argparse
import gzip
import json
import os
import subprocess
import sys

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

PENALTIES = (1, 10, 50)
MAKER_FOLDS = 4
LABORATORIES = {"vicuna": "lmsys", "wizardlm": "wizardlm", "oasst": "oasst", "alpaca": "stanford"}
OPENAI = ("gpt-3.5", "gpt-4", "gpt4", "text_davinci")
PREFIXES = {"claude": "Anthropic", "llama-2": "Meta", "mistral-": "Mistral", "Qwen": "Qwen", "gemini": "Google"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    measures = ["accuracy"] if arguments.quick else []
    built = os.environ.get("STILLWATCH_STYLE")
    command = [built] if built else ["cargo", "bench", "-q", "-p", "stillwatch-audit", "--bench", "style", "--"]
    ours = []
    with subprocess.Popen([*command, os.path.abspath(arguments.folder), *measures], stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            print(line, end="", flush=True)
            found = json.loads(line)
            if found["measure"] == "accuracy":
                ours.append(found)
    if run.returncode:
        sys.exit("the benchmark failed")
    texts = load(arguments.folder)
    halves = np.array([half(group) for *_, group in texts])
    folds = maker_folds(texts)
    peers = [peer(texts, halves == 1, halves == 0)]
    for fold in range(MAKER_FOLDS):
        peers.append(peer(texts, (halves == 1) & (folds != fold), (halves == 0) & (folds == fold)))
    print(f"{'split':<20}{'documents':>10}{'ours':>8}{'peer':>8}{'points':>8}   balanced: ours, peer")
    for line, found in zip(ours, peers):
        name = line["split"] + ("" if line["fold"] is None else f" {line['fold']}")
        assert line["documents"] == found["documents"], "the splits differ"
        points = 100 * (line["accuracy"] - found["accuracy"])
        print(f"{name:<20}{line['documents']:>10}{line['accuracy']:>8.3f}{found['accuracy']:>8.3f}{points:>+8.1f}"
              f"{line['balanced']:>14.3f}{found['balanced']:>8.3f}")
    weight = np.array([line["documents"] for line in ours[1:]], float)
    gain = [line["accuracy"] - found["accuracy"] for line, found in zip(ours[1:], peers[1:])]
    print(f"held-out makers, all documents: {100 * np.average(gain, weights=weight):+.1f} points")


def load(folder):
    texts = []
    for line in lines(folder, "alpaca_eval/outputs_alpaca_eval_small.jsonl.gz"):
        texts.append((line["output"], *of_model(line["model"]), f"a{json.dumps(line['pid'])}"))
    for line in lines(folder, "human_vs_machine/outfox_valid.jsonl.gz"):
        human = line["model"] in (None, "None")
        texts.append((line["text"], *(("human", "pupils") if human else of_model(line["model"])), f"o{json.dumps(line['pair'])}"))
    seen = set()
    for line in lines(folder, "human_vs_machine/fast_detect_gpt_pairs.jsonl.gz"):
        group = f"f{line['domain']}{line['human'][:60]}"
        if group not in seen:
            seen.add(group)
            texts.append((line["human"], "human", f"people-{line['domain']}", group))
        texts.append((line["machine"], *of_model(line["model"]), group))
    return texts


def lines(folder, name):
    with gzip.open(os.path.join(folder, name), "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def of_model(model):
    if model == "text-davinci-003":
        return "OpenAI", "text_davinci_003"
    if model == "Meta-Llama-3-70B-Instruct":
        return "Meta", model
    if model == "Mistral-7B-Instruct-v0.2":
        return "Mistral", model
    if model.startswith(OPENAI):
        return "OpenAI", model
    for prefix, family in PREFIXES.items():
        if model.startswith(prefix):
            return family, model
    return "other", next((laboratory for prefix, laboratory in LABORATORIES.items() if model.startswith(prefix)), model)


def half(group):
    value = 0xCBF29CE484222325
    for byte in group.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value * 0x9E3779B97F4A7C15 % 2**64 >> 63


def maker_folds(texts):
    """The fold of each text's maker; -1 where its family has one maker only."""
    makers, folds = sorted({(family, maker) for _, family, maker, _ in texts}), {}
    for family in {family for family, _ in makers}:
        own = [key for key in makers if key[0] == family]
        folds |= {key: place % MAKER_FOLDS if len(own) > 1 else -1 for place, key in enumerate(own)}
    return np.array([folds[family, maker] for _, family, maker, _ in texts])


def peer(texts, train, test):
    chosen = [texts[at] for at in np.flatnonzero(train)]
    inner = np.array([half(group + "/inner") for *_, group in chosen]) == 0
    scores = {c: accuracy(fit([t for t, i in zip(chosen, inner) if i], c), [t for t, i in zip(chosen, inner) if not i])[0]
              for c in PENALTIES}
    best = max(scores, key=scores.get)
    tested = [texts[at] for at in np.flatnonzero(test)]
    found, balanced = accuracy(fit(chosen, best), tested)
    return {"documents": len(tested), "accuracy": found, "balanced": balanced, "c": best}


def fit(texts, c):
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    features = vectors.fit_transform([text for text, *_ in texts])
    return vectors, LogisticRegression(C=c, max_iter=200, tol=1e-3).fit(features, [family for _, family, *_ in texts])


def accuracy(fitted, texts):
    vectors, model = fitted
    truth = np.array([family for _, family, *_ in texts])
    right = model.predict(vectors.transform([text for text, *_ in texts])) == truth
    return right.mean(), np.mean([right[truth == family].mean() for family in np.unique(truth)])


if __name__ == "__main__":
    main()
