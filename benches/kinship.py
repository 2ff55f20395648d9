#!/usr/bin/env python3
"""Trains tiny models of known descent, for the bench `kinship` of stillwatch-weights.

    benches/kinship.py FOLDER [--strangers 12] [--parents 3] [--steps 200] [--families llama,gpt2,neox,own] [--seed 0]
    cargo bench -p stillwatch-weights --bench kinship -- FOLDER

Writes safetensors and `pairs.json`: which pairs are related, and how. Everything is made here, nothing is downloaded.
Four families: llama (SwiGLU, RMSNorm, rotary, untied, float32), gpt2 (GELU, LayerNorm, biases, learnt positions, Conv1D
layout, fused qkv, tied, float16), neox (GELU, LayerNorm, biases, parallel residual, rotary, fused qkv, untied, bfloat16), own
(names of its own, ReLU, RMSNorm, sinusoidal positions that are not saved, tied, float32). All models of a family have one
configuration and, with few exceptions, learn from the same text in the same order. Needs jax, numpy; one core.
"""
import argparse
import functools
import json
import os
import pathlib
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np

WIDTH, LAYERS, HEADS, CONTEXT, BATCH, VOCABULARY = 64, 3, 4, 48, 4, 256
FAMILIES = {
    "llama": dict(units=160, gated=True, rms=True, bias=False, tied=False, position="rotary", parallel=False, dtype=np.float32),
    "gpt2": dict(units=256, gated=False, rms=False, bias=True, tied=True, position="learnt", parallel=False, dtype=np.float16),
    "neox": dict(units=192, gated=False, rms=False, bias=True, tied=False, position="rotary", parallel=True, dtype=ml_dtypes.bfloat16),
    "own": dict(units=128, gated=False, rms=True, bias=False, tied=True, position="sinus", parallel=False, dtype=np.float32),
}
MATRICES = ("q", "k", "v", "o", "gate", "up", "down")


def text(seed, length):
    """Bytes of sentences about made-up words with a Zipf law, so that there is something to learn."""
    rng = np.random.default_rng(seed)
    sounds = ["ba", "ke", "lo", "mi", "nu", "ra", "si", "to", "ve", "zu", "an", "er", "is", "on", "th", "qu"]
    words = ["".join(rng.choice(sounds, rng.integers(1, 4))) for _ in range(300)]
    weight = 1 / np.arange(1, 301)
    kinds = rng.integers(0, 3, 300)
    pieces, size = [], 0
    while size < length:
        last, sentence = 0, []
        for _ in range(rng.integers(3, 9)):
            fitting = np.flatnonzero(kinds == last)
            sentence.append(words[rng.choice(fitting, p=weight[fitting] / weight[fitting].sum())])
            last = (last + 1 + rng.integers(0, 2)) % 3
        pieces.append(" ".join(sentence).capitalize() + rng.choice([". ", "! ", "? ", ", or ", "; 12 "]))
        size += len(pieces[-1])
    return np.frombuffer("".join(pieces).encode(), np.uint8)[:length].astype(np.int32)


def batches(seed, steps):
    source = text(seed, 200_000)
    starts = np.random.default_rng(seed + 1).integers(0, len(source) - CONTEXT - 1, (steps, BATCH))
    return source[starts[..., None] + np.arange(CONTEXT + 1)]


