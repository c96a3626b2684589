"""Pictures and captions in one space: a text tower, an image tower, a queue of negatives with a momentum encoder, retrieval."""
# modules: own_towers

import copy
import random
import re
from collections import Counter
from types import SimpleNamespace
from typing import Any, Dict, List, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler, Subset, random_split

CFG = {
    "image": {"size": 16, "channels": [8, 16, 32], "blocks": (1, 1, 1)},
    "text": {"dim": 24, "heads": 3, "depth": 2, "max_len": 8},
    "train": {"queue": 32, "momentum": 0.99, "temperature": 0.07, "epochs": 2, "batch": 6},
    "embed": 20,
}

COLOURS = dict(red=(1.0, 0.0, 0.0), green=(0.0, 1.0, 0.0), blue=(0.0, 0.0, 1.0), white=(1.0, 1.0, 1.0))
FORMS = ("square", "cross", "bar")


def namespace(d: Any) -> Any:
    if isinstance(d, dict):
        return SimpleNamespace(**{k: namespace(v) for k, v in d.items()})
    return d


def draw(form: str, colour: str, size: int) -> Tensor:
    image = torch.zeros(3, size, size)
    rgb = torch.tensor(COLOURS[colour])[:, None, None]
    quarter, middle = size // 4, size // 2
    match form:
        case "square":
            image[:, quarter:-quarter, quarter:-quarter] = rgb
        case "cross":
            image[:, middle - 1 : middle + 1] = rgb
            image[:, :, middle - 1 : middle + 1] = rgb
        case "bar":
            image[:, middle - 2 : middle + 2, :] = rgb
        case other:
            raise ValueError(f"no such form: {other}")
    return image


class Tokens:
    special = ["<pad>", "<start>", "<end>", "<unk>"]

    def __init__(self, texts: List[str], max_len: int):
        counts = Counter(word for text in texts for word in self.split(text))
        self.words = self.special + [w for w, c in counts.most_common() if c > 1]
        self.index = {w: i for i, w in enumerate(self.words)}
        self.max_len = max_len

    @staticmethod
    def split(text: str) -> List[str]:
        return re.findall(r"\w+", text.lower())

    def __len__(self):
        return len(self.words)

    def __call__(self, text: str) -> List[int]:
        inner = [self.index.get(w, self.index["<unk>"]) for w in self.split(text)][: self.max_len - 2]
        return [self.index["<start>"], *inner, self.index["<end>"]]


class Pairs(Dataset):
    def __init__(self, size: int):
        self.items = [(draw(f, c, size), f"A {c} {f} on black", i) for i, (f, c) in enumerate((f, c) for f in FORMS for c in COLOURS)]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, i) -> Tuple[Tensor, str, int]:
        return self.items[i]


class Collate:
    def __init__(self, tokens: Tokens, augment: bool = True):
        self.tokens, self.augment = tokens, augment

    def jitter(self, image: Tensor) -> Tensor:
        if random.random() < 0.5:
            image = image.flip(-1)
        top, left = (random.randint(0, 4) for _ in range(2))
        _, h, w = image.shape
        image = F.pad(image, (2, 2, 2, 2))[:, top : top + h, left : left + w]
        return (image + 0.05 * torch.randn_like(image)).clamp(0, 1)

    def __call__(self, batch) -> Dict[str, Tensor]:
        images, texts, ids = zip(*batch)
        tokens = [torch.tensor(self.tokens(t)) for t in texts]
        padded = nn.utils.rnn.pad_sequence(tokens, batch_first=True, padding_value=0)
        if self.augment:
            images = [self.jitter(im) for im in images]
        return {"image": torch.stack(list(images)), "text": padded, "mask": padded.ne(0), "id": torch.as_tensor(ids)}


