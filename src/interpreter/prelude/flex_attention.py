"""torch.nn.attention.flex_attention."""

import torch
from shapescope import in_any_layout


class BlockMask:
    def __init__(self, shape):
        self.shape = shape
        self.seq_lengths = shape[-2:]

    def to(self, *args, **kwargs):
        return self

    def numel(self):
        return self.shape[0] * self.shape[1] * self.shape[2] * self.shape[3]


def create_block_mask(mask_mod, B, H, Q_LEN, KV_LEN, device=None, BLOCK_SIZE=128, _compile=False, **kwargs):
    return BlockMask((1 if B is None else B, 1 if H is None else H, Q_LEN, KV_LEN))


def create_mask(mod_fn, B, H, Q_LEN, KV_LEN, device=None, **kwargs):
    return torch.empty((1 if B is None else B, 1 if H is None else H, Q_LEN, KV_LEN), dtype=torch.bool)


def and_masks(*mask_mods):
    return mask_mods[0]


def or_masks(*mask_mods):
    return mask_mods[0]


def noop_mask(batch, head, token_q, token_kv):
    return torch.ones((), dtype=torch.bool)


def flex_attention(query, key, value, score_mod=None, block_mask=None, scale=None, enable_gqa=False, return_lse=False,
                   kernel_options=None, *, return_aux=None):
    for name, tensor in (('query', query), ('key', key), ('value', value)):
        if tensor.dim() != 4:
            raise ValueError(f'{name} must have 4 dims, and it has {tensor.dim()}')
    if query.size(-1) != key.size(-1):
        raise ValueError(f'query and key must have the same last dim, and they have {query.size(-1)} and {key.size(-1)}')
    if key.size(-2) != value.size(-2):
        raise ValueError(f'key and value must have the same length, and they have {key.size(-2)} and {value.size(-2)}')
    if not enable_gqa and query.size(1) != key.size(1):
        raise ValueError(f'query has {query.size(1)} heads and key {key.size(1)}; pass enable_gqa=True')
    if enable_gqa and query.size(1) % key.size(1) != 0:
        raise ValueError(f'the {query.size(1)} heads of query are no multiple of the {key.size(1)} of key')
    out = in_any_layout(query.new_empty((*query.shape[:-1], value.size(-1))))
    if return_lse:
        return out, query.new_empty(query.shape[:-1], dtype=torch.float32)
    return out if return_aux is None else (out, return_aux)
