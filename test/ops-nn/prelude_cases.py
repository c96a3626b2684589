"""Layers, arguments and inputs on which the prelude and torch.nn must agree, refusals included."""

import torch

L = torch.long


def r(*shape, dtype=torch.float32):
    if dtype in (torch.long, torch.int32):
        return torch.zeros(shape, dtype=dtype)
    return torch.randn(shape).to(dtype)


def z(*shape):
    return torch.zeros(shape, dtype=torch.long)


def b(*shape):
    return torch.zeros(shape, dtype=torch.bool)


def kw(**kwargs):
    return kwargs


class C:
    """One layer with constructor arguments and several calls."""

    def __init__(self, name, *args, calls=(), **kwargs):
        self.name, self.args, self.kwargs, self.calls = name, args, kwargs, calls


def one(*tensors):
    return [(t,) for t in tensors]


elementwise = 'ReLU ReLU6 Hardtanh RReLU LeakyReLU ELU CELU SELU GELU SiLU Mish Hardswish Hardsigmoid Sigmoid Tanh ' \
    'LogSigmoid Softsign Tanhshrink Softplus Hardshrink Softshrink Dropout Identity PReLU GLU'.split()
images = [r(2, 4, 6, 8), r(4, 6, 8), r(2, 4, 6), r(4, 6), r(2, 4, 6, 8, 10), r(6), r(2, 6, 8, 4).permute(0, 3, 1, 2),
          r(2, 3, 6, 8), r(3, 6), r(2, 3, 6)]

