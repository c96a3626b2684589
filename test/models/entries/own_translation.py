"""Translation: a tokenizer by hand, padded and packed batches, an attentive recurrent decoder, beam search, BLEU."""
# modules: own_translation

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Iterable, List, Optional, Tuple, TypedDict

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torch.utils.data import DataLoader, Dataset

PAIRS = [
    ("the red boat sails home", "das rote boot segelt heim"),
    ("a boat", "ein boot"),
    ("the old man reads a red book", "der alte mann liest ein rotes buch"),
    ("she reads", "sie liest"),
    ("the man sails", "der mann segelt"),
    ("home is where the book is", "heim ist wo das buch ist"),
]
PAD, BOS, EOS, UNK = range(4)


class Batch(TypedDict):
    source: torch.Tensor
    lengths: torch.Tensor
    target: torch.Tensor


class Vocabulary:
    specials = ("<pad>", "<s>", "</s>", "<unk>")

    def __init__(self, texts: Iterable[str], at_least: int = 1):
        counts = Counter(w for text in texts for w in self.split(text))
        kept = [w for w, n in counts.most_common() if n >= at_least]
        self.words = list(self.specials) + kept
        self.ids = {w: i for i, w in enumerate(self.words)}

    @staticmethod
    def split(text: str) -> List[str]:
        return re.findall(r"\w+|[^\w\s]", text.lower())

    def encode(self, text: str, close: bool = True) -> torch.Tensor:
        ids = [self.ids.get(w, UNK) for w in self.split(text)]
        return torch.tensor([BOS, *ids, EOS] if close else ids, dtype=torch.long)

    def decode(self, ids: Iterable[int]) -> str:
        return " ".join(self.words[i] for i in ids if i not in (PAD, BOS, EOS))

    def __len__(self):
        return len(self.words)


class Pairs(Dataset):
    def __init__(self, pairs, source: Vocabulary, target: Vocabulary):
        self.items = [(source.encode(a, close=False), target.encode(b)) for a, b in pairs]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]

    @staticmethod
    def collate(items) -> Batch:
        items.sort(key=lambda pair: len(pair[0]), reverse=True)
        sources, targets = zip(*items)
        return {
            "source": pad_sequence(sources, batch_first=True, padding_value=PAD),
            "lengths": torch.tensor([len(s) for s in sources]),
            "target": pad_sequence(targets, batch_first=True, padding_value=PAD),
        }


class Encoder(nn.Module):
    def __init__(self, vocabulary: int, width: int, depth: int = 2):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width, padding_idx=PAD)
        self.rnn = nn.LSTM(width, width, depth, batch_first=True, bidirectional=True)
        self.bridge = nn.ModuleList([nn.Linear(2 * width, width) for _ in range(2)])

    def forward(self, source, lengths):
        packed = pack_padded_sequence(self.embed(source), lengths, batch_first=True)
        out, state = self.rnn(packed)
        memory, _ = pad_packed_sequence(out, batch_first=True)
        last = [s.view(self.rnn.num_layers, 2, s.size(1), -1)[-1] for s in state]
        h, c = (torch.tanh(layer(torch.cat(tuple(s), dim=-1))) for layer, s in zip(self.bridge, last))
        return memory, (h, c)


class Attention(nn.Module):
    def __init__(self, width: int, memory_width: int):
        super().__init__()
        self.w, self.u = nn.Linear(width, width, bias=False), nn.Linear(memory_width, width, bias=False)
        self.v = nn.Parameter(torch.randn(width) / math.sqrt(width))

    def forward(self, h, memory, mask):
        energy = torch.tanh(self.w(h)[:, None] + self.u(memory)) @ self.v
        weights = energy.masked_fill(~mask, float("-inf")).softmax(dim=-1)
        return torch.einsum("bs,bsd->bd", weights, memory), weights