def fresh(config, seed):
    keys = iter(jax.random.split(jax.random.key(seed), 16))
    normal = lambda *shape: 0.02 * jax.random.normal(next(keys), shape)
    h, d, n = config["units"], WIDTH, LAYERS
    model = {"E": normal(VOCABULARY, d), "final": jnp.ones(d), "n1": jnp.ones((n, d)), "n2": jnp.ones((n, d))}
    for name in ("q", "k", "v", "o"):
        model[name] = normal(n, d, d) * 3
    model |= {"up": normal(n, h, d) * 3, "down": normal(n, d, h) * 3}
    if config["gated"]:
        model["gate"] = normal(n, h, d) * 3
    if not config["tied"]:
        model["U"] = normal(VOCABULARY, d)
    if config["position"] == "learnt":
        model["P"] = normal(CONTEXT, d)
    if config["bias"]:
        model |= {"bup": jnp.zeros((n, h)), "bdown": jnp.zeros((n, d)), "bn1": jnp.zeros((n, d)), "bn2": jnp.zeros((n, d))}
        model |= {"bq": jnp.zeros((n, d)), "bk": jnp.zeros((n, d)), "bv": jnp.zeros((n, d)), "bo": jnp.zeros((n, d)), "bfinal": jnp.zeros(d)}
    return model


def logits(config, model, tokens):
    d, heads = WIDTH, HEADS
    length = tokens.shape[-1]
    angle = jnp.arange(length)[:, None] / 100 ** (jnp.arange(0, 16, 2) / 16)
    bias = lambda name, i: model[name][i] if config["bias"] else 0.0

    def norm(x, gain, offset):
        if not config["rms"]:
            x = x - x.mean(-1, keepdims=True)
        return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-5) * gain + offset

    def rotate(x):
        if config["position"] != "rotary":
            return x
        a, b = x[..., :8], x[..., 8:]
        c, s = jnp.cos(angle)[:, None], jnp.sin(angle)[:, None]
        return jnp.concatenate([a * c - b * s, a * s + b * c], -1)

    def attention(x, i):
        split = lambda name: (x @ model[name][i].T + bias("b" + name, i)).reshape(*x.shape[:-1], heads, d // heads)
        q, k, v = rotate(split("q")), rotate(split("k")), split("v")
        score = jnp.einsum("bihe,bjhe->bhij", q, k) / 4.0
        score = jnp.where(jnp.tril(jnp.ones((length, length), bool)), score, -1e9)
        return jnp.einsum("bhij,bjhe->bihe", jax.nn.softmax(score), v).reshape(x.shape) @ model["o"][i].T + bias("bo", i)

    def mlp(x, i):
        hidden = x @ model["up"][i].T + bias("bup", i)
        if config["gated"]:
            hidden = jax.nn.silu(x @ model["gate"][i].T) * hidden
        else:
            hidden = jax.nn.gelu(hidden) if config["bias"] else jax.nn.relu(hidden)
        return hidden @ model["down"][i].T + bias("bdown", i)

    x = model["E"][tokens]
    if config["position"] == "learnt":
        x = x + model["P"][:length]
    if config["position"] == "sinus":
        wave = jnp.arange(length)[:, None] / 1000 ** (jnp.arange(0, d, 2) / d)
        x = x + 0.1 * jnp.stack([jnp.sin(wave), jnp.cos(wave)], -1).reshape(length, d)
    for i in range(model["n1"].shape[0]):
        first = norm(x, model["n1"][i], bias("bn1", i))
        if config["parallel"]:
            x = x + attention(first, i) + mlp(norm(x, model["n2"][i], bias("bn2", i)), i)
        else:
            x = x + attention(first, i)
            x = x + mlp(norm(x, model["n2"][i], bias("bn2", i)), i)
    x = norm(x, model["final"], model["bfinal"] if config["bias"] else 0.0)
    return x @ model["E" if config["tied"] else "U"].T


@functools.lru_cache(None)
def trainer(family, distilled):
    config = FAMILIES[family]

    def loss(model, tokens, teacher):
        own = jax.nn.log_softmax(logits(config, model, tokens[:, :-1]))
        if distilled:
            return -(jax.nn.softmax(logits(config, teacher, tokens[:, :-1])) * own).sum(-1).mean()
        return -jnp.take_along_axis(own, tokens[:, 1:, None], -1).mean()

    def run(model, data, teacher, rate):
        zero = jax.tree.map(jnp.zeros_like, model)

        def step(state, tokens):
            model, m, v, t = state
            value, g = jax.value_and_grad(loss)(model, tokens, teacher)
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
            v = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, v, g)
            rate_now = rate * jnp.minimum(1.0, (t + 1) / 20)
            move = lambda w, m, v: w - rate_now * (m / (1 - 0.9 ** (t + 1)) / (jnp.sqrt(v / (1 - 0.99 ** (t + 1))) + 1e-8) + 0.01 * w)
            return (jax.tree.map(move, model, m, v), m, v, t + 1), value

        (model, *_), values = jax.lax.scan(step, (model, zero, zero, 0.0), data)
        return model, values[-20:].mean()

    return jax.jit(run)


