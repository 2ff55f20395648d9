#!/usr/bin/env python3
"""Judges bills of materials a second time, with other people's validators, and compares.

    benches/bom.py FOLDER [--count 400] [--seed 1]

FOLDER holds `cyclonedx` and `spdx3`. Valid documents get mistakes put in; each result is judged by ours (the bench `bom`)
and by `jsonschema` with the official schemas (CycloneDX) or by `spdx-python-model` (SPDX 3.0.1). Then our exports of the
same documents are read back by both. Needs jsonschema[format], referencing and spdx-python-model.
"""
import argparse
import copy
import json
import pathlib
import random
import subprocess
import tempfile

import jsonschema
import referencing
from referencing.jsonschema import DRAFT7
from spdx_python_model import v3_0_1 as spdx

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "crates/documents/schemas/cyclonedx"
BENCH = ["cargo", "bench", "--profile", "dev", "--offline", "-q", "-p", "stillwatch-documents", "--bench", "bom", "--"]


def validators():
    side = {}
    for path in SCHEMAS.glob("*.json"):
        schema = json.loads(path.read_text())
        side[schema["$id"]] = schema
    registry = referencing.Registry().with_resources((i, DRAFT7.create_resource(s)) for i, s in side.items())
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return {
        v: jsonschema.Draft7Validator(side[f"http://cyclonedx.org/schema/bom-{v}.schema.json"], registry=registry, format_checker=checker)
        for v in ("1.5", "1.6", "1.7")
    }


def reads_spdx(path):
    try:
        objects = spdx.SHACLObjectSet()
        with open(path, "rb") as file:
            spdx.JSONLDDeserializer().read(file, objects)
        with open("/dev/null", "wb") as null:
            spdx.JSONLDSerializer().write(objects, null, force_at_graph=True)
        return True
    except Exception:  # the bindings raise whatever the mistake provokes
        return False


def mutate(document, rng):
    at, key = [document], 0
    for _ in range(rng.randrange(1, 9)):
        inside = at[key]
        keys = list(inside) if isinstance(inside, dict) else range(len(inside)) if isinstance(inside, list) else []
        keys = [k for k in keys if k not in ("specVersion", "$schema", "@context")]
        if not keys:
            break
        at, key = inside, rng.choice(list(keys))
    if at[key] is document:
        return
    choice = rng.randrange(7)
    if choice == 0:
        del at[key]
    elif choice == 1:
        at[key] = 7
    elif choice == 2:
        at[key] = "x"
    elif choice == 3:
        at[key] = [at[key]]
    elif choice == 4:
        at[key] = {}
    elif choice == 5 and isinstance(at, dict):
        at["unforeseen"] = True
    elif isinstance(at[key], str):
        at[key] = at[key][:-1]


def judged(paths):
    verdicts = {}
    for at in range(0, len(paths), 200):
        out = subprocess.run([*BENCH, "--judge", *paths[at:at + 200]], check=True, capture_output=True, text=True, cwd=ROOT)
        for line in out.stdout.splitlines():
            verdict, path, why = line.split("\t", 2)
            verdicts[path] = (verdict == "valid", why)
    return verdicts


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--count", type=int, default=400)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    rng = random.Random(options.seed)
    theirs = validators()
    cyclonedx = sorted(options.folder.glob("cyclonedx/1.*/valid/*.json"))
    spdx3 = sorted(options.folder.glob("spdx3/*.json"))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, sources in (("CycloneDX", cyclonedx), ("SPDX", spdx3)):
            expected = {}
            for number in range(options.count):
                document = copy.deepcopy(json.loads(rng.choice(sources).read_text()))
                mutate(document, rng)
                path = folder / f"{name}-{number}.json"
                path.write_text(json.dumps(document))
                if name == "SPDX":
                    expected[str(path)] = reads_spdx(path)
                else:
                    expected[str(path)] = theirs[document["specVersion"]].is_valid(document)
            ours = judged(list(expected))
            equal = sum(ours[path][0] == verdict for path, verdict in expected.items())
            print(f"{name}: {equal} of {len(expected)} verdicts equal, {sum(expected.values())} of them valid")
            for path, verdict in expected.items():
                if ours[path][0] != verdict:
                    print(f"  theirs {'valid' if verdict else 'invalid'}, ours {ours[path]}")
        exports = folder / "exports"
        exports.mkdir()
        subprocess.run([*BENCH, str(options.folder), "--export", str(exports)], check=True, cwd=ROOT)
        written = sorted(exports.glob("*.spdx3.json"))
        print(f"SPDX exports read back: {sum(map(reads_spdx, written))} of {len(written)}")
        written = sorted(exports.glob("*.cdx.json"))
        documents = [json.loads(path.read_text()) for path in written]
        print(f"CycloneDX exports valid: {sum(theirs[d['specVersion']].is_valid(d) for d in documents)} of {len(written)}")


main()
