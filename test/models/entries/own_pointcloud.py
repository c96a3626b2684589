"""A point-cloud network as people write it: farthest points, balls around them, features carried back, and a loss between clouds."""
# modules: own_pointcloud

import torch
import torch.nn as nn
import torch.nn.functional as F


def square_distance(src, dst):
    B, N, _ = src.shape
    _, M, _ = dst.shape
    dist = -2 * torch.matmul(src, dst.permute(0, 2, 1))
    dist += torch.sum(src**2, -1).view(B, N, 1)
    dist += torch.sum(dst**2, -1).view(B, 1, M)
    return dist


def index_points(points, idx):
    B = points.shape[0]
    view_shape = list(idx.shape)
    view_shape[1:] = [1] * (len(view_shape) - 1)
    repeat_shape = list(idx.shape)
    repeat_shape[0] = 1
    batch = torch.arange(B, dtype=torch.long, device=points.device).view(view_shape).repeat(repeat_shape)
    return points[batch, idx, :]


def farthest_point_sample(xyz, npoint):
    B, N, C = xyz.shape
    centroids = torch.zeros(B, npoint, dtype=torch.long, device=xyz.device)
    distance = torch.ones(B, N, device=xyz.device) * 1e10
    farthest = torch.randint(0, N, (B,), dtype=torch.long, device=xyz.device)
    batch = torch.arange(B, dtype=torch.long, device=xyz.device)
    for i in range(npoint):
        centroids[:, i] = farthest
        centroid = xyz[batch, farthest, :].view(B, 1, 3)
        dist = torch.sum((xyz - centroid) ** 2, -1)
        mask = dist < distance
        distance[mask] = dist[mask]
        farthest = torch.max(distance, -1)[1]
    return centroids


def query_ball_point(radius, nsample, xyz, new_xyz):
    B, N, C = xyz.shape
    _, S, _ = new_xyz.shape
    group_idx = torch.arange(N, dtype=torch.long, device=xyz.device).view(1, 1, N).repeat([B, S, 1])
    sqrdists = square_distance(new_xyz, xyz)
    group_idx[sqrdists > radius**2] = N
    group_idx = group_idx.sort(dim=-1)[0][:, :, :nsample]
    group_first = group_idx[:, :, 0].view(B, S, 1).repeat([1, 1, nsample])
    mask = group_idx == N
    group_idx[mask] = group_first[mask]
    return group_idx


class SetAbstraction(nn.Module):
    def __init__(self, npoint, radius, nsample, in_channel, mlp, group_all=False):
        super().__init__()
        self.npoint, self.radius, self.nsample, self.group_all = npoint, radius, nsample, group_all
        self.convs, self.bns = nn.ModuleList(), nn.ModuleList()
        last = in_channel
        for out in mlp:
            self.convs.append(nn.Conv2d(last, out, 1))
            self.bns.append(nn.BatchNorm2d(out))
            last = out

    def sample_and_group_all(self, xyz, points):
        B, N, C = xyz.shape
        new_xyz = torch.zeros(B, 1, C).to(xyz.device)
        grouped = xyz.view(B, 1, N, C)
        if points is not None:
            grouped = torch.cat([grouped, points.view(B, 1, N, -1)], dim=-1)
        return new_xyz, grouped

    def sample_and_group(self, xyz, points):
        B, N, C = xyz.shape
        S = self.npoint
        new_xyz = index_points(xyz, farthest_point_sample(xyz, S))
        idx = query_ball_point(self.radius, self.nsample, xyz, new_xyz)
        grouped_norm = index_points(xyz, idx) - new_xyz.view(B, S, 1, C)
        if points is None:
            return new_xyz, grouped_norm
        return new_xyz, torch.cat([grouped_norm, index_points(points, idx)], dim=-1)

    def forward(self, xyz, points):
        xyz = xyz.permute(0, 2, 1)
        if points is not None:
            points = points.permute(0, 2, 1)
        group = self.sample_and_group_all if self.group_all else self.sample_and_group
        new_xyz, new_points = group(xyz, points)
        new_points = new_points.permute(0, 3, 2, 1)
        for conv, bn in zip(self.convs, self.bns):
            new_points = F.relu(bn(conv(new_points)))
        new_points = torch.max(new_points, 2)[0]
        return new_xyz.permute(0, 2, 1), new_points