cases = [C(name, calls=one(r(3, 4), r(4), r(2, 3, 4), r(2, 5, 4).transpose(1, 2))) for name in elementwise]
cases += [
    C('Threshold', 0.1, 20, calls=one(r(3, 4))),
    C('GELU', approximate='tanh', calls=one(r(3, 4))),
    C('GLU', 1, calls=one(r(3, 4), r(3, 5), r(4))),
    C('PReLU', 4, calls=one(r(3, 4), r(3, 5), r(2, 4, 5))),
    C('Dropout', 1.5), C('Dropout', 0.2, True, calls=one(r(3, 4))),
    C('Softmax2d', calls=one(r(2, 3, 4, 5), r(3, 4, 5), r(4, 5))),
    C('Dropout1d', calls=one(r(3, 4), r(2, 3, 4), r(4), r(2, 3, 4, 5))),
    C('Dropout2d', calls=one(r(3, 4, 5), r(2, 3, 4, 5))),
    C('Dropout3d', calls=one(r(3, 4, 5, 6), r(2, 3, 4, 5, 6))),
    C('AlphaDropout', calls=one(r(3, 4))), C('FeatureAlphaDropout', calls=one(r(3, 4, 5))),
    C('Linear', 4, 6, calls=one(r(3, 4), r(4), r(2, 3, 4), r(3, 5), r(2, 5, 4).transpose(1, 2), r(3, 4, dtype=L))),
    C('Linear', 4, 6, bias=False, calls=one(r(3, 4), r(2, 4, 3).transpose(1, 2))),
    C('Linear', 4, 6, dtype=torch.float64, calls=one(r(3, 4, dtype=torch.float64), r(3, 4))),
    C('LazyLinear', 6, calls=one(r(3, 4))),
    C('Bilinear', 4, 5, 6, calls=[(r(3, 4), r(3, 5)), (r(2, 3, 4), r(2, 3, 5)), (r(3, 4), r(3, 4)), (r(2, 4), r(3, 5)), (r(4), r(5))]),
    C('Embedding', 10, 4, calls=one(z(2, 3), z(), r(2, 3), torch.zeros(2, dtype=torch.int32), b(2))),
    C('Embedding', 10, 4, padding_idx=0, calls=one(z(2, 3))),
    C('EmbeddingBag', 10, 4, calls=[(z(2, 3),), (z(6), torch.tensor([0, 2])), (z(6),), (z(2, 3), torch.tensor([0, 2])), (z(2, 2, 2),)]),
    C('EmbeddingBag', 10, 4, mode='sum', include_last_offset=True,
      calls=[(z(6), torch.tensor([0, 2, 6])), (z(2, 3), None, r(2, 3)), (z(2, 3), None, r(2, 2))]),
    C('CosineSimilarity', calls=[(r(3, 4), r(3, 4)), (r(3, 4), r(1, 4)), (r(2, 3, 4), r(3, 4)), (r(3, 4), r(3, 5)), (r(4), r(4))]),
    C('CosineSimilarity', dim=-1, calls=[(r(3, 4), r(3, 4)), (r(4), r(4)), (r(5, 1, 4), r(3, 4))]),
    C('PairwiseDistance', calls=[(r(3, 4), r(3, 4)), (r(4), r(4)), (r(3, 4), r(4)), (r(3, 4), r(3, 5))]),
    C('PairwiseDistance', keepdim=True, calls=[(r(3, 4), r(3, 4)), (r(2, 3, 4), r(3, 4))]),
    C('LayerNorm', 4, calls=one(r(3, 4), r(4), r(2, 3, 4), r(3, 5), r(2, 4, 3).transpose(1, 2), r(3, 4, dtype=torch.bfloat16), r(3, 4, dtype=L))),
    C('LayerNorm', (3, 4), calls=one(r(3, 4), r(2, 3, 4), r(4), r(4, 3))),
    C('LayerNorm', [4], bias=False, calls=one(r(3, 4))), C('LayerNorm', 4, elementwise_affine=False, calls=one(r(3, 4))),
    C('RMSNorm', 4, calls=one(r(3, 4), r(4), r(3, 5))), C('RMSNorm', (3, 4), elementwise_affine=False, calls=one(r(2, 3, 4), r(2, 4))),
    C('GroupNorm', 2, 4, calls=one(*images)), C('GroupNorm', 3, 4), C('GroupNorm', 2, 4, affine=False, calls=one(*images)),
    C('CrossMapLRN2d', 2, calls=one(r(2, 4, 6, 8), r(2, 4, 6))),
    C('LinearCrossEntropyLoss', 4, 5, calls=[(r(3, 4), z(3)), (r(4), z()), (r(3, 5), z(3))]),
    C('LinearCrossEntropyLoss', 4, 5, out_features=(2, 3), bias=True, calls=[(r(3, 4), z(3, 2, 3)), (r(3, 4), z(3))]),
    C('LocalResponseNorm', 2, calls=one(r(2, 4, 6), r(4, 6), r(2, 4, 6, 8))),
]
for n in (1, 2, 3):
    cases += [C(f'BatchNorm{n}d', 4, calls=one(*images, r(2, 4))), C(f'BatchNorm{n}d', 4, affine=False, calls=one(*images)),
              C(f'BatchNorm{n}d', 4, track_running_stats=False, calls=one(*images)),
              C(f'LazyBatchNorm{n}d', calls=one(images[[2, 0, 4][n - 1]])), C(f'LazyInstanceNorm{n}d', calls=one(images[[2, 0, 4][n - 1]])),
              C(f'LazyConv{n}d', 8, 3, groups=2, calls=one(images[[2, 0, 4][n - 1]])), C(f'LazyConvTranspose{n}d', 8, 3, stride=2, calls=one(images[[2, 0, 4][n - 1]])),
              C(f'InstanceNorm{n}d', 4, calls=one(*images)),
              C(f'InstanceNorm{n}d', 4, affine=True, track_running_stats=True, calls=one(*images))]
    conv, transposed = f'Conv{n}d', f'ConvTranspose{n}d'
    for args, kwargs in [((4, 8, 3), {}), ((4, 8, 3), kw(stride=2, padding=1)), ((4, 8, 3), kw(padding='same')), ((4, 8, 2), kw(padding='same', dilation=2)),
                         ((4, 8, 3), kw(padding='valid')), ((4, 8, 3), kw(groups=2, bias=False)), ((4, 8, 3), kw(groups=3)),
                         ((4, 8, 3), kw(padding=1, padding_mode='reflect')), ((4, 8, 3), kw(padding='same', padding_mode='circular')),
                         ((4, 8, 3), kw(padding='same', stride=2)), ((4, 8, 9), {}), ((4, 8, 9), kw(padding=4)), ((4, 8, (3,) * n), kw(dilation=(2,) * n)),
                         ((4, 6, 3), kw(groups=4)), ((4, 8, 3), kw(padding_mode='none')), ((4, 8, 2), kw(padding=1, padding_mode='replicate'))]:
        cases.append(C(conv, *args, **kwargs, calls=one(*images)))
    for args, kwargs in [((4, 8, 3), {}), ((4, 8, 3), kw(stride=2, padding=1, output_padding=1)), ((4, 8, 3), kw(groups=2, bias=False)),
                         ((4, 8, 3), kw(dilation=2)), ((4, 8, 3), kw(output_padding=1)), ((4, 8, 2), kw(stride=2)), ((4, 8, 2), kw(padding_mode='reflect'))]:
        cases.append(C(transposed, *args, **kwargs, calls=one(*images)))
    first = images[[2, 0, 4][n - 1]]
    wanted = [2 * s for s in first.shape[2:]]
    cases.append(C(transposed, 4, 8, 3, stride=2, padding=1, calls=[(first, wanted), (first, [s + 5 for s in wanted])]))
    for kwargs in [kw(kernel_size=2), kw(kernel_size=3, stride=2, padding=1), kw(kernel_size=3, stride=2, ceil_mode=True), kw(kernel_size=9), kw(kernel_size=2, padding=2)]:
        cases += [C(f'MaxPool{n}d', **kwargs, calls=one(*images)), C(f'AvgPool{n}d', **kwargs, calls=one(*images))]
    cases += [C(f'MaxPool{n}d', 2, return_indices=True, calls=one(*images)), C(f'MaxPool{n}d', 2, dilation=2, calls=one(*images)),
              C(f'LPPool{n}d', 2, 3, calls=one(*images)), C(f'LPPool{n}d', 2, 3, stride=2, ceil_mode=True, calls=one(*images)),
              C(f'AdaptiveAvgPool{n}d', 3, calls=one(*images)), C(f'AdaptiveMaxPool{n}d', 3, calls=one(*images)),
              C(f'AdaptiveMaxPool{n}d', 1, return_indices=True, calls=one(*images)), C(f'AdaptiveAvgPool{n}d', (3,) * n, calls=one(*images)),
              C(f'AdaptiveAvgPool{n}d', (None,) + (3,) * (n - 1), calls=one(*images))]
    pooled = [s // 2 for s in first.shape[2:]]
    cases.append(C(f'MaxUnpool{n}d', 2, calls=[(r(2, 4, *pooled), z(2, 4, *pooled)), (r(2, 4, *pooled), z(2, 4, *pooled), list(first.shape)), (r(2, 4, *pooled), z(2, 3, *pooled))]))
    for pad in ('ZeroPad', 'ReflectionPad', 'ReplicationPad', 'CircularPad'):
        cases += [C(f'{pad}{n}d', 2, calls=one(*images)), C(f'{pad}{n}d', tuple(range(1, 2 * n + 1)), calls=one(*images))]
    cases.append(C(f'ConstantPad{n}d', 2, 1.5, calls=one(*images)))
cases += [C(f'FractionalMaxPool{n}d', 2, output_size=3, calls=one(*images)) for n in (2, 3)]
cases += [C(f'FractionalMaxPool{n}d', 2, output_ratio=0.5, return_indices=True, calls=one(*images)) for n in (2, 3)]
cases += [
    C('FractionalMaxPool2d', 2),
    C('Flatten', calls=one(*images, r())), C('Flatten', 0, calls=one(*images)), C('Flatten', 1, 2, calls=one(*images)),
    C('Unflatten', 1, (2, 2), calls=one(*images)), C('Unflatten', 1, (2, -1), calls=one(*images)), C('Unflatten', -1, (2, 3), calls=one(*images)),
    C('PixelShuffle', 2, calls=one(*images)), C('PixelUnshuffle', 2, calls=one(*images, r(2, 4, 5, 8))), C('ChannelShuffle', 2, calls=one(*images)),
    C('ChannelShuffle', 3, calls=one(*images)),
    C('Upsample', scale_factor=2, calls=one(*images)), C('Upsample', size=7, calls=one(*images)), C('Upsample', size=(7, 9), mode='bilinear', calls=one(*images)),
    C('Upsample', scale_factor=1.5, mode='bilinear', align_corners=True, calls=one(*images)), C('Upsample', scale_factor=(2.0, 3.0), mode='bicubic', calls=one(*images)),
    C('Upsample', scale_factor=2, mode='trilinear', calls=one(*images)), C('Upsample', scale_factor=2, mode='linear', calls=one(*images)),
    C('Upsample', calls=one(*images)), C('UpsamplingNearest2d', scale_factor=2, calls=one(*images)), C('UpsamplingBilinear2d', size=7, calls=one(*images)),
    C('Unfold', 2, calls=one(*images)), C('Unfold', (2, 3), dilation=2, padding=1, stride=2, calls=one(*images)),
    C('Fold', (5, 6), 2, calls=one(r(3, 8, 20), r(8, 20), r(3, 8, 19), r(3, 7, 20))), C('Fold', (5, 6), (2, 3), stride=2, padding=1, calls=one(r(3, 12, 9), r(3, 12, 12))),
]
q3, k3 = r(5, 2, 8), r(7, 2, 8)
attention_calls = [
    (q3, k3, k3), (q3, q3, q3), (r(5, 8), r(7, 8), r(7, 8)), (q3, k3, r(6, 2, 8)), (q3, r(7, 3, 8), r(7, 3, 8)), (r(5, 2, 6), k3, k3), (q3, r(7, 8), r(7, 8)),
    (q3, k3, k3, b(2, 7)), (q3, k3, k3, b(7, 2)), (q3, k3, k3, r(2, 7)), (q3, k3, k3, z(2, 7)), (q3, k3, k3, None, False), (q3, k3, k3, None, True, b(5, 7)),
    (q3, k3, k3, None, False, r(5, 7)), (q3, k3, k3, None, True, b(7, 5)), (q3, k3, k3, None, True, b(8, 5, 7)), (q3, k3, k3, None, True, b(2, 5, 7)),
    (q3, k3, k3, b(2, 7), True, b(5, 7), False), (q3, k3, k3, None, True, None, False), (r(5, 8), r(7, 8), r(7, 8), b(7), True, b(5, 7), False),
    (r(2, 5, 8), r(2, 7, 8), r(2, 7, 8)), (r(2, 5, 8), r(2, 7, 8), r(2, 7, 8), b(2, 7)), (r(2, 5, 8), r(2, 7, 8), r(2, 7, 8), b(2, 5)), (r(2, 5, 8), r(2, 7, 8), r(2, 7, 8), None, False),
    (r(5, 8), r(7, 8), r(7, 8), None, False), (r(8), r(8), r(8)), (q3, k3, r(7, 2, 6)),
]
for kwargs in [{}, kw(batch_first=True), kw(bias=False), kw(add_bias_kv=True), kw(add_zero_attn=True), kw(batch_first=True, add_bias_kv=True, add_zero_attn=True)]:
    cases.append(C('MultiheadAttention', 8, 4, **kwargs, calls=attention_calls))
cases += [
    C('MultiheadAttention', 8, 3), C('MultiheadAttention', 8, 2, kdim=6, vdim=10, calls=[(q3, r(7, 2, 6), r(7, 2, 10)), (q3, k3, k3), (q3, r(7, 2, 6), r(6, 2, 10))]),
    C('MultiheadAttention', 8, 2, kdim=6, vdim=10, batch_first=True, calls=[(r(2, 5, 8), r(2, 7, 6), r(2, 7, 10)), (r(2, 5, 8), r(2, 7, 10), r(2, 7, 6))]),
]
for kwargs in [{}, kw(batch_first=True), kw(norm_first=True), kw(batch_first=True, norm_first=True, activation='gelu', bias=False), kw(activation='tanh')]:
    encoder = [(q3,), (r(5, 8),), (q3, b(5, 5)), (q3, None, b(2, 5)), (q3, None, b(5, 2)), (r(5, 2, 7),), (q3, b(5, 4)), (r(4, 5, 2, 8),)]
    cases.append(C('TransformerEncoderLayer', 8, 2, 16, **kwargs, calls=encoder))
    decoder = [(q3, k3), (r(5, 8), r(7, 8)), (q3, r(7, 3, 8)), (q3, k3, b(5, 5), b(5, 7)), (q3, k3, b(5, 7)), (q3, k3, None, None, b(2, 5), b(2, 7)), (q3, r(7, 2, 6)),
               (r(2, 5, 8), r(2, 7, 8))]
    cases.append(C('TransformerDecoderLayer', 8, 2, 16, **kwargs, calls=decoder))
    cases.append(C('Transformer', 8, 2, 1, 1, 16, **kwargs, calls=[(q3, k3), (r(2, 5, 8), r(2, 7, 8)), (r(5, 8), r(7, 8)), (r(5, 3, 8), k3), (r(5, 2, 6), k3)]))
states = [(r(5, 3, 4),), (r(3, 5, 4),), (r(5, 4),), (r(5, 3, 6),), (r(4),)]
for kwargs in [{}, kw(batch_first=True), kw(num_layers=2, bidirectional=True), kw(bias=False, batch_first=True, bidirectional=True)]:
    layers = kwargs.get('num_layers', 1) * (2 if kwargs.get('bidirectional') else 1)
    hidden = [(r(5, 3, 4), r(layers, 3, 6)), (r(5, 3, 4), r(layers, 5, 6)), (r(5, 4), r(layers, 6)), (r(5, 3, 4), r(layers + 1, 3, 6)), (r(5, 3, 4), r(layers, 6))]
    pairs = [(x, (h, h)) for x, h in hidden]
    cases += [C('RNN', 4, 6, **kwargs, calls=states + hidden), C('GRU', 4, 6, **kwargs, calls=states + hidden), C('LSTM', 4, 6, **kwargs, calls=states + pairs)]
cases += [
    C('LSTM', 4, 6, proj_size=2, calls=[*states, (r(5, 3, 4), (r(1, 3, 2), r(1, 3, 6))), (r(5, 3, 4), (r(1, 3, 6), r(1, 3, 6)))]),
    C('LSTM', 4, 6, num_layers=2, proj_size=2, bidirectional=True, batch_first=True, calls=states), C('LSTM', 4, 6, proj_size=6), C('RNN', 4, 6, nonlinearity='relu', calls=states),
    C('RNN', 4, 6, nonlinearity='gelu'), C('GRU', 4, 0),
    C('RNNCell', 4, 6, calls=[(r(3, 4),), (r(4),), (r(3, 5),), (r(3, 4), r(3, 6)), (r(3, 4), r(2, 6)), (r(4), r(6)), (r(2, 3, 4),)]),
    C('GRUCell', 4, 6, calls=[(r(3, 4),), (r(4),), (r(3, 5),), (r(3, 4), r(3, 6)), (r(3, 4), r(3, 5)), (r(3, 4), r(6))]),
    C('LSTMCell', 4, 6, bias=False, calls=[(r(3, 4),), (r(4),), (r(3, 5),), (r(3, 4), (r(3, 6), r(3, 6))), (r(3, 4), (r(3, 6), r(3, 5)))]),
]
p = torch.rand
for reduction in ('mean', 'sum', 'none'):
    same = [(p(3, 4), p(3, 4)), (p(2, 3, 4), p(2, 3, 4)), (p(3, 4), p(3, 5)), (p(3), p(3)), (p(()), p(())), (p(3, 4), p(3, 1)), (p(3, 4), p(4))]
    cases += [C(name, reduction=reduction, calls=same) for name in 'L1Loss MSELoss SmoothL1Loss HuberLoss SoftMarginLoss KLDivLoss BCELoss BCEWithLogitsLoss PoissonNLLLoss HingeEmbeddingLoss MultiLabelSoftMarginLoss'.split()]
    classes = [(p(3, 4), z(3)), (p(4), z()), (p(3, 4, 5), z(3, 5)), (p(3, 4, 5, 6), z(3, 5, 6)), (p(3, 4), z(4)), (p(3, 4), z(3, 1)), (p(3, 4), r(3)), (p(3, 4, 5), z(3, 4)), (p(3, 5, 4), z(3, 5)), (p(4), z(4))]
    cases += [C('CrossEntropyLoss', reduction=reduction, calls=[*classes, (p(3, 4), p(3, 4)), (p(3, 4, 5), p(3, 4, 5)), (p(3, 4), p(3, 5)), (p(4), p(4))]),
              C('CrossEntropyLoss', weight=p(4), reduction=reduction, label_smoothing=0.1, calls=classes), C('CrossEntropyLoss', weight=p(5), reduction=reduction, calls=classes),
              C('NLLLoss', reduction=reduction, calls=classes), C('MultiMarginLoss', reduction=reduction, calls=classes),
              C('MultiLabelMarginLoss', reduction=reduction, calls=[(p(3, 4), z(3, 4)), (p(4), z(4)), (p(3, 4), z(3))]),
              C('GaussianNLLLoss', reduction=reduction, calls=[(p(3, 4), p(3, 4), p(3, 4)), (p(3, 4), p(3, 4), p(3, 1)), (p(3, 4), p(3, 4), p(3)), (p(3, 4), p(3, 5), p(3, 4))]),
              C('CosineEmbeddingLoss', reduction=reduction, calls=[(p(3, 4), p(3, 4), p(3)), (p(4), p(4), p(())), (p(3, 4), p(3, 5), p(3)), (p(3, 4), p(3, 4), p(3, 1)), (p(3, 4), p(3, 4), p(2))]),
              C('MarginRankingLoss', reduction=reduction, calls=[(p(3), p(3), p(3)), (p(3, 4), p(3, 4), p(3, 4)), (p(3), p(4), p(3)), (p(3, 4), p(3, 4), p(4))]),
              C('TripletMarginLoss', reduction=reduction, calls=[(p(3, 4), p(3, 4), p(3, 4)), (p(4), p(4), p(4)), (p(3, 4), p(3, 5), p(3, 4)), (p(2, 3, 4), p(2, 3, 4), p(2, 3, 4))]),
              C('CTCLoss', reduction=reduction, calls=[(p(50, 16, 20).log(), z(16, 30) + 1, torch.full((16,), 50), torch.full((16,), 30)), (p(50, 20).log(), z(30) + 1, torch.tensor(50), torch.tensor(30))])]
cases += [C('MSELoss', size_average=False), C('MSELoss', reduce=False, calls=[(p(3), p(3))]), C('BCELoss', weight=p(4), calls=[(p(3, 4), p(3, 4)), (p(3, 5), p(3, 5))]),
          C('BCEWithLogitsLoss', pos_weight=p(4), calls=[(p(3, 4), p(3, 4)), (p(3, 5), p(3, 5))])]
cases += [C('TripletMarginWithDistanceLoss', reduction='none', calls=[(p(3, 4), p(3, 4), p(3, 4)), (p(3, 4), p(3, 5), p(3, 4)), (p(3, 4), p(4), p(3, 4))]),
          C('AdaptiveLogSoftmaxWithLoss', 16, 20, [5, 10], calls=[(p(3, 16), z(3)), (p(16), z()), (p(3, 15), z(3)), (p(3, 16), z(4))]), C('AdaptiveLogSoftmaxWithLoss', 16, 20, [10, 5])]