def train(family, model, data, rate=2e-3, teacher=None):
    trained, loss = trainer(family, teacher is not None)(model, data, model if teacher is None else teacher, rate)
    return jax.tree.map(np.asarray, trained), float(loss)


def each(model, names, change):
    return model | {name: change(model[name]) for name in names if name in model}


def permuted(config, model, rng, hidden=True, residual=False):
    """The same function with its units, heads and residual dimensions in another order."""
    model = {name: np.array(value) for name, value in model.items()}
    for i in range(LAYERS):
        if hidden:
            order = rng.permutation(config["units"])
            for name in ("gate", "up", "bup"):
                if name in model:
                    model[name][i] = model[name][i][order]
            model["down"][i] = model["down"][i][:, order]
        if residual:
            order = np.concatenate([np.arange(16) + 16 * head for head in rng.permutation(HEADS)])
            for name in ("q", "k", "v", "bq", "bk", "bv"):
                if name in model:
                    model[name][i] = model[name][i][order]
            model["o"][i] = model["o"][i][:, order]
    if residual:
        order = rng.permutation(WIDTH)
        model = each(model, ("E", "U", "P", "q", "k", "v", "gate", "up", "n1", "n2", "bn1", "bn2", "bo", "bdown", "final", "bfinal"), lambda w: w[..., order])
        model = each(model, ("o", "down"), lambda w: w[:, order])
    return model


def sparse(w):
    return np.where(np.abs(w) >= np.quantile(np.abs(w), 0.5, axis=(-1, -2), keepdims=True), w, 0)


