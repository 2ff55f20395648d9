#!/usr/bin/env python3
"""Says how well answers are judged as disclosed or not, beside two baselines, and learns the weights again.

    benches/disclosure.py [--data DIRECTORY] [--quick] [--without] [--write]

The data is the Foundation Model Transparency Index of December 2025 (CC-BY-4.0): 100 indicators, the answers of eight
companies and what people scored them, 800 cells; below $STILLWATCH_SHARED or ../shared beside the checkout, in
data/provenance/fmti. Only the indicator's wording, its notes, its example and the company's disclosure are read; not
the justifications and references, which came after the scoring. Builds and runs the example `disclosure` of
stillwatch-questionnaire (DISCLOSURE names another binary), which measures the answers; the learning is here. `--write` writes
the weights of all companies to crates/questionnaire/src/disclosure/weights.rs; the figures come from held-out folds alone.
Needs numpy, scipy and scikit-learn.

Folds leave out a company; a subdomain, so that no question was seen; or both. Every method's threshold is chosen in the
training folds, where each company is predicted by the others: the threshold whose precision and recall exceed 0.75 and
0.70, the figures asked for, by the larger smaller margin. Intervals resample companies (2,000 times, seed 1).

The second table has three outcomes, as the program has: answered (from the least threshold at which four of five such
answers are scored as disclosed), not answered (below the greatest at which one of four is), and between them "needs a
reader". The third is the buyer's form: full and empty answers of made-up vendors in
crates/questionnaire/tests/answers.csv, which nothing is learnt from.
"""
import argparse
import csv
import glob
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np  # noqa: E402
from scipy.optimize import minimize  # noqa: E402
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.metrics import average_precision_score, cohen_kappa_score, roc_auc_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "crates/questionnaire/src/disclosure/weights.rs"
# Of half the squared weights, beside the summed loss of the cells. 3 and 30 instead move the precision with a company
# left out by 0.002 and the recall by 0.021.
PENALTY = 10.0
PRECISION, RECALL = 0.75, 0.70
# Of answers that are called answered, and at most of answers that are called not answered.
SURE, MISSED = 0.80, 0.10
FORM = ROOT / "crates/questionnaire/tests/answers.csv"


def cells(directory):
    def rows(path):
        with open(path, encoding="utf-8-sig", newline="") as file:
            return [{key.strip(): (value or "") for key, value in row.items()} for row in csv.DictReader(file)]

    indicators = rows(directory / "indicators.csv")
    scores = {row["Indicator"].strip(): row for row in rows(directory / "scores.csv")}
    found = []
    for path in sorted(glob.glob(str(directory / "reports/*.csv"))):
        company = pathlib.Path(path).stem
        report = {row["Indicator"].strip(): row for row in rows(path)}
        for row in indicators:
            name = row["Indicator"].strip()
            found.append({
                "company": company, "part": row["Subdomain"].strip(), "question": row["Definition"],
                "notes": row["Notes"], "example": row["Example disclosure"], "text": report[name]["Disclosure"],
                "score": int(scores[name][company.replace("_", " ")]),
            })
    return found


def measure(found, leave_out=(), keys=("question", "notes", "example", "text")):
    binary = os.environ.get("DISCLOSURE")
    command = [binary] if binary else ["cargo", "run", "-q", "-p", "stillwatch-questionnaire", "--example", "disclosure"]
    lines = [json.dumps({key: "" if key in leave_out else cell[key] for key in keys}) for cell in found]
    answer = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True, cwd=ROOT)
    table, *rest = map(json.loads, answer.stdout.splitlines())
    values = np.array([[np.nan if value is None else value for value in row["measures"]] for row in rest], float)
    return table, values, np.array([row["ruled_out"] for row in rest]), rest


class Scorecard:
    """Logistic regression with a squared penalty, each weight held to its measure's direction."""

    def __init__(self, table):
        bounds = {"Up": (0, None), "Down": (None, 0), "Free": (None, None)}
        self.bounds = [bounds[direction] for _, direction in table] + [(None, None)]

    def fit(self, values, score):
        # A part that nobody was given is missing everywhere and weighs nothing.
        values = np.where(np.isnan(values).all(0), 0.0, values)
        self.centre, self.scale = np.nanmean(values, 0), np.nanstd(values, 0)
        self.scale[self.scale < 1e-9] = 1.0
        standard = self.standard(values)

        def loss(weights):
            margin = standard @ weights[:-1] + weights[-1]
            rest = 1 / (1 + np.exp(-margin)) - score
            value = (np.logaddexp(0, margin) - score * margin).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()
            return value, np.append(standard.T @ rest + PENALTY * weights[:-1], rest.sum())

        start = np.zeros(values.shape[1] + 1)
        self.weights = minimize(loss, start, jac=True, bounds=self.bounds, method="L-BFGS-B").x
        return self

    def standard(self, values):
        return np.nan_to_num((values - self.centre) / self.scale, nan=0.0)

    def predict(self, values):
        return 1 / (1 + np.exp(-(self.standard(values) @ self.weights[:-1] + self.weights[-1])))


