"""MultiheadAttention, with the same steps, checks and memory layout as PyTorch's (but for its inference fast path)."""

import torch
import torch.nn.functional as F
from shapescope import has_known_rank, in_any_layout, share_rank, some_tensor

from .linear import NonDynamicallyQuantizableLinear
from .module import Module, Parameter


def check_ranks(query, key, value, key_padding_mask, attn_mask, num_heads):
    """The ranks that fit together; True if there is a batch dim."""
    rank = query.dim()
    if rank not in (2, 3):
        raise ValueError(f'MultiheadAttention takes a query of 3 dims, or 2 without a batch, and it has {rank}')
    if key.dim() != rank or value.dim() != rank:
        raise ValueError(f'the query has {rank} dims, so key and value must have {rank}; they have {key.dim()} and {value.dim()}')
    if key_padding_mask is not None and key_padding_mask.dim() != rank - 1:
        raise ValueError(f'key_padding_mask must have {rank - 1} dims, and it has {key_padding_mask.dim()}')
    if attn_mask is not None and attn_mask.dim() not in (2, 3):
        raise ValueError(f'attn_mask must have 2 or 3 dims, and it has {attn_mask.dim()}')
    return rank == 3


def additive_mask(mask, dtype, name):
    """A mask as numbers that are added to the scores."""
    if mask is None:
        return None
    if mask.dtype == torch.bool:
        return torch.empty_like(mask, dtype=dtype)
    if not mask.is_floating_point():
        raise ValueError(f'{name} must be bool or floating point, and it is {mask.dtype}')
    return mask


def multi_head_attention_forward(query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias,
                                 bias_k, bias_v, add_zero_attn, dropout_p, out_proj_weight, out_proj_bias,
                                 training=True, key_padding_mask=None, need_weights=True, attn_mask=None,
                                 use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None,
                                 v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True,
                                 is_causal=False):
    is_batched = check_ranks(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not is_batched:
        query, key, value = query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1)
        if key_padding_mask is not None:
            key_padding_mask = key_padding_mask.unsqueeze(0)
    tgt_len, bsz, embed_dim = query.shape
    src_len = key.shape[0]
    if embed_dim != embed_dim_to_check:
        raise ValueError(f'the query has {embed_dim} features in its last dim, and the layer takes {embed_dim_to_check}')
    head_dim = embed_dim // num_heads
    if is_causal and attn_mask is None:
        raise ValueError('is_causal=True needs an attn_mask')
    if use_separate_proj_weight:
        if key.shape[:2] != value.shape[:2]:
            raise ValueError(f'key {tuple(key.shape)} and value {tuple(value.shape)} must agree in length and batch')
        w_q, w_k, w_v = q_proj_weight, k_proj_weight, v_proj_weight
    else:
        if key.shape != value.shape:
            raise ValueError(f'key {tuple(key.shape)} and value {tuple(value.shape)} must have the same shape')
        w_q, w_k, w_v = in_proj_weight.chunk(3)
    if in_proj_bias is None:
        b_q = b_k = b_v = None
    else:
        b_q, b_k, b_v = in_proj_bias.chunk(3)
    q = F.linear(query, w_q, b_q)
    k = F.linear(key, w_k, b_k)
    v = F.linear(value, w_v, b_v)
    key_padding_mask = additive_mask(key_padding_mask, q.dtype, 'key_padding_mask')
    attn_mask = additive_mask(attn_mask, q.dtype, 'attn_mask')
    if attn_mask is not None:
        if attn_mask.dim() == 2:
            if attn_mask.shape != (tgt_len, src_len):
                raise ValueError(f'attn_mask {tuple(attn_mask.shape)} must be [{tgt_len}, {src_len}] (query length, key length)')
            attn_mask = attn_mask.unsqueeze(0)
        elif attn_mask.shape != (bsz * num_heads, tgt_len, src_len):
            raise ValueError(f'attn_mask {tuple(attn_mask.shape)} must be [{bsz * num_heads}, {tgt_len}, {src_len}] '
                             '(batch * heads, query length, key length)')
    if bias_k is not None and bias_v is not None:
        k = torch.cat([k, bias_k.repeat(1, bsz, 1)])
        v = torch.cat([v, bias_v.repeat(1, bsz, 1)])
        src_len = src_len + 1
        attn_mask = F.pad(attn_mask, (0, 1)) if attn_mask is not None else None
        key_padding_mask = F.pad(key_padding_mask, (0, 1)) if key_padding_mask is not None else None
    q = q.view(tgt_len, bsz * num_heads, head_dim).transpose(0, 1)
    k = (k.view(k.shape[0], bsz * num_heads, head_dim) if static_k is None else static_k.transpose(0, 1)).transpose(0, 1)
    v = (v.view(v.shape[0], bsz * num_heads, head_dim) if static_v is None else static_v.transpose(0, 1)).transpose(0, 1)
    if add_zero_attn:
        k = torch.cat([k, k.new_zeros((bsz * num_heads, 1, head_dim))], dim=1)
        v = torch.cat([v, v.new_zeros((bsz * num_heads, 1, head_dim))], dim=1)
        src_len = src_len + 1
        attn_mask = F.pad(attn_mask, (0, 1)) if attn_mask is not None else None
        key_padding_mask = F.pad(key_padding_mask, (0, 1)) if key_padding_mask is not None else None
    if key_padding_mask is not None:
        if key_padding_mask.shape != (bsz, src_len):
            raise ValueError(f'key_padding_mask {tuple(key_padding_mask.shape)} must be [{bsz}, {src_len}] (batch, key length)')
        padding = key_padding_mask.view(bsz, 1, 1, src_len).expand(-1, num_heads, -1, -1)
        padding = padding.reshape(bsz * num_heads, 1, src_len)
        attn_mask = padding if attn_mask is None else attn_mask + padding
    scores = torch.bmm(q, k.transpose(-2, -1))
    if attn_mask is not None:
        scores = scores + attn_mask
    weights = F.softmax(scores, dim=-1)
    output = torch.bmm(weights, v)
    output = output.transpose(0, 1).contiguous().view(tgt_len * bsz, embed_dim)
    output = F.linear(output, out_proj_weight, out_proj_bias)
    output = output.view(tgt_len, bsz, output.shape[1])
    if not need_weights:
        return (output if is_batched else output.squeeze(1)), None
    weights = weights.view(bsz, num_heads, tgt_len, src_len)
    if average_attn_weights:
        weights = weights.mean(dim=1)
    if not is_batched:
        return output.squeeze(1), weights.squeeze(0)
    return output, weights


