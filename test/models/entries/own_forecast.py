"""Forecasts of series: windows of an array, reversible norms, patches, periods found by FFT, decomposition, a command line."""
# modules: own_forecast

import argparse
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

parser = argparse.ArgumentParser(description="forecasting")
parser.add_argument("--model", type=str, default="patch", choices=["patch", "dlinear", "times"])
parser.add_argument("--seq_len", type=int, default=48)
parser.add_argument("--pred_len", type=int, default=12)
parser.add_argument("--label_len", type=int, default=24)
parser.add_argument("--d_model", type=int, default=16)
parser.add_argument("--n_heads", type=int, default=2)
parser.add_argument("--e_layers", type=int, default=2)
parser.add_argument("--patch_len", type=int, default=8)
parser.add_argument("--stride", type=int, default=4)
parser.add_argument("--top_k", type=int, default=2)
parser.add_argument("--batch_size", type=int, default=8)
parser.add_argument("--features", type=str, default="M")
parser.add_argument("--individual", action="store_true", default=False)
parser.add_argument("--learning_rate", type=float, default=1e-3)


class StandardScaler:
    def fit(self, data):
        self.mean = data.mean(0)
        self.std = data.std(0)
        return self

    def transform(self, data):
        return (data - self.mean) / self.std

    def inverse_transform(self, data):
        return (data * self.std) + self.mean