def threshold(score, probability):
    order = np.argsort(-probability, kind="stable")
    true = np.cumsum(score[order])
    called = np.arange(1, len(score) + 1)
    # Cells of one probability are called together.
    last = np.append(probability[order][1:] != probability[order][:-1], True)
    margin = np.minimum(true / called - PRECISION, true / score.sum() - RECALL)
    margin[~last] = -1
    return probability[order][int(np.argmax(margin))]


def bands(score, probability):
    """From where an answer counts as answered, and from where it needs a reader."""
    order = np.argsort(-probability, kind="stable")
    true, called = np.cumsum(score[order]), np.arange(1, len(score) + 1)
    sure = np.flatnonzero(true / called >= SURE)
    answered = probability[order][sure[-1]] if len(sure) else 1.0
    below = (score.sum() - true) / np.maximum(1, len(score) - called)
    clear = np.flatnonzero((below <= MISSED) & (called < len(score)))
    doubtful = probability[order][clear[0]] if len(clear) else 0.0
    return answered, min(answered, doubtful)


class Bench:
    def __init__(self, found):
        self.score = np.array([cell["score"] for cell in found])
        self.company = np.array([cell["company"] for cell in found])
        self.part = np.array([cell["part"] for cell in found])

    def folds(self, kind):
        companies, parts = sorted(set(self.company)), sorted(set(self.part))
        if kind == "company":
            return [(self.company != c, self.company == c) for c in companies]
        if kind == "subdomain":
            return [(self.part != p, self.part == p) for p in parts]
        return [((self.company != c) & (self.part != p), (self.company == c) & (self.part == p))
                for c in companies for p in parts]

    def inner(self, predict, train):
        probability = np.zeros(len(train))
        for company in sorted(set(self.company[train])):
            out = self.company[train] == company
            probability[out] = predict(train[~out], train[out])
        return probability

    def held_out(self, predict, kind):
        probability, called = np.zeros(len(self.score)), np.zeros(len(self.score), bool)
        for train, test in self.folds(kind):
            train, test = np.flatnonzero(train), np.flatnonzero(test)
            at = threshold(self.score[train], self.inner(predict, train))
            probability[test] = predict(train, test)
            called[test] = probability[test] >= at
        return probability, called

    def outcomes(self, predict, kind):
        """1 for answered, 0 for not, -1 for needs a reader."""
        found = np.zeros(len(self.score), int)
        for train, test in self.folds(kind):
            train, test = np.flatnonzero(train), np.flatnonzero(test)
            answered, doubtful = bands(self.score[train], self.inner(predict, train))
            probability = predict(train, test)
            found[test] = np.where(probability >= answered, 1, np.where(probability >= doubtful, -1, 0))
        return found

    def outcome_line(self, name, kind, found):
        called, reader, rest = found == 1, found == -1, found == 0
        precision, recall = rates(self.score, called)
        print(f"{name:36} {kind:10} {precision:.3f} {recall:.3f}   {self.score[rest].mean():.3f}       "
              f"{reader.mean():.3f}", flush=True)

    def line(self, name, kind, called, probability=None):
        precision, recall = rates(self.score, called)
        text = f"{name:36} {kind:10} {precision:.3f} {recall:.3f} {cohen_kappa_score(self.score, called):.3f}"
        if probability is not None:
            order = np.argsort(-probability, kind="stable")
            true = np.cumsum(self.score[order])
            at = int(np.searchsorted(true, RECALL * self.score.sum()))
            text += (f"  {roc_auc_score(self.score, probability):.3f} {average_precision_score(self.score, probability):.3f}"
                     f" {true[at] / (at + 1):.3f}  {self.interval(called)}")
        print(text, flush=True)

    def interval(self, called):
        rng = np.random.default_rng(1)
        companies = sorted(set(self.company))
        counts = np.array([[(self.score & called)[self.company == c].sum(), called[self.company == c].sum(),
                            self.score[self.company == c].sum()] for c in companies])
        drawn = counts[rng.integers(len(companies), size=(2000, len(companies)))].sum(1)
        low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
        least, most = np.percentile(drawn[:, 0] / drawn[:, 2], [2.5, 97.5])
        return f"{low:.2f}-{high:.2f} {least:.2f}-{most:.2f}"

    def table(self, called, groups, title):
        print(f"\n{title:46} cells scored called precision recall")
        for group in sorted(set(groups)):
            of = groups == group
            precision, recall = rates(self.score[of], called[of])
            print(f"{group:46} {of.sum():5} {self.score[of].sum():6} {called[of].sum():6} {precision:9.3f} {recall:6.3f}")


