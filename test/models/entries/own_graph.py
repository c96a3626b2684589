"""Networks on graphs: message passing by scatter, attention over neighbours, pooling, batches of graphs."""
# modules: own_graph

from collections import namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F

Graph = namedtuple("Graph", ["x", "edge_index", "edge_attr"])


def degree(index, n):
    return torch.zeros(n).scatter_add_(0, index, torch.ones_like(index, dtype=torch.float))


def scatter_softmax(src, index, n):
    expanded = index.view(-1, *[1] * (src.dim() - 1)).expand_as(src)
    top = src.new_full((n, *src.shape[1:]), float("-inf")).scatter_reduce(0, expanded, src, reduce="amax", include_self=False)
    exp = (src - top[index]).exp()
    total = torch.zeros(n, *src.shape[1:]).index_add(0, index, exp)
    return exp / (total[index] + 1e-16)


class GCNConv(nn.Module):
    def __init__(self, d_in, d_out):
        super().__init__()
        self.lin = nn.Linear(d_in, d_out, bias=False)
        self.bias = nn.Parameter(torch.zeros(d_out))

    def forward(self, x, edge_index):
        n = x.size(0)
        loops = torch.arange(n).repeat(2, 1)
        edge_index = torch.cat([edge_index, loops], dim=1)
        row, col = edge_index
        deg = degree(col, n)
        inv = deg.pow(-0.5)
        inv[inv == float("inf")] = 0
        norm = inv[row] * inv[col]
        out = torch.zeros(n, self.lin.out_features)
        messages = norm.view(-1, 1) * self.lin(x).index_select(0, row)
        out.index_add_(0, col, messages)
        return out + self.bias


class GATConv(nn.Module):
    def __init__(self, d_in, d_out, heads=2, edge_dim=None, concat=True):
        super().__init__()
        self.heads, self.d_out, self.concat = heads, d_out, concat
        self.lin = nn.Linear(d_in, heads * d_out)
        self.att_src = nn.Parameter(torch.empty(1, heads, d_out))
        self.att_dst = nn.Parameter(torch.empty(1, heads, d_out))
        self.edge = nn.Linear(edge_dim, heads) if edge_dim else None
        for p in (self.att_src, self.att_dst):
            nn.init.xavier_uniform_(p)

    def forward(self, x, edge_index, edge_attr=None):
        src, dst = edge_index[0], edge_index[1]
        h = self.lin(x).view(-1, self.heads, self.d_out)
        a_src = (h * self.att_src).sum(dim=-1)
        a_dst = (h * self.att_dst).sum(-1)
        e = a_src[src] + a_dst[dst]
        if self.edge is not None and edge_attr is not None:
            e = e + self.edge(edge_attr)
        alpha = scatter_softmax(F.leaky_relu(e, 0.2), dst, x.shape[0])
        messages = h[src] * alpha.unsqueeze(-1)
        index = dst[:, None, None].expand(-1, self.heads, self.d_out)
        out = torch.zeros_like(h).scatter_add_(0, index, messages)
        return out.flatten(1) if self.concat else out.mean(dim=1)


class GraphNet(nn.Module):
    def __init__(self, d_in, hidden, classes):
        super().__init__()
        self.convs = nn.ModuleList([GCNConv(d_in, hidden), GATConv(hidden, hidden, heads=2, edge_dim=3), GATConv(2 * hidden, hidden, concat=False)])
        self.norm = nn.BatchNorm1d(hidden)
        self.readout = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.PReLU(), nn.Linear(hidden, classes))

    def forward(self, graph, batch):
        x = F.relu(self.convs[0](graph.x, graph.edge_index))
        x = F.elu(self.convs[1](x, graph.edge_index, graph.edge_attr))
        x = self.norm(self.convs[2](x, graph.edge_index))
        size = int(batch.max()) + 1
        total = x.new_zeros(size, x.size(1)).index_add_(0, batch, x)
        count = torch.bincount(batch, minlength=size).unsqueeze(1)
        top = torch.full((size, x.size(1)), -1e9).index_reduce(0, batch, x, "amax")
        return self.readout(torch.cat([total / count, top], dim=1))


def collate(graphs):
    offset, xs, edges, attrs, batch = 0, [], [], [], []
    for i, g in enumerate(graphs):
        xs.append(g.x)
        edges.append(g.edge_index + offset)
        attrs.append(g.edge_attr)
        batch += [i] * g.x.shape[0]
        offset += g.x.shape[0]
    return Graph(torch.cat(xs), torch.cat(edges, dim=1), torch.cat(attrs)), torch.as_tensor(batch)


def ring(n, d):
    a = torch.arange(n)
    b = (a + 1) % n
    edge_index = torch.stack([torch.cat([a, b]), torch.cat([b, a])])
    return Graph(torch.randn(n, d), edge_index, torch.randn(edge_index.shape[1], 3))


graph, batch = collate([ring(5, 8), ring(7, 8), ring(4, 8)])
model = GraphNet(8, 16, 3)
logits = model(graph, batch)
labels = torch.LongTensor([0, 2, 1])
loss = F.nll_loss(F.log_softmax(logits, dim=1), labels)
loss.backward()
adjacency = torch.zeros(16, 16)
adjacency[graph.edge_index[0], graph.edge_index[1]] = 1
laplacian = torch.diag(adjacency.sum(1)) - adjacency
eigenvalues, eigenvectors = torch.linalg.eigh(laplacian)
positional = eigenvectors[:, 1:5]
walk = adjacency / adjacency.sum(dim=-1, keepdim=True).clamp(min=1)
powers = torch.stack([torch.matrix_power(walk, k).diagonal() for k in range(1, 4)], dim=-1)
distances = torch.cdist(positional, positional)
print(logits.shape, loss, eigenvalues.shape, positional.shape, powers.shape, distances.shape)
