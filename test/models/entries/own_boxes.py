"""Boxes in pictures: a pyramid of features, anchors, matching by overlap, suppression, set prediction, masks."""
# modules: own_boxes

import math
from collections import OrderedDict
from typing import Dict, List, Tuple, Union

import torch
import torch.nn.functional as F
from torch import nn, Tensor


def box_area(boxes: Tensor) -> Tensor:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def overlap(a: Tensor, b: Tensor) -> Tensor:
    corner = torch.max(a[:, None, :2], b[None, :, :2])
    far = torch.min(a[:, None, 2:], b[None, :, 2:])
    size = (far - corner).clamp(min=0)
    inner = size[..., 0] * size[..., 1]
    return inner / (box_area(a)[:, None] + box_area(b) - inner + 1e-6)


def to_corners(boxes: Tensor) -> Tensor:
    cx, cy, w, h = boxes.unbind(-1)
    return torch.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], dim=-1)


def encode(boxes: Tensor, anchors: Tensor) -> Tensor:
    sizes = anchors[:, 2:] - anchors[:, :2]
    centres = anchors[:, :2] + sizes / 2
    own = boxes[:, 2:] - boxes[:, :2]
    mid = boxes[:, :2] + own / 2
    return torch.cat([(mid - centres) / sizes, torch.log(own / sizes)], dim=1)


def suppress(boxes: Tensor, scores: Tensor, limit: float = 0.5) -> Tensor:
    order = scores.argsort(descending=True)
    kept = []
    while order.numel() > 0:
        best = order[0]
        kept.append(best)
        if order.numel() == 1:
            break
        rest = order[1:]
        order = rest[overlap(boxes[best].unsqueeze(0), boxes[rest]).squeeze(0) <= limit]
    return torch.stack(kept)


def conv(c_in, c_out, stride=1):
    return nn.Sequential(
        OrderedDict(conv=nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False), norm=nn.GroupNorm(4, c_out), act=nn.ReLU(inplace=True))
    )


class Residual(nn.Module):
    expansion = 2

    def __init__(self, c_in, width, stride=1):
        super().__init__()
        c_out = width * self.expansion
        self.main = nn.Sequential(nn.Conv2d(c_in, width, 1), conv(width, width, stride), nn.Conv2d(width, c_out, 1))
        self.short = nn.Identity() if stride == 1 and c_in == c_out else nn.Conv2d(c_in, c_out, 1, stride)

    def forward(self, x):
        return F.relu(self.main(x) + self.short(x))


class Backbone(nn.Module):
    def __init__(self, widths=(8, 16, 32), depths=(1, 2, 1)):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 16, 2), nn.MaxPool2d(3, 2, 1))
        c = 16
        for i, (width, depth) in enumerate(zip(widths, depths)):
            blocks = []
            for j in range(depth):
                blocks.append(Residual(c, width, stride=2 if i > 0 and j == 0 else 1))
                c = width * Residual.expansion
            self.add_module(f"stage{i}", nn.Sequential(*blocks))
        self.channels = [w * Residual.expansion for w in widths]

    def forward(self, x) -> Dict[str, Tensor]:
        x = self.stem(x)
        out = OrderedDict()
        for i in range(len(self.channels)):
            x = getattr(self, f"stage{i}")(x)
            out[f"p{i + 2}"] = x
        return out


class Pyramid(nn.Module):
    def __init__(self, channels: List[int], width: int):
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(c, width, 1) for c in channels)
        self.smooth = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in channels)
        self.extra = nn.Conv2d(width, width, 3, 2, 1)

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        names = list(features)
        top = self.lateral[-1](features[names[-1]])
        out = [self.smooth[-1](top)]
        for i in range(len(names) - 2, -1, -1):
            size = features[names[i]].shape[-2:]
            top = self.lateral[i](features[names[i]]) + F.interpolate(top, size=size, mode="nearest")
            out.insert(0, self.smooth[i](top))
        out.append(self.extra(out[-1]))
        return dict(zip([*names, "extra"], out))