class SE(nn.Module):
    def __init__(self, c: int, r: int = 4):
        super().__init__()
        self.fc = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(c, c // r, 1), nn.ReLU(), nn.Conv2d(c // r, c, 1), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x)


class Residual(nn.Module):
    expansion = 2

    def __init__(self, cin: int, cout: int, stride: int = 1):
        super().__init__()
        mid = cout // self.expansion
        self.body = nn.Sequential()
        for i, (a, b, k, s) in enumerate([(cin, mid, 1, 1), (mid, mid, 3, stride), (mid, cout, 1, 1)]):
            self.body.add_module(f"conv{i}", nn.Conv2d(a, b, k, s, k // 2, bias=False))
            self.body.add_module(f"norm{i}", nn.BatchNorm2d(b))
            if i < 2:
                self.body.add_module(f"act{i}", nn.ReLU(True))
        self.body.append(SE(cout))
        self.skip = nn.Identity() if stride == 1 and cin == cout else nn.Conv2d(cin, cout, 1, stride)

    def forward(self, x):
        return F.relu(self.body(x) + self.skip(x))


class ImageTower(nn.Module):
    def __init__(self, cfg, embed: int):
        super().__init__()
        stem, *_ = cfg.channels
        self.stem = nn.Conv2d(3, stem, 3, padding=1)
        stages, last = [], stem
        for stage, (c, n) in enumerate(zip(cfg.channels, cfg.blocks)):
            stages += [Residual(last if j == 0 else c, c, 2 if j == 0 and stage else 1) for j in range(n)]
            last = c
        self.stages = nn.Sequential(*stages)
        side = cfg.size // 2 ** (len(cfg.channels) - 1)
        self.query = nn.Parameter(torch.randn(1, 1, last) * last**-0.5)
        self.position = nn.Parameter(torch.zeros(side * side + 1, 1, last))
        self.pool = nn.MultiheadAttention(last, num_heads=4)
        self.proj = nn.Linear(last, embed, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stages(self.stem(x)).flatten(2).permute(2, 0, 1)
        x = torch.cat([x.mean(0, keepdim=True), x]) + self.position
        pooled, _ = self.pool(self.query.expand(-1, x.shape[1], -1), x, x, need_weights=False)
        return self.proj(pooled.squeeze(0))


class TextTower(nn.Module):
    def __init__(self, cfg, words: int, embed: int):
        super().__init__()
        self.tok = nn.Embedding(words, cfg.dim, padding_idx=0)
        self.pos = nn.Embedding(cfg.max_len, cfg.dim)
        make = lambda: nn.TransformerEncoderLayer(cfg.dim, cfg.heads, dim_feedforward=cfg.dim * 2, dropout=0.0, batch_first=True)  # noqa: E731
        self.blocks = nn.ModuleList([make() for _ in range(cfg.depth)])
        self.proj = nn.Linear(cfg.dim, embed, bias=False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.tok(ids) + self.pos.weight[: ids.size(1)]
        for block in self.blocks:
            x = block(x, src_key_padding_mask=~mask)
        weights = mask.to(x.dtype)
        return self.proj((x * weights[..., None]).sum(1) / weights.sum(1, keepdim=True))


class TwoTowers(nn.Module):
    def __init__(self, cfg, words: int):
        super().__init__()
        self.online = nn.ModuleDict({"image": ImageTower(cfg.image, cfg.embed), "text": TextTower(cfg.text, words, cfg.embed)})
        self.target = copy.deepcopy(self.online)
        for p in self.target.parameters():
            p.requires_grad = False
        self.m, self.K = cfg.train.momentum, cfg.train.queue
        self.log_scale = nn.Parameter(torch.tensor(1 / cfg.train.temperature).log())
        for name in self.online.keys():
            self.register_buffer(f"queue_{name}", F.normalize(torch.randn(cfg.embed, self.K), dim=0))
        self.register_buffer("ids", torch.full((self.K,), -1))
        self.register_buffer("ptr", torch.zeros(1, dtype=torch.long))

    @torch.no_grad()
    def update_target(self):
        for po, pt in zip(self.online.parameters(), self.target.parameters()):
            pt.data = pt.data * self.m + po.data * (1.0 - self.m)

    @torch.no_grad()
    def enqueue(self, image: Tensor, text: Tensor, ids: Tensor):
        n, start = image.shape[0], int(self.ptr)
        where = torch.arange(start, start + n) % self.K
        for name, new in {"image": image, "text": text}.items():
            getattr(self, f"queue_{name}")[:, where] = new.T
        self.ids[where] = ids
        self.ptr[0] = (start + n) % self.K

    @staticmethod
    def encode(towers: nn.ModuleDict, batch) -> Tuple[Tensor, Tensor]:
        image = towers["image"](batch["image"])
        text = towers["text"](batch["text"], batch["mask"])
        return F.normalize(image, dim=-1), F.normalize(text, dim=-1)

    def one_side(self, q: Tensor, k: Tensor, queue: Tensor, ids: Tensor) -> Tensor:
        positive = torch.einsum("nc,nc->n", q, k).unsqueeze(-1)
        negative = torch.einsum("nc,ck->nk", q, queue.clone().detach())
        same = ids[:, None] == self.ids[None, :]
        negative = negative.masked_fill(same, -1e4)
        logits = torch.cat([positive, negative], dim=1) * self.log_scale.exp().clamp(max=100)
        return F.cross_entropy(logits, torch.zeros(logits.shape[0], dtype=torch.long))

    def forward(self, batch) -> Dict[str, Tensor]:
        image, text = self.encode(self.online, batch)
        with torch.no_grad():
            self.update_target()
            image_k, text_k = self.encode(self.target, batch)
        i2t = self.one_side(image, text_k, self.queue_text, batch["id"])
        t2i = self.one_side(text, image_k, self.queue_image, batch["id"])
        self.enqueue(image_k, text_k, batch["id"])
        return dict(loss=(i2t + t2i) / 2, i2t=i2t, t2i=t2i)


@torch.no_grad()
def recall(model: TwoTowers, batch: Dict[str, Tensor], ks=(1, 5)) -> Dict[str, Tensor]:
    model.eval()
    image, text = model.encode(model.target, batch)
    sim = image @ text.t()
    rank = sim.argsort(dim=1, descending=True)
    hit = rank == torch.arange(len(sim)).unsqueeze(1)
    return {f"R@{k}": hit[:, :k].any(dim=1).float().mean() for k in ks}


def main():
    torch.manual_seed(3)
    random.seed(3)
    cfg = namespace(CFG)
    data = Pairs(cfg.image.size)
    tokens = Tokens([text for _, text, _ in data.items], cfg.text.max_len)
    train, held = random_split(data, [0.75, 0.25], generator=torch.Generator().manual_seed(0))
    sampler = BatchSampler(RandomSampler(train), batch_size=cfg.train.batch, drop_last=True)
    loader = DataLoader(train, batch_sampler=sampler, collate_fn=Collate(tokens))
    model = TwoTowers(cfg, len(tokens))
    decay = [p for n, p in model.named_parameters() if p.requires_grad and p.ndim > 1]
    rest = [p for n, p in model.named_parameters() if p.requires_grad and p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], lr=1e-3)
    for epoch in range(cfg.train.epochs):
        for batch in loader:
            losses = model(batch)
            optimiser.zero_grad(set_to_none=True)
            losses["loss"].backward()
            optimiser.step()
    batch = next(iter(DataLoader(Subset(data, held.indices), batch_size=8, collate_fn=Collate(tokens, augment=False))))
    scores = recall(model, batch)
    print({k: round(v.item(), 3) for k, v in scores.items()}, model.queue_image.shape, model.ids.shape)


if __name__ == "__main__":
    main()