class FeaturePropagation(nn.Module):
    def __init__(self, in_channel, mlp):
        super().__init__()
        layers = []
        for out in mlp:
            layers += [nn.Conv1d(in_channel, out, 1), nn.BatchNorm1d(out), nn.ReLU()]
            in_channel = out
        self.mlp = nn.Sequential(*layers)

    def forward(self, xyz1, xyz2, points1, points2):
        xyz1, xyz2, points2 = (t.permute(0, 2, 1) for t in (xyz1, xyz2, points2))
        B, N, C = xyz1.shape
        _, S, _ = xyz2.shape
        if S == 1:
            interpolated = points2.repeat(1, N, 1)
        else:
            dists, idx = square_distance(xyz1, xyz2).sort(dim=-1)
            dists, idx = dists[:, :, :3], idx[:, :, :3]
            recip = 1.0 / (dists + 1e-8)
            weight = recip / torch.sum(recip, dim=2, keepdim=True)
            interpolated = torch.sum(index_points(points2, idx) * weight.view(B, N, 3, 1), dim=2)
        if points1 is not None:
            interpolated = torch.cat([points1.permute(0, 2, 1), interpolated], dim=-1)
        return self.mlp(interpolated.permute(0, 2, 1))


class PointNet(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.sa1 = SetAbstraction(16, 0.4, 8, 3 + 3, [8, 16])
        self.sa2 = SetAbstraction(None, None, None, 16 + 3, [24, 32], group_all=True)
        self.fp2 = FeaturePropagation(32 + 16, [24])
        self.fp1 = FeaturePropagation(24 + 3, [16, 16])
        self.head = nn.Conv1d(16, classes, 1)

    def forward(self, xyz):
        l0_points, l0_xyz = xyz, xyz[:, :3, :]
        l1_xyz, l1_points = self.sa1(l0_xyz, l0_points)
        l2_xyz, l2_points = self.sa2(l1_xyz, l1_points)
        l1_points = self.fp2(l1_xyz, l2_xyz, l1_points, l2_points)
        l0_points = self.fp1(l0_xyz, l1_xyz, l0_points, l1_points)
        x = self.head(l0_points)
        return F.log_softmax(x, dim=1).permute(0, 2, 1), l2_points


class TNet(nn.Module):
    def __init__(self, k=3):
        super().__init__()
        self.k = k
        self.conv = nn.Sequential(nn.Conv1d(k, 16, 1), nn.ReLU(), nn.Conv1d(16, 32, 1), nn.ReLU())
        self.fc = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, k * k))

    def forward(self, x):
        h = self.conv(x).max(2, keepdim=True)[0].view(-1, 32)
        iden = torch.eye(self.k).flatten().unsqueeze(0).repeat(x.size(0), 1)
        return (self.fc(h) + iden).view(-1, self.k, self.k)


def knn(x, k):
    inner = -2 * torch.matmul(x.transpose(2, 1), x)
    xx = torch.sum(x**2, dim=1, keepdim=True)
    return (-xx - inner - xx.transpose(2, 1)).topk(k=k, dim=-1)[1]


def edge_features(x, k=5):
    B, C, N = x.shape
    idx = knn(x, k) + torch.arange(0, B).view(-1, 1, 1) * N
    flat = x.transpose(2, 1).contiguous().view(B * N, -1)
    neighbours = flat[idx.view(-1), :].view(B, N, k, C)
    centre = x.transpose(2, 1).unsqueeze(2).repeat(1, 1, k, 1)
    return torch.cat((neighbours - centre, centre), dim=3).permute(0, 3, 1, 2).contiguous()


def chamfer(a, b):
    d = torch.cdist(a, b)
    return d.min(dim=2).values.mean(dim=1) + d.min(dim=1).values.mean(dim=1)


torch.manual_seed(0)
cloud = torch.randn(2, 3, 40)
target = torch.randint(0, 4, (2, 40))
model = PointNet()
log_probs, top = model(cloud)
loss = F.nll_loss(log_probs.reshape(-1, 4), target.view(-1))
loss.backward()
rotation = TNet()(cloud)
aligned = torch.bmm(cloud.transpose(2, 1), rotation).transpose(2, 1)
edges = nn.Conv2d(6, 8, 1)(edge_features(aligned)).max(dim=-1)[0]
ious = []
for c in range(4):
    hit = (log_probs.argmax(-1) == c) & (target == c)
    either = (log_probs.argmax(-1) == c) | (target == c)
    ious.append((hit.sum(1) + 1) / (either.sum(1) + 1))
print(loss, top.shape, edges.shape, chamfer(cloud.mT, aligned.mT).shape, torch.stack(ious, dim=1).mean(0))