class Anchors(nn.Module):
    def __init__(self, scales=(1.0, 2 ** (1 / 2)), ratios=(0.5, 1.0, 2.0), base=4.0):
        super().__init__()
        self.scales, self.ratios, self.base = scales, ratios, base

    @property
    def per_place(self) -> int:
        return len(self.scales) * len(self.ratios)

    def forward(self, image: Tensor, maps: List[Tensor]) -> Tensor:
        anchors = []
        for m in maps:
            stride = image.shape[-1] // m.shape[-1]
            ys = (torch.arange(m.shape[-2]) + 0.5) * stride
            xs = (torch.arange(m.shape[-1]) + 0.5) * stride
            grid = torch.stack(torch.meshgrid(xs, ys, indexing="xy"), -1).reshape(-1, 1, 2)
            sizes = torch.tensor([[self.base * stride * s * math.sqrt(r), self.base * stride * s / math.sqrt(r)] for s in self.scales for r in self.ratios])
            boxes = torch.cat([grid.expand(-1, len(sizes), -1), sizes.expand(len(grid), -1, -1)], dim=-1)
            anchors.append(to_corners(boxes.reshape(-1, 4)))
        return torch.cat(anchors)


class Head(nn.Module):
    def __init__(self, width, anchors, classes):
        super().__init__()
        self.classes = classes
        self.tower = nn.ModuleDict({k: nn.Sequential(*[conv(width, width) for _ in range(2)]) for k in ("cls", "box")})
        self.cls, self.box = nn.Conv2d(width, anchors * classes, 3, padding=1), nn.Conv2d(width, anchors * 4, 3, padding=1)
        nn.init.constant_(self.cls.bias, -math.log((1 - 0.01) / 0.01))

    def flat(self, x: Tensor, k: int) -> Tensor:
        n, _, h, w = x.shape
        return x.view(n, -1, k, h, w).permute(0, 3, 4, 1, 2).reshape(n, -1, k)

    def forward(self, maps: List[Tensor]) -> Tuple[Tensor, Tensor]:
        cls = [self.flat(self.cls(self.tower["cls"](m)), self.classes) for m in maps]
        box = [self.flat(self.box(self.tower["box"](m)), 4) for m in maps]
        return torch.cat(cls, 1), torch.cat(box, 1)


def focal(logits: Tensor, targets: Tensor, alpha=0.25, gamma=2.0) -> Tensor:
    p = torch.sigmoid(logits)
    ce = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p_t = p * targets + (1 - p) * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return (weight * ce * (1 - p_t) ** gamma).sum()


class Detector(nn.Module):
    def __init__(self, classes=4, width=16):
        super().__init__()
        self.backbone = Backbone()
        self.pyramid = Pyramid(self.backbone.channels, width)
        self.anchors = Anchors()
        self.head = Head(width, self.anchors.per_place, classes)

    def forward(self, images: Tensor, targets: Union[None, List[Dict[str, Tensor]]] = None):
        maps = list(self.pyramid(self.backbone(images)).values())
        logits, deltas = self.head(maps)
        anchors = self.anchors(images, maps)
        if targets is None:
            return self.decode(logits, deltas, anchors)
        losses = {"cls": [], "box": []}
        for row_logits, row_deltas, target in zip(logits, deltas, targets):
            quality, match = overlap(anchors, target["boxes"]).max(dim=1)
            positive = quality >= 0.3
            wanted = torch.zeros_like(row_logits)
            wanted[positive, target["labels"][match[positive]]] = 1.0
            count = positive.sum().clamp(min=1)
            losses["cls"].append(focal(row_logits, wanted) / count)
            goal = encode(target["boxes"][match[positive]], anchors[positive])
            losses["box"].append(F.smooth_l1_loss(row_deltas[positive], goal, reduction="sum") / count)
        return {k: torch.stack(v).mean() for k, v in losses.items()}

    @torch.no_grad()
    def decode(self, logits, deltas, anchors, k=20):
        results = []
        sizes = anchors[:, 2:] - anchors[:, :2]
        centres = (anchors[:, 2:] + anchors[:, :2]) / 2
        for row_logits, row_deltas in zip(logits.sigmoid(), deltas):
            scores, labels = row_logits.max(-1)
            scores, top = scores.topk(k)
            shift, scale = row_deltas[top].split(2, dim=-1)
            boxes = torch.cat([centres[top] + shift * sizes[top], sizes[top] * scale.exp()], -1)
            boxes = to_corners(boxes)
            kept = suppress(boxes, scores)
            results.append({"boxes": boxes[kept], "scores": scores[kept], "labels": labels[top][kept]})
        return results