class SeriesDataset(Dataset):
    borders = {"train": (0, 160), "val": (160 - 48, 200), "test": (200 - 48, 260)}

    def __init__(self, args, flag="train"):
        assert flag in ["train", "val", "test"]
        self.seq_len, self.label_len, self.pred_len = args.seq_len, args.label_len, args.pred_len
        rng = np.random.default_rng(7)
        t = np.arange(260)
        waves = np.stack([np.sin(2 * np.pi * t / p) for p in (12, 24, 7)], axis=1)
        data = waves + 0.1 * rng.normal(size=waves.shape)
        stamps = np.stack([t % 24 / 23.0 - 0.5, t // 24 % 7 / 6.0 - 0.5], axis=-1)
        first, last = self.borders[flag]
        start, end = self.borders["train"]
        self.scaler = StandardScaler().fit(data[start:end])
        data = self.scaler.transform(data)
        self.data_x = data[first:last].astype(np.float32)
        self.data_y = self.data_x
        self.stamps = stamps[first:last].astype("float32")

    def __getitem__(self, index):
        s_end = index + self.seq_len
        r_begin = s_end - self.label_len
        r_end = r_begin + self.label_len + self.pred_len
        return self.data_x[index:s_end], self.data_y[r_begin:r_end], self.stamps[index:s_end], self.stamps[r_begin:r_end]

    def __len__(self):
        return len(self.data_x) - self.seq_len - self.pred_len + 1


class RevIN(nn.Module):
    def __init__(self, num_features, eps=1e-5, affine=True):
        super().__init__()
        self.eps, self.affine = eps, affine
        if affine:
            self.affine_weight = nn.Parameter(torch.ones(num_features))
            self.affine_bias = nn.Parameter(torch.zeros(num_features))

    def forward(self, x, mode: str):
        if mode == "norm":
            self._get_statistics(x)
            x = (x - self.mean) / self.stdev
            if self.affine:
                x = x * self.affine_weight + self.affine_bias
        elif mode == "denorm":
            if self.affine:
                x = (x - self.affine_bias) / (self.affine_weight + self.eps**2)
            x = x * self.stdev + self.mean
        else:
            raise NotImplementedError(mode)
        return x

    def _get_statistics(self, x):
        dims = tuple(range(1, x.ndim - 1))
        self.mean = x.mean(dim=dims, keepdim=True).detach()
        self.stdev = torch.sqrt(torch.var(x, dim=dims, keepdim=True, unbiased=False) + self.eps).detach()


class PatchModel(nn.Module):
    def __init__(self, configs):
        super().__init__()
        self.pred_len, self.patch_len, self.stride = configs.pred_len, configs.patch_len, configs.stride
        self.n_patches = (configs.seq_len - self.patch_len) // self.stride + 2
        self.pad = nn.ReplicationPad1d((0, self.stride))
        self.embed = nn.Linear(self.patch_len, configs.d_model)
        self.position = nn.Parameter(torch.empty(self.n_patches, configs.d_model).uniform_(-0.02, 0.02))
        layer = nn.TransformerEncoderLayer(configs.d_model, configs.n_heads, 2 * configs.d_model, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, configs.e_layers, enable_nested_tensor=False)
        self.head = nn.Sequential(nn.Flatten(start_dim=-2), nn.Linear(configs.d_model * self.n_patches, configs.pred_len))
        self.revin = RevIN(configs.enc_in)

    def forward(self, x, *_):
        z = self.revin(x, "norm").permute(0, 2, 1)
        z = self.pad(z).unfold(dimension=-1, size=self.patch_len, step=self.stride)
        b, c, n, p = z.shape
        z = self.embed(z) + self.position
        z = self.encoder(z.reshape(b * c, n, -1)).reshape(b, c, n, -1)
        return self.revin(self.head(z).permute(0, 2, 1), "denorm")


class MovingAverage(nn.Module):
    def __init__(self, kernel_size, stride=1):
        super().__init__()
        self.kernel_size = kernel_size
        self.avg = nn.AvgPool1d(kernel_size=kernel_size, stride=stride, padding=0)

    def forward(self, x):
        half = (self.kernel_size - 1) // 2
        front, end = x[:, :1].repeat(1, half, 1), x[:, -1:].repeat(1, half, 1)
        return self.avg(torch.cat([front, x, end], dim=1).permute(0, 2, 1)).permute(0, 2, 1)


class DLinear(nn.Module):
    def __init__(self, configs):
        super().__init__()
        self.configs = configs
        self.average = MovingAverage(13)
        make = lambda: nn.Linear(configs.seq_len, configs.pred_len)  # noqa: E731
        if configs.individual:
            self.seasonal = nn.ModuleList([make() for _ in range(configs.enc_in)])
            self.trend = nn.ModuleList([make() for _ in range(configs.enc_in)])
        else:
            self.seasonal, self.trend = make(), make()

    def forward(self, x, *_):
        trend = self.average(x)
        parts = [part.permute(0, 2, 1) for part in (x - trend, trend)]
        if self.configs.individual:
            out = torch.zeros([*parts[0].shape[:2], self.configs.pred_len], dtype=x.dtype).to(x.device)
            for i in range(self.configs.enc_in):
                out[:, i, :] = self.seasonal[i](parts[0][:, i, :]) + self.trend[i](parts[1][:, i, :])
        else:
            out = self.seasonal(parts[0]) + self.trend(parts[1])
        return out.permute(0, 2, 1)


def find_periods(x, k):
    xf = torch.fft.rfft(x, dim=1)
    strength = xf.abs().mean(0).mean(-1)
    strength[0] = 0
    _, top = torch.topk(strength, k)
    top = top.detach().cpu().numpy()
    return x.shape[1] // top, xf.abs().mean(-1)[:, top]


class Inception(nn.Module):
    def __init__(self, c_in, c_out, kernels=3):
        super().__init__()
        self.kernels = nn.ModuleList(nn.Conv2d(c_in, c_out, kernel_size=2 * i + 1, padding=i) for i in range(kernels))
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out")

    def forward(self, x):
        return torch.stack([kernel(x) for kernel in self.kernels], dim=-1).mean(-1)


class TimesModel(nn.Module):
    def __init__(self, configs):
        super().__init__()
        self.seq_len, self.pred_len, self.k = configs.seq_len, configs.pred_len, configs.top_k
        d = configs.d_model
        pe = torch.zeros(configs.seq_len, d).float()
        position = torch.arange(0, configs.seq_len).float().unsqueeze(1)
        div_term = (torch.arange(0, d, 2).float() * -(math.log(10000.0) / d)).exp()
        pe[:, 0::2] = torch.sin(position * div_term)
        pe[:, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe.unsqueeze(0))
        self.value = nn.Conv1d(configs.enc_in, d, 3, padding=1, padding_mode="circular", bias=False)
        self.stamp = nn.Linear(2, d, bias=False)
        self.predict = nn.Linear(configs.seq_len, configs.seq_len + configs.pred_len)
        self.conv = nn.Sequential(Inception(d, d), nn.GELU(), Inception(d, d))
        self.project = nn.Linear(d, configs.enc_in)

    def block(self, x):
        B, T, N = x.size()
        periods, weights = find_periods(x, self.k)
        found = []
        for period in periods:
            rest = -T % int(period)
            out = F.pad(x, (0, 0, 0, rest))
            out = out.reshape(B, -1, int(period), N).permute(0, 3, 1, 2).contiguous()
            out = self.conv(out)
            found.append(out.permute(0, 2, 3, 1).reshape(B, -1, N)[:, :T, :])
        found = torch.stack(found, dim=-1)
        weights = F.softmax(weights, dim=1)[:, None, None, :].repeat(1, T, N, 1)
        return torch.sum(found * weights, -1) + x

    def forward(self, x, x_mark, y_mark):
        h = self.value(x.permute(0, 2, 1)).transpose(1, 2) + self.stamp(x_mark) + self.pe[:, : x.size(1)]
        h = self.predict(h.permute(0, 2, 1)).permute(0, 2, 1)
        return self.project(self.block(h))[:, -self.pred_len :, :]


MODELS = {"patch": PatchModel, "dlinear": DLinear, "times": TimesModel}


def metric(pred, true):
    mae = np.mean(np.abs(pred - true))
    mse = np.mean((pred - true) ** 2)
    return mae, mse, np.sqrt(mse)


class Experiment:
    def __init__(self, args):
        self.args = args
        args.enc_in = {"M": 3, "S": 1}[args.features]
        self.model = MODELS[args.model](args).float()

    def loader(self, flag):
        data = SeriesDataset(self.args, flag)
        return data, DataLoader(data, batch_size=self.args.batch_size, shuffle=flag == "train", drop_last=True, num_workers=0)

    def train(self):
        _, loader = self.loader("train")
        optim = torch.optim.Adam(self.model.parameters(), lr=self.args.learning_rate)
        criterion = nn.MSELoss()
        losses = []
        self.model.train()
        for i, (batch_x, batch_y, x_mark, y_mark) in enumerate(loader):
            if i == 3:
                break
            optim.zero_grad()
            outputs = self.model(batch_x.float(), x_mark, y_mark)
            f_dim = -1 if self.args.features == "MS" else 0
            target = batch_y[:, -self.args.pred_len :, f_dim:]
            loss = criterion(outputs, target)
            losses.append(loss.item())
            loss.backward()
            optim.step()
        return np.average(losses)

    def test(self):
        data, loader = self.loader("test")
        preds, trues = [], []
        self.model.eval()
        with torch.no_grad():
            for x, y, *marks in loader:
                out = self.model(x, *marks)
                preds.append(out.detach().cpu().numpy())
                trues.append(y[:, -self.args.pred_len :].numpy())
        preds, trues = np.array(preds), np.array(trues)
        preds = preds.reshape(-1, preds.shape[-2], preds.shape[-1])
        trues = trues.reshape(-1, trues.shape[-2], trues.shape[-1])
        return metric(data.scaler.inverse_transform(preds), data.scaler.inverse_transform(trues))


if __name__ == "__main__":
    torch.manual_seed(2021)
    np.random.seed(2021)
    for argv in (["--model", "patch"], ["--model", "dlinear", "--individual"], ["--model", "times", "--d_model", "8"]):
        args = parser.parse_args(argv)
        exp = Experiment(args)
        loss = exp.train()
        mae, mse, rmse = exp.test()
        print(f"{args.model:>8} loss {loss:.2f} mae {mae:.2f} rmse {rmse:.2f}")
