"""Every token picks its best few attention heads; experts after it are run on the tokens that chose them."""

import torch
from torch import nn
from torch.nn import functional as F


def one_hot_rank(scores, k):
    """The chosen indices, their renormalised weights, and a 0/1 table of what was chosen."""
    values, indices = scores.topk(k, dim=-1)
    weights = values / values.sum(-1, keepdim=True)
    table = torch.zeros_like(scores).scatter_(-1, indices, 1.0)
    return indices, weights, table


def balance_loss(probabilities, table):
    dims = tuple(range(table.dim() - 1))
    share = table.mean(dim=dims)
    belief = probabilities.mean(dim=dims)
    return probabilities.size(-1) * torch.dot(share, belief)


class HeadMixture(nn.Module):
    def __init__(self, dim, *, total, active, head_dim):
        super().__init__()
        if active > total:
            raise ValueError("cannot use more heads than there are")
        self.total, self.active, self.head_dim = total, active, head_dim
        self.router = nn.Linear(dim, total, bias=False)
        self.query = nn.Parameter(torch.randn(total, dim, head_dim) / dim**0.5)
        self.output = nn.Parameter(torch.randn(total, head_dim, dim) / head_dim**0.5)
        self.shared_kv = nn.Linear(dim, 2 * head_dim)

    def forward(self, x):
        batch, length, dim = x.shape
        probabilities = F.softmax(self.router(x), dim=-1)
        chosen, weights, table = one_hot_rank(probabilities, self.active)

        queries = torch.einsum("btd,edh->bteh", x, self.query)
        index = chosen.unsqueeze(-1).expand(-1, -1, -1, self.head_dim)
        q = queries.gather(2, index)

        k, v = self.shared_kv(x).split([self.head_dim, self.head_dim], dim=-1)
        scores = torch.einsum("btah,bsh->bats", q, k) / self.head_dim**0.5
        future = torch.ones(length, length, dtype=torch.bool, device=x.device).triu(diagonal=1)
        attention = scores.masked_fill(future, float("-inf")).softmax(dim=-1)
        mixed = (attention @ v[:, None]).transpose(1, 2)

        out_weights = self.output[chosen]
        out = (mixed.unsqueeze(-2) @ out_weights).squeeze(-2)
        out = (out * weights[..., None]).sum(dim=2)
        return out, balance_loss(probabilities, table)


class Experts(nn.Module):
    def __init__(self, dim, hidden, count, active=2):
        super().__init__()
        self.active = active
        self.gate = nn.Linear(dim, count)
        self.experts = nn.ModuleList(
            [nn.Sequential(nn.Linear(dim, hidden), nn.SiLU(), nn.Linear(hidden, dim)) for _ in range(count)]
        )

    def forward(self, x):
        shape = x.shape
        tokens = x.reshape(-1, shape[-1])
        chosen, weights, _ = one_hot_rank(self.gate(tokens).softmax(-1), self.active)

        # group the copies of the tokens by the expert they go to
        flat = chosen.flatten()
        order = flat.argsort(stable=True)
        source = order // self.active
        counts = torch.bincount(flat, minlength=len(self.experts)).tolist()

        groups = tokens[source].split(counts)
        results = torch.cat([expert(group) for expert, group in zip(self.experts, groups)], dim=0)
        results = results * weights.flatten()[order].unsqueeze(1)
        return torch.zeros_like(tokens).index_add(0, source, results).view(shape)


class Layer(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.heads = HeadMixture(dim, total=7, active=3, head_dim=10)
        self.experts = Experts(dim, hidden=44, count=4)
        self.norms = nn.ModuleList([nn.LayerNorm(dim), nn.LayerNorm(dim)])

    def forward(self, x):
        before, after = self.norms
        y, loss = self.heads(before(x))
        x = x + y
        x = x + self.experts(after(x))
        return x, loss


class Model(nn.Module):
    def __init__(self, vocab, dim, depth):
        super().__init__()
        self.embedding = nn.Parameter(torch.randn(vocab, dim))
        self.layers = nn.ModuleList([Layer(dim) for _ in range(depth)])

    def forward(self, ids):
        x = self.embedding[ids]
        losses = []
        for layer in self.layers:
            x, loss = layer(x)
            losses.append(loss)
        logits = torch.tensordot(x, self.embedding, dims=([-1], [1]))
        return logits, torch.stack(losses).mean()


def last_token_loss(logits, ids, lengths):
    """Cross entropy of the token that comes last in each row."""
    rows = torch.arange(ids.size(0))
    last = lengths - 1
    predicted = logits[rows, last - 1]
    return F.cross_entropy(predicted, ids[rows, last])


if __name__ == "__main__":
    torch.manual_seed(0)
    ids = torch.randint(0, 31, (2, 13))
    model = Model(vocab=31, dim=36, depth=2)
    logits, auxiliary = model(ids)
    loss = last_token_loss(logits, ids, torch.tensor([13, 9])) + 0.01 * auxiliary
    loss.backward()
    print(logits.shape, model.embedding.grad.shape, f"{loss.item():.3f}")