def rates(score, called):
    true = (score & called).sum()
    return true / max(1, called.sum()), true / max(1, score.sum())


def scorecard(table, values, ruled_out, score):
    def predict(train, test):
        learnt = train[~ruled_out[train]]
        probability = Scorecard(table).fit(values[learnt], score[learnt]).predict(values[test])
        share = (score[train][ruled_out[train]].sum() + 0.5) / (ruled_out[train].sum() + 1)
        return np.where(ruled_out[test], np.minimum(probability, share), probability)
    return predict


def words(texts, score):
    counts = CountVectorizer().fit_transform(texts)

    def predict(train, test):
        # The words of the training folds alone, as if the others had not been read.
        known = np.flatnonzero(counts[train].sum(0))
        model = make_pipeline(TfidfTransformer(sublinear_tf=True), LogisticRegression(max_iter=1000))
        return model.fit(counts[train][:, known], score[train]).predict_proba(counts[test][:, known])[:, 1]
    return predict


def learnt(bench, table, values, ruled_out):
    """The weights of all companies, with the bands of their held-out predictions."""
    model = Scorecard(table).fit(values[~ruled_out], bench.score[~ruled_out])
    predict = scorecard(table, values, ruled_out, bench.score)
    return model, bands(bench.score, bench.inner(predict, np.arange(len(bench.score))))


