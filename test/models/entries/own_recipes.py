"""Recipes as tokens: a vocabulary by counting, batches of like length, a tagger and a ranker, beam search by heap."""
# modules: own_recipes

import argparse
import heapq
import random
import string
from collections import Counter, defaultdict
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_packed_sequence, pad_sequence, pack_padded_sequence
from torch.utils.data import DataLoader, Dataset

RECIPES = """
boil water add salt add pasta stir drain
chop onion fry onion add rice add water simmer
whisk eggs add milk add flour rest fry
slice bread toast bread add butter
""".strip().split("\n")
TAGS = {"boil": "heat", "fry": "heat", "simmer": "heat", "toast": "heat", "chop": "cut", "slice": "cut"}


def get_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=24)
    parser.add_argument("--heads", type=int, default=3)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--min-count", type=int, default=1)
    parser.add_argument("--encoder", choices=["gru", "attention"], default="attention")
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--amp", action="store_true")
    return parser.parse_args()


class Lexicon:
    special = ["<pad>", "<s>", "</s>", "<unk>"]

    def __init__(self, lines, min_count):
        counts = Counter()
        for line in lines:
            counts.update(line.split())
        kept = [word for word, n in counts.most_common() if n >= min_count]
        self.words = self.special + sorted(kept)
        self.ids = {word: i for i, word in enumerate(self.words)}
        self.letters = {letter: 1 + i for i, letter in enumerate(string.ascii_lowercase)}

    def __len__(self):
        return len(self.words)

    def __call__(self, line, ends=True):
        ids = [self.ids.get(word, self.ids["<unk>"]) for word in line.split()]
        return [1, *ids, 2] if ends else ids

    def spell(self, word, size=8):
        codes = [self.letters[c] for c in word if c in self.letters][:size]
        return codes + [0] * (size - len(codes))


class Recipes(Dataset):
    def __init__(self, lines, lexicon, tags):
        self.rows = []
        self.tags = {tag: i for i, tag in enumerate(sorted(set(tags.values())), start=1)}
        for line in lines:
            words = line.split()
            self.rows.append(
                {
                    "ids": torch.tensor(lexicon(line, ends=False)),
                    "spelling": torch.tensor([lexicon.spell(word) for word in words]),
                    "tags": torch.tensor([self.tags.get(tags.get(word, ""), 0) for word in words]),
                }
            )

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


def collate(rows):
    lengths = torch.tensor([len(row["ids"]) for row in rows])
    batch = {key: pad_sequence([row[key] for row in rows], batch_first=True) for key in rows[0]}
    batch["mask"] = torch.arange(lengths.max())[None, :] < lengths[:, None]
    return batch, lengths


class CharCNN(nn.Module):
    def __init__(self, width, kernels=(2, 3)):
        super().__init__()
        self.embed = nn.Embedding(27, 10, padding_idx=0)
        self.convs = nn.ModuleList(nn.Conv1d(10, width // len(kernels), k, padding=k - 1) for k in kernels)

    def forward(self, spelling):
        b, s, c = spelling.shape
        x = self.embed(spelling.view(b * s, c)).transpose(1, 2)
        x = torch.cat([F.relu(conv(x)).amax(dim=-1) for conv in self.convs], dim=-1)
        return x.view(b, s, -1)


class Attend(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.mix = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x, mask):
        b, s, w = x.shape
        q, k, v = self.mix(self.norm(x)).view(b, s, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        return x + self.out(y.transpose(1, 2).flatten(2))


class Tagger(nn.Module):
    def __init__(self, args, n_words, n_tags):
        super().__init__()
        self.args = args
        self.words = nn.Embedding(n_words, args.width, padding_idx=0)
        self.chars = CharCNN(args.width)
        self.fuse = nn.Linear(2 * args.width, args.width)
        if args.encoder == "gru":
            self.encoder = nn.GRU(args.width, args.width // 2, batch_first=True, bidirectional=True)
        else:
            self.encoder = nn.ModuleList([Attend(args.width, args.heads) for _ in range(args.layers)])
        self.side = nn.LSTM(args.width, 5, batch_first=True)
        self.tags = nn.Linear(args.width + 5, n_tags)

    def forward(self, ids, spelling, mask, lengths):
        x = torch.cat((self.words(ids), self.chars(spelling)), dim=-1)
        x = torch.tanh(self.fuse(x))
        if self.args.encoder == "gru":
            x, _ = self.encoder(x)
        else:
            for layer in self.encoder:
                x = layer(x, mask)
        packed = pack_padded_sequence(x, lengths.tolist(), batch_first=True, enforce_sorted=False)
        out, (h, c) = self.side(packed)
        side, sizes = pad_packed_sequence(out, batch_first=True)
        return self.tags(torch.cat([x, side], -1)), h[-1]


def step(model, batch, lengths):
    logits, summary = model(batch["ids"], batch["spelling"], batch["mask"], lengths)
    losses = F.cross_entropy(logits.transpose(1, 2), batch["tags"], reduction="none")
    loss = (losses * batch["mask"]).sum() / batch["mask"].sum()
    hits = (logits.argmax(-1) == batch["tags"]) & batch["mask"]
    per_class = defaultdict(list)
    for tag in range(logits.size(-1)):
        chosen = batch["tags"] == tag
        per_class[tag].append((hits & chosen).float().mean())
    scores = torch.stack([torch.stack(v).mean() for v in per_class.values()])
    return loss, summary, scores


class Next(nn.Module):
    def __init__(self, n, width):
        super().__init__()
        self.table = nn.Embedding(n, width)
        self.cell = nn.GRUCell(width, width)

    def forward(self, token, state):
        state = self.cell(self.table(token), state)
        return F.log_softmax(state @ self.table.weight.T, dim=-1), state


@torch.no_grad()
def beam_search(model, width, beams=3, steps=4):
    heap = [(0.0, 0, [1], torch.zeros(1, width))]
    count = 1
    for _ in range(steps):
        grown = []
        for score, _, tokens, state in heap:
            log_probs, new = model(torch.tensor(tokens[-1:]), state)
            values, words = log_probs.squeeze(0).topk(beams)
            for value, word in zip(values.tolist(), words.tolist()):
                grown.append((score - value, count, tokens + [word], new))
                count += 1
        heap = heapq.nsmallest(beams, grown)
    best = heap[0]
    return torch.tensor(best[2]), torch.cat([state for *_, state in heap])


def main():
    args = get_args()
    random.seed(3)
    torch.manual_seed(3)
    lexicon = Lexicon(RECIPES, args.min_count)
    data = Recipes(RECIPES, lexicon, TAGS)
    order = list(range(len(data)))
    random.shuffle(order)
    loader = DataLoader(data, batch_size=args.batch, collate_fn=collate)
    model = Tagger(args, len(lexicon), 1 + len(data.tags))
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    history = []
    for epoch in range(2):
        for batch, lengths in loader:
            with torch.autocast("cpu", enabled=args.amp):
                loss, summary, scores = step(model, batch, lengths)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            history.append(loss.detach())
    curve = torch.stack(history)
    smooth = curve.unfold(0, 2, 1).mean(-1)
    tokens, states = beam_search(Next(len(lexicon), args.width), args.width)
    if args.out is not None:
        torch.save({"model": model.state_dict(), "curve": curve}, args.out)
    print(smooth.shape, tokens.shape, states.shape, [lexicon.words[i] for i in tokens])


if __name__ == "__main__":
    main()