class MultiheadAttention(Module):
    def __init__(self, embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False,
                 kdim=None, vdim=None, batch_first=False, device=None, dtype=None):
        super().__init__()
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(f'embed_dim ({embed_dim}) and num_heads ({num_heads}) must be more than 0')
        self.embed_dim = embed_dim
        self.kdim = kdim if kdim is not None else embed_dim
        self.vdim = vdim if vdim is not None else embed_dim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if embed_dim % num_heads != 0:
            raise ValueError(f'embed_dim ({embed_dim}) must be divisible by num_heads ({num_heads})')
        if not self._qkv_same_embed_dim:
            self.q_proj_weight = Parameter(torch.empty((embed_dim, embed_dim), dtype=dtype))
            self.k_proj_weight = Parameter(torch.empty((embed_dim, self.kdim), dtype=dtype))
            self.v_proj_weight = Parameter(torch.empty((embed_dim, self.vdim), dtype=dtype))
            self.in_proj_weight = None
        else:
            self.in_proj_weight = Parameter(torch.empty((3 * embed_dim, embed_dim), dtype=dtype))
            self.q_proj_weight = None
            self.k_proj_weight = None
            self.v_proj_weight = None
        self.in_proj_bias = Parameter(torch.empty(3 * embed_dim, dtype=dtype)) if bias else None
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias=bias, dtype=dtype)
        self.bias_k = Parameter(torch.empty((1, 1, embed_dim), dtype=dtype)) if add_bias_kv else None
        self.bias_v = Parameter(torch.empty((1, 1, embed_dim), dtype=dtype)) if add_bias_kv else None
        self.add_zero_attn = add_zero_attn

    def _reset_parameters(self):
        return None

    def _of_unknown_rank(self, query, key, value, need_weights, average_attn_weights):
        """Length and batch cannot be told apart: only the last dims are certain, and the weights of [batch, length]."""
        if self._qkv_same_embed_dim:
            w_q, w_k, w_v = self.in_proj_weight.chunk(3)
        else:
            w_q, w_k, w_v = self.q_proj_weight, self.k_proj_weight, self.v_proj_weight
        q, k = F.linear(query, w_q), F.linear(key, w_k)
        F.linear(value, w_v)
        output = F.linear(q, self.out_proj.weight, self.out_proj.bias)
        # Two transpositions, so that the order in memory counts as unknown: it depends on the rank.
        output = output.transpose(-2, -1).transpose(-2, -1)
        if not need_weights:
            return output, None
        if self.batch_first and average_attn_weights and self.bias_k is None and not self.add_zero_attn:
            return output, torch.matmul(q, k.transpose(-2, -1))
        return output, some_tensor()

    def forward(self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None,
                average_attn_weights=True, is_causal=False):
        share_rank(query, key, value)
        if not has_known_rank(query):
            return self._of_unknown_rank(query, key, value, need_weights, average_attn_weights)
        is_batched = query.dim() == 3
        may_be_fast = self.batch_first and is_batched and not self.training and query is key and key is value
        if self.batch_first and is_batched:
            query, key, value = query.transpose(1, 0), key.transpose(1, 0), value.transpose(1, 0)
        output, weights = multi_head_attention_forward(
            query, key, value, self.embed_dim, self.num_heads, self.in_proj_weight, self.in_proj_bias,
            self.bias_k, self.bias_v, self.add_zero_attn, self.dropout, self.out_proj.weight, self.out_proj.bias,
            training=self.training, key_padding_mask=key_padding_mask, need_weights=need_weights,
            attn_mask=attn_mask, use_separate_proj_weight=not self._qkv_same_embed_dim,
            q_proj_weight=self.q_proj_weight, k_proj_weight=self.k_proj_weight, v_proj_weight=self.v_proj_weight,
            average_attn_weights=average_attn_weights, is_causal=is_causal)
        if self.batch_first and is_batched:
            output = output.transpose(1, 0)
            # Without gradients the fast path is taken, whose output is contiguous.
            return in_any_layout(output) if may_be_fast else output, weights
        return output, weights