class SetPredictor(nn.Module):
    def __init__(self, channels, queries=6, dim=24, classes=4):
        super().__init__()
        self.proj = nn.Conv2d(channels, dim, 1)
        self.rows, self.cols = nn.Parameter(torch.rand(20, dim // 2)), nn.Parameter(torch.rand(20, dim // 2))
        self.queries = nn.Embedding(queries, dim)
        self.transformer = nn.Transformer(dim, nhead=3, num_encoder_layers=1, num_decoder_layers=2, dim_feedforward=32)
        self.cls, self.box = nn.Linear(dim, classes + 1), nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, 4))
        self.mask = nn.Linear(dim, dim)

    def forward(self, feature):
        h = self.proj(feature)
        height, width = h.shape[-2:]
        pos = torch.cat([self.cols[:width].unsqueeze(0).repeat(height, 1, 1), self.rows[:height].unsqueeze(1).repeat(1, width, 1)], dim=-1)
        pos = pos.flatten(0, 1).unsqueeze(1)
        memory = pos + 0.1 * h.flatten(2).permute(2, 0, 1)
        query = self.queries.weight.unsqueeze(1).expand(-1, h.size(0), -1)
        out = self.transformer(memory, query).transpose(0, 1)
        masks = torch.einsum("bqc,bchw->bqhw", self.mask(out), h)
        return {"logits": self.cls(out), "boxes": self.box(out).sigmoid(), "masks": masks}


def assign(cost: Tensor) -> Tuple[Tensor, Tensor]:
    """Pairs each column with the cheapest free row, one after another."""
    rows, cols, cost = [], [], cost.clone()
    for _ in range(min(cost.shape)):
        at = cost.argmin()
        r, c = at // cost.shape[1], at % cost.shape[1]
        rows.append(r)
        cols.append(c)
        cost[r] = cost[:, c] = float("inf")
    return torch.stack(rows), torch.stack(cols)


torch.manual_seed(4)
images = torch.rand(2, 3, 64, 96)
targets = [
    {"boxes": torch.tensor([[4.0, 4.0, 40.0, 40.0], [30.0, 10.0, 90.0, 60.0]]), "labels": torch.tensor([1, 3])},
    {"boxes": torch.tensor([[10.0, 20.0, 50.0, 50.0]]), "labels": torch.tensor([2])},
]
model = Detector()
losses = model(images, targets)
total = sum(losses.values())
total.backward()
found = model.eval()(images)
feature = model.backbone(images)["p4"]
sets = SetPredictor(feature.shape[1])(feature)
probs = sets["logits"][0].softmax(-1)[:, targets[0]["labels"]]
cost = torch.cdist(sets["boxes"][0], targets[0]["boxes"] / 96, p=1) - probs
rows, cols = assign(cost)
dice = 1 - (2 * sets["masks"].sigmoid().flatten(1).sum(-1) + 1) / (sets["masks"].sigmoid().flatten(1).pow(2).sum(-1) + 2)
print({k: v.shape for k, v in found[0].items()}, rows, cols, dice.shape, total.item() > 0)