@dataclass
class Hypothesis:
    tokens: Tuple[int, ...]
    score: float
    state: Tuple[torch.Tensor, torch.Tensor]

    @property
    def is_done(self) -> bool:
        return self.tokens[-1] == EOS


class Translator(nn.Module):
    def __init__(self, n_source: int, n_target: int, width: int = 24):
        super().__init__()
        self.encoder = Encoder(n_source, width)
        self.embed = nn.Embedding(n_target, width, padding_idx=PAD)
        self.attend = Attention(width, 2 * width)
        self.cell = nn.LSTMCell(3 * width, width)
        self.out = nn.Sequential(nn.Linear(3 * width, width), nn.Dropout(0.1), nn.Linear(width, n_target, bias=False))
        self.out[-1].weight = self.embed.weight

    def step(self, token, state, memory, mask):
        context, weights = self.attend(state[0], memory, mask)
        state = self.cell(torch.cat([self.embed(token), context], -1), state)
        return self.out(torch.cat([state[0], context], -1)), state, weights

    def forward(self, batch: Batch):
        memory, state = self.encoder(batch["source"], batch["lengths"])
        mask = batch["source"] != PAD
        logits, maps = [], []
        for token in batch["target"][:, :-1].unbind(1):
            scores, state, weights = self.step(token, state, memory, mask)
            logits.append(scores)
            maps.append(weights)
        return torch.stack(logits, dim=1), torch.stack(maps, dim=1)

    @torch.no_grad()
    def search(self, source: torch.Tensor, beam: int = 3, limit: int = 7) -> Hypothesis:
        memory, state = self.encoder(source[None], torch.tensor([len(source)]))
        mask = torch.ones(1, len(source), dtype=torch.bool)
        live = [Hypothesis((BOS,), 0.0, state)]
        done: List[Hypothesis] = []
        for _ in range(limit):
            grown = []
            for hypothesis in live:
                token = torch.tensor(hypothesis.tokens[-1:])
                scores, after, _ = self.step(token, hypothesis.state, memory, mask)
                top, ids = scores.log_softmax(-1)[0].topk(beam)
                for s, i in zip(top.tolist(), ids.tolist()):
                    grown.append(Hypothesis((*hypothesis.tokens, i), hypothesis.score + s, after))
            grown.sort(key=lambda h: -h.score)
            done += [h for h in grown if h.is_done]
            live = [h for h in grown if not h.is_done][:beam]
        return max(done or live, key=lambda h: h.score / len(h.tokens))


def ngrams(words, n):
    return Counter(zip(*(words[i:] for i in range(n))))


def bleu(candidates: List[str], references: List[str], most: int = 4) -> torch.Tensor:
    hits, totals = torch.zeros(most), torch.zeros(most)
    for candidate, reference in zip(candidates, references):
        c, r = candidate.split(), reference.split()
        for n in range(1, most + 1):
            found, wanted = ngrams(c, n), ngrams(r, n)
            hits[n - 1] += sum((found & wanted).values())
            totals[n - 1] += max(len(c) - n + 1, 0)
    precision = (hits + 1) / (totals + 1)
    return precision.log().mean().exp()


def main():
    torch.manual_seed(1)
    english, german = (Vocabulary(side) for side in zip(*PAIRS))
    data = Pairs(PAIRS, english, german)
    loader = DataLoader(data, batch_size=3, collate_fn=Pairs.collate)
    model = Translator(len(english), len(german))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(3):
        for batch in loader:
            logits, maps = model(batch)
            wanted = batch["target"][:, 1:]
            loss = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=PAD, label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
    model.eval()
    found = [model.search(source) for source, _ in data]
    quality = bleu([german.decode(h.tokens) for h in found], [b for _, b in PAIRS])
    best: Optional[Hypothesis] = max(found, key=lambda h: h.score, default=None)
    print(maps.shape, quality.shape, best.state[0].shape)


if __name__ == "__main__":
    main()