def on_the_form(bench, whole, found, texts):
    """Full and empty answers of made-up vendors to the buyer's form."""
    with open(FORM, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    full = np.array([row["full"] == "yes" for row in rows])
    answers = [{"item": row["item"], "text": row["answer"]} for row in rows]
    _, values, out, rest = measure(answers, keys=("item", "text"))
    shipped = np.array([row["disclosure"] for row in rest])
    model, (answered, doubtful) = whole
    probability = np.where(out, 0.0, model.predict(values))
    counts = CountVectorizer().fit(texts)
    words_model = make_pipeline(TfidfTransformer(sublinear_tf=True), LogisticRegression(max_iter=1000))
    words_model.fit(counts.transform(texts), bench.score)
    peer = words_model.predict_proba(counts.transform([row["answer"] for row in rows]))[:, 1]
    peer_bands = bands(bench.score, bench.inner(words(texts, bench.score), np.arange(len(bench.score))))

    def tell(name, called, reader):
        print(f"{name:36} {(called & full).sum():3} of {full.sum()} full answers answered, {(reader & full).sum()} need a reader; "
              f"{(called & ~full).sum()} of {(~full).sum()} empty ones answered, {(reader & ~full).sum()} need a reader")

    print(f"\nthe buyer's form, {len(rows)} answers of made-up vendors")
    tell("TF-IDF of the answer", peer >= peer_bands[0], (peer < peer_bands[0]) & (peer >= peer_bands[1]))
    tell("ours, learnt in this run", probability >= answered, (probability < answered) & (probability >= doubtful))
    tell("ours, as shipped", shipped == "answered", shipped == "needs a reader")


def without(bench, table, values, ruled_out):
    """What each part of ours adds."""
    asked = np.array([name.startswith("question-") or name == "kinds-asked" for name, _ in table])
    kinds = np.array(["kind" in name for name, _ in table])
    names = np.array([name for name, _ in table])
    no_rule = np.zeros(len(ruled_out), bool)
    for name, kept, free, out in (
        ("ours without directions", asked | ~asked, True, ruled_out),
        ("ours without rules", asked | ~asked, False, no_rule),
        ("ours without the question's measures", ~asked, False, ruled_out),
        ("rules and question's measures alone", asked, False, ruled_out),
        ("ours without words of the example", names != "words-of-example", False, ruled_out),
        ("ours without links", names != "link-where-wanted", False, ruled_out),
        ("ours without kinds of fact", ~kinds, False, ruled_out),
    ):
        some = [(measure, "Free" if free else direction) for (measure, direction), keep in zip(table, kept) if keep]
        for kind in ("company", "subdomain"):
            probability, called = bench.held_out(scorecard(some, values[:, kept], out, bench.score), kind)
            bench.line(name, kind, called, probability)


def rust(table, whole, alone, share):
    def constant(name, about, model, at):
        rows = "".join(f"        ({c:.4f}, {s:.4f}, {w:.4f}), // {measure}\n" for c, s, w, (measure, _) in
                       zip(model.centre, model.scale, model.weights[:-1] + 0.0, table))
        rows = rows.replace("-0.0000", "0.0000")
        return f"""
/// {about}
pub(super) const {name}: Weights = Weights {{
    measures: &[
{rows}    ],
    intercept: {model.weights[-1]:.4f},
    answered: {at[0]:.4f},
    doubtful: {at[1]:.4f},
}};
"""
    return f"""//! What the measures weigh: written by `benches/disclosure.py --write`, not by hand.
//!
//! Learnt from the scores of people in the Foundation Model Transparency Index, December 2025 (Stanford Center for
//! Research on Foundation Models, CC-BY-4.0): 100 indicators, eight companies. No text of it is here.

pub(super) struct Weights {{
    /// Centre, scale and weight of each measure: `(value - centre) / scale * weight` adds to the log-odds. The weights
    /// are those of standardised measures, so that they can be compared.
    pub(super) measures: &'static [(f64, f64, f64)],
    /// Log-odds of an answer that is usual in everything.
    pub(super) intercept: f64,
    /// From this probability an answer counts as answered: each company predicted by the others, {SURE:.2f} of such
    /// answers were scored as disclosed.
    pub(super) answered: f64,
    /// From this probability it needs a reader: at most {MISSED:.2f} of the answers below it were scored as disclosed.
    pub(super) doubtful: f64,
}}
{constant("WHOLE", "For a question with notes or an example.", *whole)}{constant("ALONE", "For a question alone.", *alone)}
/// The share of answers that a rule ruled out and people scored as disclosed all the same.
pub(super) const RULED_OUT: f64 = {share:.4f};
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = pathlib.Path(os.environ.get("STILLWATCH_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--data", type=pathlib.Path, default=shared / "data/provenance/fmti")
    parser.add_argument("--quick", action="store_true", help="without leaving out company and subdomain at once")
    parser.add_argument("--without", action="store_true", help="also ours without some of its parts")
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    if not arguments.data.exists():
        sys.exit(f"{arguments.data} is not there: name it with --data")

    found = cells(arguments.data)
    bench = Bench(found)
    score = bench.score
    present = np.array([bool(cell["text"].strip()) for cell in found])
    table, values, ruled_out, rest = measure(found)
    ours = scorecard(table, values, ruled_out, score)
    _, bare, bare_out, _ = measure(found, leave_out=("notes", "example"))
    alone = scorecard(table, bare, bare_out, score)
    answer = words([cell["text"] for cell in found], score)
    both = words([" ".join("asked_" + word for word in cell["question"].split()) + " " + cell["text"] for cell in found],
                 score)

    print(f"{len(found)} cells, {score.sum()} scored as disclosed, {ruled_out.sum()} ruled out, of which "
          f"{score[ruled_out].sum()} were scored as disclosed\n")
    print(f"{'method':36} {'left out':10} prec. recall kappa  AUC   AP    P@R70  95 % of precision, recall")
    bench.line("any text", "-", present)
    bench.line("ruled out or not", "-", ~ruled_out)
    kept = None
    for kind in ("company", "subdomain", "both"):
        if kind == "both" and arguments.quick:
            continue
        for name, predict in (("TF-IDF of the answer", answer), ("TF-IDF of question and answer", both),
                              ("ours, by the question alone", alone), ("ours", ours)):
            probability, called = bench.held_out(predict, kind)
            bench.line(name, kind, called, probability)
            if kind == "company" and name == "ours":
                kept = called
    print(f"\n{'three outcomes':36} {'left out':10} prec. recall  missed below  needs a reader")
    for kind in ("company", "subdomain", "both"):
        if kind == "both" and arguments.quick:
            continue
        for name, predict in (("TF-IDF of the answer", answer), ("TF-IDF of question and answer", both), ("ours", ours)):
            bench.outcome_line(name, kind, bench.outcomes(predict, kind))
    if arguments.without:
        without(bench, table, values, ruled_out)
    bench.table(kept, bench.company, "ours, company left out")
    bench.table(kept, bench.part, "by subdomain")

    whole, single = learnt(bench, table, values, ruled_out), learnt(bench, table, bare, bare_out)
    on_the_form(bench, whole, found, [cell["text"] for cell in found])
    print(f"\nweights of all companies (standardised); bands {whole[1][0]:.3f} and {whole[1][1]:.3f}, "
          f"{single[1][0]:.3f} and {single[1][1]:.3f}")
    print(f"{'':36} with notes   question alone")
    for (name, direction), weight, other in zip(table, whole[0].weights, single[0].weights):
        print(f"{name:30} {direction:5} {weight:10.2f} {other:10.2f}")
    if arguments.write:
        share = (score[ruled_out].sum() + 0.5) / (ruled_out.sum() + 1)
        WEIGHTS.write_text(rust(table, whole, single, share))
        print(f"\nwrote {WEIGHTS.relative_to(ROOT)}; run again to see that it judges the same")
    shipped = np.array([row["disclosure"] == "answered" for row in rest])
    print(f"\nthe shipped weights, on what they were learnt from: precision {rates(score, shipped)[0]:.3f}, "
          f"recall {rates(score, shipped)[1]:.3f}")


if __name__ == "__main__":
    main()