def narrow(model):
    """Keeps half of the units, the stronger ones, in their order."""
    kept = []
    for up, down in zip(model["up"], model["down"]):
        strength = np.linalg.norm(up, axis=1) * np.linalg.norm(down, axis=0)
        kept.append(np.sort(np.argsort(-strength)[: len(up) // 2]))
    pick = lambda name, axis: np.stack([np.take(w, k, axis) for w, k in zip(model[name], kept)])
    return model | {name: pick(name, 0) for name in ("gate", "up", "bup") if name in model} | {"down": pick("down", 1)}


def four_bits(w):
    groups = w.reshape(*w.shape[:-1], -1, 32)
    scale = np.abs(groups).max(-1, keepdims=True) / 7 + 1e-12
    return (np.round(groups / scale) * scale).reshape(w.shape)


def named(family, model):
    """The tensors under the names and in the layout of the family."""
    tensors = {}
    for i in range(model["n1"].shape[0]):
        part = {name: w[i] for name, w in model.items() if w.ndim > 1 and name not in "EUP"}
        if family == "llama":
            at = f"model.layers.{i}."
            for name in "qkvo":
                tensors[f"{at}self_attn.{name}_proj.weight"] = part[name]
            for name in ("gate", "up", "down"):
                tensors[f"{at}mlp.{name}_proj.weight"] = part[name]
            tensors |= {f"{at}input_layernorm.weight": part["n1"], f"{at}post_attention_layernorm.weight": part["n2"]}
        elif family == "gpt2":
            at = f"transformer.h.{i}."
            tensors |= {f"{at}attn.c_attn.weight": np.concatenate([part["q"], part["k"], part["v"]]).T, f"{at}attn.c_proj.weight": part["o"].T}
            tensors |= {f"{at}attn.c_attn.bias": np.concatenate([part["bq"], part["bk"], part["bv"]]), f"{at}attn.c_proj.bias": part["bo"]}
            tensors |= {f"{at}mlp.c_fc.weight": part["up"].T, f"{at}mlp.c_proj.weight": part["down"].T, f"{at}mlp.c_fc.bias": part["bup"], f"{at}mlp.c_proj.bias": part["bdown"]}
            tensors |= {f"{at}ln_1.weight": part["n1"], f"{at}ln_2.weight": part["n2"], f"{at}ln_1.bias": part["bn1"], f"{at}ln_2.bias": part["bn2"]}
        elif family == "neox":
            at = f"gpt_neox.layers.{i}."
            heads = lambda *names: np.stack([part[n].reshape(HEADS, 16, -1) for n in names], 1).reshape(3 * WIDTH, -1)
            tensors |= {f"{at}attention.query_key_value.weight": heads("q", "k", "v"), f"{at}attention.query_key_value.bias": heads("bq", "bk", "bv")[:, 0]}
            tensors |= {f"{at}attention.dense.weight": part["o"], f"{at}attention.dense.bias": part["bo"]}
            tensors |= {f"{at}mlp.dense_h_to_4h.weight": part["up"], f"{at}mlp.dense_4h_to_h.weight": part["down"], f"{at}mlp.dense_h_to_4h.bias": part["bup"], f"{at}mlp.dense_4h_to_h.bias": part["bdown"]}
            tensors |= {f"{at}input_layernorm.weight": part["n1"], f"{at}post_attention_layernorm.weight": part["n2"], f"{at}input_layernorm.bias": part["bn1"], f"{at}post_attention_layernorm.bias": part["bn2"]}
        else:
            at = f"layers.{i}."
            tensors |= {f"{at}attn.{n}.weight": part[n] for n in "qkvo"}
            tensors |= {f"{at}mlp.0.weight": part["up"], f"{at}mlp.2.weight": part["down"], f"{at}norm1": part["n1"], f"{at}norm2": part["n2"]}
    names = {"llama": ("model.embed_tokens.weight", "lm_head.weight", "", "model.norm.weight", ""),
             "gpt2": ("transformer.wte.weight", "", "transformer.wpe.weight", "transformer.ln_f.weight", "transformer.ln_f.bias"),
             "neox": ("gpt_neox.embed_in.weight", "embed_out.weight", "", "gpt_neox.final_layer_norm.weight", "gpt_neox.final_layer_norm.bias"),
             "own": ("tokens.weight", "", "", "norm", "")}[family]
    return tensors | {name: model[key] for name, key in zip(names, ("E", "U", "P", "final", "bfinal")) if name and key in model}


def write(path, tensors, dtype, eight_bits=False):
    kinds = {"float32": "F32", "float16": "F16", "bfloat16": "BF16", "int8": "I8"}
    stored = {}
    for name, w in tensors.items():
        if eight_bits and w.ndim == 2 and any(part.isdigit() for part in name.split(".")):
            scale = np.abs(w).max(1, keepdims=True) / 127 + 1e-12
            stored[name] = np.round(w / scale).astype(np.int8)
            stored[name.removesuffix(".weight") + ".weight_scale"] = scale.astype(np.float32)
        else:
            stored[name] = np.asarray(w).astype(dtype)
    header, data, at = {}, [], 0
    for name, w in sorted(stored.items()):
        raw = np.ascontiguousarray(w).tobytes()
        header[name] = {"dtype": kinds[w.dtype.name], "shape": list(w.shape), "data_offsets": [at, at + len(raw)]}
        data.append(raw)
        at += len(raw)
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(len(head).to_bytes(8, "little") + head + b"".join(data))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--strangers", type=int, default=12)
    parser.add_argument("--parents", type=int, default=3)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    pairs = []
    for family in given.families.split(","):
        config, begun = FAMILIES[family], time.time()
        bases, made, losses = {}, {}, []
        common = batches(given.seed + 1, given.steps)

        def keep(name, model, dtype=None, eight_bits=False):
            path = given.folder / f"{family}-{name}.safetensors"
            write(path, named(family, model), dtype or config["dtype"], eight_bits)
            return path.name

        for seed in range(given.strangers):
            # The last quarter learns from other text.
            data = common if seed < given.strangers * 3 // 4 else batches(given.seed + 100 + seed, given.steps)
            bases[seed], loss = train(family, fresh(config, 1000 * given.seed + seed), data)
            losses.append(loss)
            keep(f"base{seed}", bases[seed])
        for p in range(given.parents):
            rng = np.random.default_rng([given.seed, p])
            parent, stranger = bases[p], bases[(p + 1) % given.strangers]
            tuned, _ = train(family, parent, batches(given.seed + 200 + p, given.steps // 3), 5e-4)
            sibling, _ = train(family, parent, batches(given.seed + 300 + p, given.steps // 3), 1e-3)
            continued, _ = train(family, parent, batches(given.seed + 400 + p, 3 * given.steps), 4e-3)
            twin, _ = train(family, fresh(config, 1000 * given.seed + p), batches(given.seed + 500 + p, given.steps))
            student, _ = train(family, fresh(config, 1000 * given.seed + 900 + p), batches(given.seed + 600 + p, given.steps), teacher=parent)
            mix = lambda a, b: {name: (a[name] + b[name]) / 2 for name in a}
            drop = {name: np.delete(w, 1, 0) if w.ndim > 1 and name not in "EUP" else w for name, w in parent.items()}
            variants = {
                "tuned": tuned, "continued": continued, "merged": mix(tuned, sibling), "merged-with-stranger": mix(parent, stranger),
                "sparse": each(parent, MATRICES, sparse), "narrow": narrow(parent), "shallow": drop, "int4": each(parent, MATRICES, four_bits),
                "permuted": permuted(config, parent, rng), "permuted-residual": permuted(config, parent, rng, False, True),
                "permuted-all": permuted(config, parent, rng, True, True), "tuned-permuted": permuted(config, tuned, rng, True, True),
                "continued-permuted": permuted(config, continued, rng, True, True), "continued-permuted-units": permuted(config, continued, rng),
                "same-initialisation": twin, "distilled": student,
            }
            for name, model in variants.items():
                made[p, name] = keep(f"{name}{p}", model, np.float16 if name == "int4" else None)
            made[p, "int8"] = keep(f"int8{p}", parent, None, True)
        base = lambda seed: f"{family}-base{seed}.safetensors"
        tell = lambda a, b, kind, related: pairs.append({"left": a, "right": b, "class": kind, "family": family, "related": related})
        for (p, name), file in made.items():
            tell(base(p), file, name, name != "distilled")
            if name == "merged-with-stranger":
                tell(base((p + 1) % given.strangers), file, name, True)
            others = set(range(given.strangers)) - {p} - ({(p + 1) % given.strangers} if name == "merged-with-stranger" else set())
            for seed in sorted(others):
                tell(base(seed), file, f"stranger-{name}", False)
            if name in ("tuned", "merged", "continued"):
                tell(made[p, "sparse"], file, f"siblings-{name}", True)
        for a in range(given.strangers):
            for b in range(a):
                tell(base(a), base(b), "strangers", False)
        print(f"{family}: {given.strangers + len(made)} models in {time.time() - begun:.0f} s, loss {min(losses):.2f} to {max(losses):.2f}", flush=True)
        (given.folder / "pairs.json").write_text(json.dumps(pairs, indent=0))
    print(len(pairs), "pairs,", sum(not pair["related"] for pair in pairs), "of strangers")


if __name__ == "__main__":
    main()
