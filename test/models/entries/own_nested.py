"""Experiments from nested dicts: classes named by text, values that point at others, sweeps, and a multimodal model built so."""
# modules: own_nested

import copy
import itertools
import operator
import re
import sys
from functools import reduce
from types import SimpleNamespace

import torch
from torch import nn
import torch.nn.functional as F

CONFIG = {
    "seed": 3,
    "width": 20,
    "data": {"batch": 4, "image": [3, 16, 24], "words": 9, "vocabulary": 50},
    "model": {
        "_target_": "own:TwoTowers",
        "width": "${width}",
        "towers": {
            "image": {"_target_": "own:ImageTower", "channels": [3, 8, "${width}"], "norm": {"_target_": "nn:GroupNorm", "_partial_": True, "num_groups": 4}},
            "text": {"_target_": "own:TextTower", "vocabulary": "${data.vocabulary}", "width": "${width}", "depth": 2, "heads": 4},
        },
        "fusion": {"_target_": "own:Fusion", "width": "${width}", "kind": "cross", "queries": 5},
        "heads": [
            {"name": "caption", "_target_": "nn:Linear", "in_features": "${width}", "out_features": "${data.vocabulary}"},
            {"name": "count", "_target_": "nn:Sequential", "_args_": [{"_target_": "nn:LayerNorm", "normalized_shape": "${width}"}, {"_target_": "nn:Linear", "in_features": "${width}", "out_features": 1}]},
        ],
    },
    "optimiser": {"_target_": "optim:AdamW", "_partial_": True, "lr": 1e-3, "betas": [0.9, 0.98]},
}


def at(tree, path):
    return reduce(operator.getitem, path.split("."), tree)


def resolve(node, root):
    """Replaces `${a.b}` by what stands there."""
    if isinstance(node, dict):
        return {k: resolve(v, root) for k, v in node.items()}
    if isinstance(node, list):
        return [resolve(v, root) for v in node]
    if isinstance(node, str) and (found := re.fullmatch(r"\$\{([\w.]+)\}", node)):
        return resolve(at(root, found.group(1)), root)
    return node


def override(tree, assignments):
    tree = copy.deepcopy(tree)
    for path, value in assignments.items():
        *parents, last = path.split(".")
        parent = tree
        for key in parents:
            parent = parent.setdefault(key, {})
        parent[last] = value
    return tree


def locate(name):
    space, _, attribute = name.partition(":")
    spaces = {"own": sys.modules[__name__], "nn": nn, "optim": torch.optim}
    return getattr(spaces[space], attribute)


def build(node):
    if isinstance(node, list):
        return [build(v) for v in node]
    if not isinstance(node, dict):
        return node
    built = {k: build(v) for k, v in node.items() if not k.startswith("_")}
    if "_target_" not in node:
        return built
    cls = locate(node["_target_"])
    positional = [build(v) for v in node.get("_args_", [])]
    if node.get("_partial_"):
        return lambda *args, **kwargs: cls(*args, **{**built, **kwargs})
    return cls(*positional, **built)


class ImageTower(nn.Module):
    def __init__(self, channels, norm):
        super().__init__()
        self.stages = nn.ModuleList()
        for i, (a, b) in enumerate(itertools.pairwise(channels)):
            stage = nn.Sequential()
            stage.add_module("conv", nn.Conv2d(a, b, 3, stride=2, padding=1))
            stage.add_module("norm", norm(num_channels=b))
            stage.add_module("act", nn.ReLU())
            self.stages.append(stage)
        self.last = channels[-1]

    def forward(self, image):
        maps = []
        x = image
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        small = F.adaptive_avg_pool2d(maps[0], x.shape[-2:])
        tokens = torch.cat([x, small[:, : self.last]], dim=1).flatten(2).mT
        return tokens[..., : self.last], maps


class TextTower(nn.Module):
    def __init__(self, vocabulary, width, depth, heads, longest=32):
        super().__init__()
        self.table = nn.Embedding(vocabulary, width)
        self.place = nn.Embedding(longest, width)
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)

    def forward(self, words):
        x = self.table(words) + self.place.weight[: words.shape[-1]]
        return self.layers(x, src_key_padding_mask=words == 0), []


class Fusion(nn.Module):
    def __init__(self, width, kind, queries):
        super().__init__()
        self.kind = kind
        match kind:
            case "cross":
                self.queries = nn.Parameter(torch.randn(queries, width))
                self.attend = nn.MultiheadAttention(width, 4, batch_first=True)
            case "mean" | "max" as how:
                self.reduce = getattr(torch, how)
            case _:
                raise ValueError(f"unknown fusion {kind!r}")

    def forward(self, *streams):
        x = torch.cat(streams, dim=1)
        if self.kind == "cross":
            q = self.queries.expand(x.size(0), -1, -1)
            y, weights = self.attend(q, x, x, average_attn_weights=False)
            return y, weights
        y = self.reduce(x, 1, keepdim=True)
        return (y if self.kind == "mean" else y.values), None


class TwoTowers(nn.Module):
    def __init__(self, width, towers, fusion, heads):
        super().__init__()
        self.towers = nn.ModuleDict(towers)
        self.fusion = fusion
        self.names = [h.pop("name") if isinstance(h, dict) else f"head{i}" for i, h in enumerate(heads)]
        self.heads = nn.ModuleList(heads)
        self.scale = nn.Parameter(torch.tensor(1.0 / width).sqrt())

    def forward(self, **inputs):
        streams = {name: self.towers[name](value)[0] for name, value in inputs.items()}
        fused, weights = self.fusion(*streams.values())
        outputs = {name: head(fused) for name, head in zip(self.names, self.heads)}
        pooled = {name: F.normalize(s.mean(1), dim=-1) for name, s in streams.items()}
        similarity = reduce(lambda a, b: a @ b.t(), pooled.values()) / self.scale
        return SimpleNamespace(outputs=outputs, weights=weights, similarity=similarity)


def sweep(space):
    for values in itertools.product(*space.values()):
        yield dict(zip(space, values))


def run(config):
    torch.manual_seed(config["seed"])
    data = SimpleNamespace(**config["data"])
    for head in config["model"]["heads"]:
        head.pop("name")
    model = build(config["model"])
    optimiser = build(config["optimiser"])(model.parameters())
    image = torch.rand(data.batch, *data.image)
    words = torch.randint(1, data.vocabulary, (data.batch, data.words))
    words[:, -2:] = 0
    out = model(image=image, text=words)
    labels = torch.arange(data.batch)
    contrast = (F.cross_entropy(out.similarity, labels) + F.cross_entropy(out.similarity.T, labels)) / 2
    loss = contrast + sum(o.pow(2).mean() for o in out.outputs.values())
    loss.backward()
    optimiser.step()
    return out, loss


if __name__ == "__main__":
    results = []
    for changes in sweep({"width": [20, 12], "model.fusion.kind": ["cross", "mean", "max"]}):
        config = resolve(override(CONFIG, changes), override(CONFIG, changes))
        out, loss = run(config)
        results.append((changes["model.fusion.kind"], loss.detach()))
        print(changes, [tuple(o.shape) for o in out.outputs.values()], out.similarity.shape)
    table = torch.stack([value for _, value in results]).view(2, 3)
    best = table.argmin(dim=1)
    print(table.shape, best.shape)
