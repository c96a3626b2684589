"""Mixtures of experts: routing with masks and index_add, with capacity, with sorted tokens, with einsum."""
# modules: own_experts

import torch
import torch.nn as nn
import torch.nn.functional as F


class Expert(nn.Module):
    def __init__(self, d_model, d_ff):
        super().__init__()
        self.w_in = nn.Linear(d_model, 2 * d_ff)
        self.w_out = nn.Linear(d_ff, d_model)

    def forward(self, x):
        gate, value = self.w_in(x).chunk(2, dim=-1)
        return self.w_out(F.gelu(gate) * value)


class SparseMoE(nn.Module):
    def __init__(self, d_model=16, d_ff=24, n_experts=4, top_k=2):
        super().__init__()
        self.n_experts, self.top_k = n_experts, top_k
        self.gate = nn.Linear(d_model, n_experts, bias=False)
        self.experts = nn.ModuleList([Expert(d_model, d_ff) for _ in range(n_experts)])

    def forward(self, x):
        b, s, d = x.shape
        flat = x.view(-1, d)
        logits = self.gate(flat)
        weights = F.softmax(logits, dim=1, dtype=torch.float)
        weights, chosen = torch.topk(weights, self.top_k, dim=-1)
        weights /= weights.sum(dim=-1, keepdim=True)
        weights = weights.to(x.dtype)
        out = torch.zeros((b * s, d), dtype=x.dtype, device=x.device)
        mask = F.one_hot(chosen, num_classes=self.n_experts).permute(2, 1, 0)
        for e in range(self.n_experts):
            slot, token = torch.where(mask[e])
            if token.numel() == 0:
                continue
            current = flat[None, token].reshape(-1, d)
            current = self.experts[e](current) * weights[token, slot, None]
            out.index_add_(0, token, current.to(x.dtype))
        return out.reshape(b, s, d), logits


class SwitchLayer(nn.Module):
    """One expert a token, of bounded capacity: tokens over it are dropped."""

    def __init__(self, dim=16, n_experts=4, capacity_factor=1.25):
        super().__init__()
        self.router = nn.Linear(dim, n_experts)
        self.w1 = nn.Parameter(torch.randn(n_experts, dim, 2 * dim) * 0.02)
        self.w2 = nn.Parameter(torch.randn(n_experts, 2 * dim, dim) * 0.02)
        self.capacity_factor = capacity_factor

    def forward(self, x):
        n, d = x.shape
        n_experts = self.w1.size(0)
        capacity = int(self.capacity_factor * n / n_experts)
        probs = self.router(x).softmax(dim=-1)
        top, expert = probs.max(dim=-1)
        one_hot = F.one_hot(expert, n_experts)
        position = (one_hot.cumsum(dim=0) - 1) * one_hot
        rank = position.sum(dim=-1)
        keep = rank < capacity
        dispatch = F.one_hot(expert, n_experts).float()[..., None] * F.one_hot(rank.clamp(max=capacity - 1), capacity).float()[:, None]
        dispatch = dispatch * keep[:, None, None]
        inputs = torch.einsum("nec,nd->ecd", dispatch, x)
        hidden = torch.relu(torch.bmm(inputs, self.w1))
        outputs = torch.einsum("ech,ehd->ecd", hidden, self.w2)
        combined = torch.einsum("ecd,nec->nd", outputs, dispatch * top[:, None, None])
        density = one_hot.float().mean(dim=0)
        balance = n_experts * (density * probs.mean(0)).sum()
        return combined, balance


class SortedMoE(nn.Module):
    """Tokens are sorted by their expert, each expert gets its run."""

    def __init__(self, dim=16, n_experts=4, top_k=2):
        super().__init__()
        self.top_k = top_k
        self.router = nn.Linear(dim, n_experts)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(dim, dim), nn.SiLU()) for _ in range(n_experts))
        self.shared = nn.Linear(dim, dim)

    @torch.no_grad()
    def infer(self, x, ids, weights):
        counts = ids.new_zeros((ids.shape[0], len(self.experts)))
        counts.scatter_(1, ids, 1)
        per_expert = counts.sum(dim=0)
        order = ids.view(-1).argsort()
        tokens = x[order // ids.shape[1]]
        outputs, start = [], 0
        for i, n in enumerate(per_expert.cpu().numpy()):
            end = start + n
            if n == 0:
                continue
            outputs.append(self.experts[i](tokens[start:end]))
            start = end
        outs = torch.cat(outputs, dim=0) if len(outputs) else tokens.new_empty(0)
        new = torch.empty_like(outs)
        new[order] = outs
        return new.view(*ids.shape, -1).type(weights.dtype).mul_(weights.unsqueeze(dim=-1)).sum(dim=1).type(new.dtype)

    def forward(self, x):
        scores = self.router(x).sigmoid()
        weights, ids = scores.topk(self.top_k, dim=-1, sorted=False)
        return self.infer(x, ids, weights) + self.shared(x)


x = torch.randn(2, 6, 16)
sparse, switch, ordered = SparseMoE(), SwitchLayer(), SortedMoE()
y, router_logits = sparse(x)
z, balance = switch(y.flatten(0, 1))
w = ordered(z)
loss = w.square().mean() + 0.01 * balance
loss.backward()
print(y.shape, router_logits.shape, z.shape, w.shape, loss)
