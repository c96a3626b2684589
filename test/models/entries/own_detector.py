"""A one-stage detector as people write it: anchors, targets for them, focal loss, boxes that are decoded and suppressed."""
# modules: own_detector

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvBlock(nn.Sequential):
    def __init__(self, c1, c2, k=3, s=1, act=True):
        super().__init__(nn.Conv2d(c1, c2, k, s, k // 2, bias=False), nn.BatchNorm2d(c2), nn.SiLU(inplace=True) if act else nn.Identity())


class C2f(nn.Module):
    def __init__(self, c1, c2, n=1):
        super().__init__()
        self.c = c2 // 2
        self.cv1 = ConvBlock(c1, 2 * self.c, 1)
        self.cv2 = ConvBlock((2 + n) * self.c, c2, 1)
        self.m = nn.ModuleList(nn.Sequential(ConvBlock(self.c, self.c), ConvBlock(self.c, self.c)) for _ in range(n))

    def forward(self, x):
        y = list(self.cv1(x).chunk(2, 1))
        y.extend(m(y[-1]) for m in self.m)
        return self.cv2(torch.cat(y, 1))


class SPPF(nn.Module):
    def __init__(self, c1, c2, k=5):
        super().__init__()
        self.cv1 = ConvBlock(c1, c1 // 2, 1)
        self.cv2 = ConvBlock(c1 // 2 * 4, c2, 1)
        self.m = nn.MaxPool2d(k, 1, k // 2)

    def forward(self, x):
        x = self.cv1(x)
        y1 = self.m(x)
        y2 = self.m(y1)
        return self.cv2(torch.cat((x, y1, y2, self.m(y2)), 1))


class DFL(nn.Module):
    def __init__(self, c1=8):
        super().__init__()
        self.conv = nn.Conv2d(c1, 1, 1, bias=False).requires_grad_(False)
        self.conv.weight.data[:] = nn.Parameter(torch.arange(c1, dtype=torch.float).view(1, c1, 1, 1))
        self.c1 = c1

    def forward(self, x):
        b, _, a = x.shape
        return self.conv(x.view(b, 4, self.c1, a).transpose(2, 1).softmax(1)).view(b, 4, a)


def make_anchors(feats, strides, offset=0.5):
    points, stride_tensor = [], []
    for feat, stride in zip(feats, strides):
        h, w = feat.shape[2:]
        sx = torch.arange(end=w, dtype=torch.float) + offset
        sy = torch.arange(end=h, dtype=torch.float) + offset
        sy, sx = torch.meshgrid(sy, sx, indexing="ij")
        points.append(torch.stack((sx, sy), -1).view(-1, 2))
        stride_tensor.append(torch.full((h * w, 1), stride, dtype=torch.float))
    return torch.cat(points), torch.cat(stride_tensor)


def dist2bbox(distance, anchor_points, xywh=True, dim=-1):
    lt, rb = distance.chunk(2, dim)
    x1y1, x2y2 = anchor_points - lt, anchor_points + rb
    if xywh:
        return torch.cat(((x1y1 + x2y2) / 2, x2y2 - x1y1), dim)
    return torch.cat((x1y1, x2y2), dim)


class Detect(nn.Module):
    def __init__(self, nc=3, ch=(), reg_max=8):
        super().__init__()
        self.nc, self.nl, self.reg_max = nc, len(ch), reg_max
        self.no = nc + reg_max * 4
        self.stride = [8, 16]
        c2, c3 = max(16, ch[0] // 4, reg_max * 4), max(ch[0], min(nc, 100))
        self.cv2 = nn.ModuleList(nn.Sequential(ConvBlock(x, c2), nn.Conv2d(c2, 4 * reg_max, 1)) for x in ch)
        self.cv3 = nn.ModuleList(nn.Sequential(ConvBlock(x, c3), nn.Conv2d(c3, nc, 1)) for x in ch)
        self.dfl = DFL(reg_max)
        for a, b, s in zip(self.cv2, self.cv3, self.stride):
            a[-1].bias.data[:] = 1.0
            b[-1].bias.data[: self.nc] = math.log(5 / self.nc / (640 / s) ** 2)

    def forward(self, x):
        for i in range(self.nl):
            x[i] = torch.cat((self.cv2[i](x[i]), self.cv3[i](x[i])), 1)
        if self.training:
            return x
        flat = torch.cat([xi.view(x[0].shape[0], self.no, -1) for xi in x], 2)
        box, cls = flat.split((self.reg_max * 4, self.nc), 1)
        anchors, strides = (t.transpose(0, 1) for t in make_anchors(x, self.stride))
        dbox = dist2bbox(self.dfl(box), anchors.unsqueeze(0), xywh=True, dim=1) * strides
        return torch.cat((dbox, cls.sigmoid()), 1), x


class Yolo(nn.Module):
    def __init__(self, nc=3):
        super().__init__()
        self.stem = nn.Sequential(ConvBlock(3, 8, 3, 2), ConvBlock(8, 16, 3, 2), C2f(16, 16))
        self.p3 = nn.Sequential(ConvBlock(16, 24, 3, 2), C2f(24, 24, n=2))
        self.p4 = nn.Sequential(ConvBlock(24, 32, 3, 2), C2f(32, 32), SPPF(32, 32))
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.fuse3 = C2f(32 + 24, 24)
        self.down = ConvBlock(24, 24, 3, 2)
        self.fuse4 = C2f(24 + 32, 32)
        self.detect = Detect(nc, ch=(24, 32))

    def forward(self, x):
        p3 = self.p3(self.stem(x))
        p4 = self.p4(p3)
        n3 = self.fuse3(torch.cat([self.up(p4), p3], 1))
        n4 = self.fuse4(torch.cat([self.down(n3), p4], 1))
        return self.detect([n3, n4])


def xywh2xyxy(x):
    y = torch.empty_like(x)
    xy, wh = x[..., :2], x[..., 2:] / 2
    y[..., :2], y[..., 2:] = xy - wh, xy + wh
    return y


def box_iou(a, b, eps=1e-7):
    (a1, a2), (b1, b2) = a.unsqueeze(1).chunk(2, 2), b.unsqueeze(0).chunk(2, 2)
    inter = (torch.min(a2, b2) - torch.max(a1, b1)).clamp_(0).prod(2)
    return inter / ((a2 - a1).prod(2) + (b2 - b1).prod(2) - inter + eps)


def nms(boxes, scores, threshold=0.5):
    order = scores.argsort(descending=True)
    keep = []
    while order.numel() > 0:
        i = order[0]
        keep.append(i)
        if order.numel() == 1:
            break
        iou = box_iou(boxes[i][None], boxes[order[1:]]).squeeze(0)
        order = order[1:][iou <= threshold]
    return torch.stack(keep)


def postprocess(prediction, conf=0.1, max_det=10):
    nc = prediction.shape[1] - 4
    prediction = prediction.transpose(-1, -2)
    out = []
    for x in prediction:
        box, cls = x.split((4, nc), 1)
        score, label = cls.max(1, keepdim=True)
        det = torch.cat((xywh2xyxy(box), score, label.float()), 1)[score.view(-1) > conf]
        if not det.shape[0]:
            out.append(torch.zeros((0, 6)))
            continue
        keep = nms(det[:, :4] + det[:, 5:6] * 4096, det[:, 4])[:max_det]
        out.append(det[keep])
    return out


def detection_loss(feats, targets, nc=3, reg_max=8):
    bs = feats[0].shape[0]
    pred_dist, pred_scores = torch.cat([f.view(bs, nc + 4 * reg_max, -1) for f in feats], 2).split((4 * reg_max, nc), 1)
    pred_scores = pred_scores.permute(0, 2, 1).contiguous()
    pred_dist = pred_dist.permute(0, 2, 1).contiguous()
    points, strides = make_anchors(feats, [8, 16])
    b, a, c = pred_dist.shape
    dist = pred_dist.view(b, a, 4, c // 4).softmax(3).matmul(torch.arange(reg_max, dtype=torch.float))
    boxes = dist2bbox(dist, points, xywh=False) * strides
    gt_labels, gt_boxes = targets.split((1, 4), 2)
    centres = points * strides
    lt, rb = gt_boxes.view(-1, 1, 4).chunk(2, 2)
    deltas = torch.cat((centres[None] - lt, rb - centres[None]), dim=2).view(bs, gt_boxes.shape[1], a, -1)
    inside = deltas.amin(3).gt_(1e-9)
    assigned = inside.argmax(1)
    matched = gt_boxes.gather(1, assigned.unsqueeze(-1).expand(-1, -1, 4))
    labels = gt_labels.squeeze(-1).long().gather(1, assigned)
    one_hot = F.one_hot(labels, nc) * inside.any(1).unsqueeze(-1)
    p = pred_scores.sigmoid()
    focal = F.binary_cross_entropy_with_logits(pred_scores, one_hot.float(), reduction="none") * (one_hot - p).abs().pow(1.5)
    ious = torch.stack([box_iou(u, v).diagonal() for u, v in zip(boxes, matched)])
    return focal.mean(1).sum() + (1 - ious).mean()


torch.manual_seed(0)
model = Yolo()
images = torch.rand(2, 3, 64, 96)
targets = torch.cat((torch.randint(0, 3, (2, 4, 1)).float(), xywh2xyxy(torch.rand(2, 4, 4) * 32 + 16)), 2)
loss = detection_loss(model(images), targets)
loss.backward()
model.eval()
with torch.no_grad():
    prediction, raw = model(images)
    found = postprocess(prediction, conf=0.0)
print(loss, prediction.shape, raw[0].shape, [f.shape for f in found])
