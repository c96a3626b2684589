"""PyTorch's own attention layers in use: nn.MultiheadAttention, nn.TransformerEncoder and their masks."""

import torch
from torch import nn


def padding_mask(lengths, max_len):
    """True where there is nothing to look at, [batch, max_len]."""
    steps = torch.arange(max_len).expand(len(lengths), max_len)
    return steps >= lengths.unsqueeze(1)


class CrossAttention(nn.Module):
    """Text looks at an image whose features have another width."""

    def __init__(self, text_dim, image_dim, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(
            embed_dim=text_dim,
            num_heads=heads,
            kdim=image_dim,
            vdim=image_dim,
            batch_first=True,
        )
        self.norm = nn.LayerNorm(text_dim)

    def forward(self, text, image, image_padding=None):
        attended, weights = self.attention(
            query=text,
            key=image,
            value=image,
            key_padding_mask=image_padding,
            average_attn_weights=False,
        )
        return self.norm(text + attended), weights


class SequenceFirst(nn.Module):
    """The layer's default layout, [seq, batch, dim], with a causal mask."""

    def __init__(self, dim, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(dim, heads, bias=False)

    def forward(self, x):
        x = x.transpose(0, 1)
        length, batch, dim = x.shape
        causal = nn.Transformer.generate_square_subsequent_mask(length)
        out, weights = self.attention(x, x, x, attn_mask=causal, is_causal=True)
        alone, none = self.attention(x, x, x, attn_mask=causal, need_weights=False)
        assert none is None
        return (out + alone).transpose(0, 1), weights


class AttentionPool(nn.Module):
    """One learnt query reads the whole sequence."""

    def __init__(self, dim, heads):
        super().__init__()
        self.query = nn.Parameter(torch.randn(1, 1, dim))
        self.attention = nn.MultiheadAttention(dim, heads, dropout=0.1, batch_first=True)

    def forward(self, x, padding):
        query = self.query.expand(x.shape[0], -1, -1)
        pooled, _ = self.attention(query, x, x, key_padding_mask=padding)
        return pooled.squeeze(1)


class TextEncoder(nn.Module):
    def __init__(self, vocab, dim=32, heads=4, layers=2, max_len=40):
        super().__init__()
        self.tokens = nn.Embedding(vocab, dim)
        self.places = nn.Parameter(torch.zeros(max_len, dim))
        layer = nn.TransformerEncoderLayer(
            d_model=dim,
            nhead=heads,
            dim_feedforward=3 * dim,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)

    def forward(self, ids, padding=None):
        x = self.tokens(ids) + self.places[: ids.shape[1]]
        return self.encoder(x, src_key_padding_mask=padding)


class Captioner(nn.Module):
    def __init__(self, vocab=80, text_dim=32, image_dim=20, classes=6):
        super().__init__()
        self.text = TextEncoder(vocab, text_dim)
        self.cross = CrossAttention(text_dim, image_dim, heads=4)
        self.refine = nn.TransformerEncoderLayer(text_dim, 2, dim_feedforward=50)
        self.pool = AttentionPool(text_dim, heads=8)
        self.classify = nn.Sequential(nn.LayerNorm(text_dim), nn.Linear(text_dim, classes))

    def forward(self, ids, lengths, image):
        padding = padding_mask(lengths, ids.size(1))
        text = self.text(ids, padding)
        text, weights = self.cross(text, image.flatten(2).permute(0, 2, 1))

        # nn.TransformerEncoderLayer is sequence first unless told
        refined = self.refine(text.permute(1, 0, 2), src_key_padding_mask=padding)
        refined = refined.permute(1, 0, 2)

        pooled = self.pool(refined, padding)
        return self.classify(pooled), weights


def decoder_example(dim=32):
    layer = nn.TransformerDecoderLayer(d_model=dim, nhead=4, dim_feedforward=48, batch_first=True)
    decoder = nn.TransformerDecoder(layer, num_layers=2, norm=nn.LayerNorm(dim))
    target, memory = torch.randn(3, 7, dim), torch.randn(3, 11, dim)
    mask = torch.triu(torch.ones(7, 7, dtype=torch.bool), diagonal=1)
    return decoder(target, memory, tgt_mask=mask)


if __name__ == "__main__":
    torch.manual_seed(0)
    ids = torch.randint(0, 80, (3, 10))
    lengths = torch.tensor([10, 6, 8])
    image = torch.randn(3, 20, 5, 7)  # [batch, channels, height, width]

    model = Captioner()
    scores, weights = model(ids, lengths, image)
    print("scores", tuple(scores.shape), "weights", tuple(weights.shape))

    mixed, causal_weights = SequenceFirst(dim=30, heads=5)(torch.randn(3, 9, 30))
    print("mixed", tuple(mixed.shape), "weights", tuple(causal_weights.shape))
    print("decoded", tuple(decoder_example().shape))
