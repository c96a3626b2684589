"""Attention of each encoding in PyTorch, through the modules of transformers where it has them.

Each case turns q and k of [heads, length, dim] into scores before the mask. `cases()` yields
(name, encoding, values, mask, scores) and, where a real module gives them, other scores for the softmax.
"""

import math
import types

import torch
from rotary_embedding_torch import RotaryEmbedding
from seeded import normals, seed_of
from transformers.models.auto.configuration_auto import CONFIG_MAPPING
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.deepseek_v3 import modeling_deepseek_v3 as deepseek
from transformers.models.dinov3_vit import modeling_dinov3_vit as dinov3
from transformers.models.ernie4_5_vl_moe import modeling_ernie4_5_vl_moe as ernie_vl
from transformers.models.fsmt.modeling_fsmt import SinusoidalPositionalEmbedding as FsmtPositions
from transformers.models.gemma4 import modeling_gemma4 as gemma4
from transformers.models.gpt_neox import modeling_gpt_neox as gpt_neox
from transformers.models.gptj import modeling_gptj as gptj
from transformers.models.hunyuan_v1_dense import modeling_hunyuan_v1_dense as hunyuan
from transformers.models.kimi_k25 import modeling_kimi_k25 as kimi
from transformers.models.llama import modeling_llama as llama
from transformers.models.llama4 import modeling_llama4 as llama4
from transformers.models.ministral3 import modeling_ministral3 as ministral3
from transformers.models.mpt.modeling_mpt import build_mpt_alibi_tensor
from transformers.models.pixtral import modeling_pixtral as pixtral
from transformers.models.qwen2_vl import modeling_qwen2_vl as qwen2_vl
from transformers.models.qwen3_vl import modeling_qwen3_vl as qwen3_vl
from transformers.models.roformer.modeling_roformer import RoFormerSelfAttention
from transformers.models.roformer.modeling_roformer import RoFormerSinusoidalPositionalEmbedding as RoFormerPositions
from transformers.models.sam3 import modeling_sam3 as sam3
from transformers.models.t5.modeling_t5 import T5Attention
from transformers.models.wav2vec2_bert.modeling_wav2vec2_bert import _apply_relative_key_position_encoding
from transformers.models.whisper.modeling_whisper import sinusoids
from transformers.models.xlnet.modeling_xlnet import XLNetModel, XLNetRelativeAttention

heads, length, dim = 2, 8, 16
positions = torch.arange(length)[None]
q = torch.tensor(normals(1, heads * length * dim)).view(heads, length, dim)
k = torch.tensor(normals(2, heads * length * dim)).view(heads, length, dim)


def plain(query, key):
    return query @ key.transpose(-1, -2) / math.sqrt(dim)


def config_of(model_type, **keys):
    sizes = dict(hidden_size=heads * dim, num_attention_heads=heads, max_position_embeddings=4)
    return CONFIG_MAPPING[model_type](**{**sizes, **keys})


def scaled(rope_type, layout='half-split', **keys):
    """Llama's own code with a rope_type, for the whole sequence of 8, twice the context of 4."""
    parameters = dict(rope_type=rope_type, rope_theta=100.0, **keys)
    config = config_of('llama', rope_parameters=parameters)
    return turned(*llama.LlamaRotaryEmbedding(config)(q, positions), layout)


def turned(cos, sin, layout):
    """Scores by tables of half-split columns, in the code of a model of each layout."""
    if layout == 'half-split':
        query, key = llama.apply_rotary_pos_emb(q[None], k[None], cos, sin)
        return plain(query[0], key[0])
    # these models have [batch, length, heads, dim], and a column for each pair
    long = [x.transpose(0, 1)[None] for x in (q, k)]
    cos, sin = (x[..., : dim // 2] for x in (cos, sin))
    if layout == 'complex':
        query, key = llama4.apply_rotary_emb(*long, torch.complex(cos, sin))
    else:
        query, key = (gptj.apply_rotary_pos_emb(x, sin, cos) for x in long)
    return plain(query[0].transpose(0, 1), key[0].transpose(0, 1))


def ntk(layout='half-split'):
    """HunYuan's alpha is the factor of static NTK-aware scaling."""
    rope = dict(rope_type='dynamic', rope_theta=100.0, alpha=8.0, factor=1.0)
    config = config_of('hunyuan_v1_dense', head_dim=dim, max_position_embeddings=length, rope_parameters=rope)
    return turned(*hunyuan.HunYuanDenseV1RotaryEmbedding(config)(q, positions), layout)


def interleaved():
    """GPT-J's code; its tensors are [batch, length, heads, dim]."""
    sin, cos = gptj.create_sinusoidal_positions(length, dim)[None].chunk(2, dim=-1)
    query, key = (gptj.apply_rotary_pos_emb(x.transpose(0, 1)[None], sin, cos)[0].transpose(0, 1) for x in (q, k))
    return plain(query, key)


def deepseek_interleaved():
    cos, sin = deepseek.DeepseekV3RotaryEmbedding(config_of('deepseek_v3', qk_rope_head_dim=dim))(q, positions)
    query, key = deepseek.apply_rotary_pos_emb_interleave(q[None], k[None], cos, sin)
    return plain(query[0], key[0])


def deepseek_yarn(**rope):
    """With the attention's own factor of the scores, which is for a head of other parts too."""
    sizes = dict(qk_rope_head_dim=dim, qk_nope_head_dim=dim, num_hidden_layers=1)
    config = config_of('deepseek_v3', rope_parameters=dict(rope_type='yarn', rope_theta=100.0, **rope), **sizes)
    cos, sin = deepseek.DeepseekV3RotaryEmbedding(config)(q, positions)
    query, key = deepseek.apply_rotary_pos_emb_interleave(q[None], k[None], cos, sin)
    attention = deepseek.DeepseekV3Attention(config, 0)
    return plain(query[0], key[0]) * attention.scaling * math.sqrt(attention.qk_head_dim)


def ministral(**rope):
    config = config_of('ministral3', head_dim=dim, rope_parameters=dict(rope_type='yarn', rope_theta=100.0, **rope))
    cos, sin = ministral3.Ministral3RotaryEmbedding(config)(q, positions)
    query, key = ministral3.apply_rotary_pos_emb(q[None], k[None], cos, sin)
    trained = rope['original_max_position_embeddings']
    grown = query * ministral3.get_llama_4_attn_scale(positions, rope['llama_4_scaling_beta'], trained)
    return plain(grown[0], key[0])


def complex_pairs():
    config = config_of('llama4_text', head_dim=dim, rope_parameters=dict(rope_type='default', rope_theta=100.0))
    turns = llama4.Llama4TextRotaryEmbedding(config)(q, positions)
    query, key = llama4.apply_rotary_emb(q.transpose(0, 1)[None], k.transpose(0, 1)[None], turns)
    return plain(query[0].transpose(0, 1), key[0].transpose(0, 1))


def partial():
    config = config_of('gpt_neox', rotary_pct=0.25)
    cos, sin = gpt_neox.GPTNeoXRotaryEmbedding(config)(q, positions)
    query, key = gpt_neox.apply_rotary_pos_emb(q[None], k[None], cos, sin)
    return plain(query[0], key[0])


def mixed_layout():
    """The mistake: columns of an interleaved table under a half-split rotation."""
    cos, sin = llama.LlamaRotaryEmbedding(config_of('llama'))(q, positions)
    cos, sin = (x[..., : dim // 2].repeat_interleave(2, dim=-1) for x in (cos, sin))
    query, key = llama.apply_rotary_pos_emb(q[None], k[None], cos, sin)
    return plain(query[0], key[0])


def proportional(layout='half-split'):
    rope = dict(rope_type='proportional', rope_theta=100.0, partial_rotary_factor=0.25, factor=2.0)
    config = config_of(
        'gemma4_text', head_dim=dim, global_head_dim=dim, num_hidden_layers=1, layer_types=['full_attention'],
        rope_parameters=dict(full_attention=rope, sliding_attention=dict(rope_type='default', rope_theta=100.0)),
    )  # fmt: skip
    cos, sin = gemma4.Gemma4TextRotaryEmbedding(config)(q, positions, 'full_attention')
    if layout != 'half-split':
        return turned(cos, sin, layout)
    return plain(*(gemma4.apply_rotary_pos_emb(x[None], cos, sin)[0] for x in (q, k)))


def multimodal(module, name, config, section, **scaling):
    """One position of text, an image of 2 × 3 patches, and text again."""
    places = [(0, 0, 0), *((1, 1 + p // 3, 1 + p % 3) for p in range(6)), (4, 4, 4)]
    ids = torch.tensor(places).T[:, None]
    rope = dict(rope_type='default', rope_theta=100.0, mrope_section=section) | scaling
    cos, sin = getattr(module, name)(config_of(config, head_dim=dim, rope_parameters=rope))(q, ids)
    query, key = module.apply_rotary_pos_emb(q[None], k[None], cos, sin)
    return plain(query[0], key[0])


grid = torch.tensor([(p // 4, p % 4) for p in range(length)])


def pixtral_patches():
    embedding = pixtral.PixtralVisionRotaryEmbedding(config_of('pixtral', head_dim=dim))
    cos, sin = embedding(q, grid)
    query, key = pixtral.apply_rotary_pos_emb(q, k, cos, sin, unsqueeze_dim=0)
    return plain(query, key)


def spatial_patches():
    vision = CONFIG_MAPPING['qwen2_vl_vision'](embed_dim=heads * dim, num_heads=heads)
    vision.num_attention_heads = heads
    cos, sin = qwen2_vl.Qwen2VLVisionRotaryEmbedding(vision)(q, grid)
    query, key = qwen2_vl.apply_rotary_pos_emb(q, k, cos, sin, unsqueeze_dim=0)
    return plain(query, key)


def dinov3_patches():
    config = CONFIG_MAPPING['dinov3_vit'](hidden_size=heads * dim, num_attention_heads=heads, rope_theta=100.0, patch_size=1)
    embedding = dinov3.DINOv3ViTRopePositionEmbedding(config).eval()
    cos, sin = embedding(torch.zeros(1, 3, 2, 4))
    turn = lambda x: x * cos + dinov3.rotate_half(x) * sin  # noqa: E731
    return plain(turn(q), turn(k))


def ernie():
    """The same place of text and image as in `multimodal`, in a model that has space before time."""
    ids = torch.tensor([(0, 0, 0), *((1, 1 + p // 3, 1 + p % 3) for p in range(6)), (4, 4, 4)]).T[:, None]
    rope = dict(rope_type='default', rope_theta=100.0, mrope_section=[3, 3, 2])
    config = config_of('ernie4_5_vl_moe_text', head_dim=dim, rope_parameters=rope)
    cos, sin = ernie_vl.Ernie4_5_VLMoeTextRotaryEmbedding(config)(q, ids)
    query, key = ernie_vl.apply_rotary_pos_emb(q[None], k[None], cos, sin)
    return plain(query[0], key[0])


def sam3_patches():
    config = CONFIG_MAPPING['sam3_vit_model'](hidden_size=heads * dim, num_attention_heads=heads)
    cos, sin = sam3.Sam3ViTRotaryEmbedding(config)(q, grid)
    query, key = sam3.apply_rotary_pos_emb_2d(q[None], k[None], cos, sin)
    return plain(query[0], key[0])


def kimi_patches():
    config = CONFIG_MAPPING['kimi_k25_vision'](hidden_size=heads * dim, num_attention_heads=heads)
    cos, sin = kimi.Kimi_K25VisionRotaryEmbedding(config)(q, grid)
    query, key = kimi.apply_rotary_pos_emb_vision(q.transpose(0, 1), k.transpose(0, 1), cos, sin)
    return plain(query.transpose(0, 1), key.transpose(0, 1))


def llama4_patches():
    """An image of 4 × 4 patches, of which the grid has the first 2 rows."""
    config = CONFIG_MAPPING['llama4_vision_model'](
        hidden_size=heads * dim, num_attention_heads=heads, image_size=4, patch_size=1
    )
    turns = llama4.Llama4VisionRotaryEmbedding(config).freqs_ci[:length]
    query, key = llama4.vision_apply_rotary_emb(q.transpose(0, 1)[None], k.transpose(0, 1)[None], turns)
    return plain(query[0].transpose(0, 1), key[0].transpose(0, 1))


def xpos():
    embedding = RotaryEmbedding(dim=dim, use_xpos=True, xpos_scale_base=4, cache_if_possible=False)
    query, key = embedding.rotate_queries_and_keys(q[None], k[None])
    return plain(query[0], key[0])


def sinusoidal_table(form):
    if form == 'interleaved':
        places = torch.arange(length)[:, None] / 10000 ** (torch.arange(0, dim, 2) / dim)
        return torch.stack((places.sin(), places.cos()), dim=-1).flatten(1)
    if form == 'concatenated':
        table = RoFormerPositions(length, dim).create_weight()
        assert torch.allclose(table, gptj.create_sinusoidal_positions(length, dim), atol=1e-6)
        return table
    table = FsmtPositions.get_embedding(length, dim, None)
    assert torch.allclose(table, sinusoids(length, dim), atol=1e-6)
    return table


def learned_table():
    return torch.tensor([normals(seed_of(5, p), dim, 0.5) for p in range(length)])


def transformer_xl():
    """XLNet's shift, and its positions, which count down from the keys' length."""
    model = types.SimpleNamespace(d_model=dim, attn_type='bi', bi_data=False, clamp_len=-1)
    model.positional_embedding = XLNetModel.positional_embedding
    waves = XLNetModel.relative_positional_encoding(model, length, length)[:, 0]
    scores = []
    for head in range(heads):
        u, v = (torch.tensor(normals(seed_of(5, 3 * head + part), dim)) for part in (0, 1))
        weights = torch.tensor(normals(seed_of(5, 3 * head + 2), dim * dim, 1 / math.sqrt(dim))).view(dim, dim)
        met = (q[head] + v) @ (waves @ weights.T).T
        shifted = XLNetRelativeAttention.rel_shift_bnij(met[None, None], klen=length)[0, 0]
        scores.append(((q[head] + u) @ k[head].T + shifted) / math.sqrt(dim))
    return torch.stack(scores)


def shaw():
    left, right = 3, 1
    table = torch.tensor([normals(seed_of(5, row), dim) for row in range(left + right + 1)])
    module = types.SimpleNamespace(
        left_max_position_embeddings=left,
        right_max_position_embeddings=right,
        distance_embedding=torch.nn.Embedding.from_pretrained(table),
        scaling=dim**-0.5,
    )
    _, bias = _apply_relative_key_position_encoding(module, q[None], k[None])
    return plain(q, k) + bias[0]


def t5(bidirectional):
    config = CONFIG_MAPPING['t5'](
        d_model=heads * dim, d_kv=dim, num_heads=heads, is_decoder=not bidirectional,
        relative_attention_num_buckets=8, relative_attention_max_distance=6,
    )  # fmt: skip
    attention = T5Attention(config, has_relative_attention_bias=True)
    attention.relative_attention_bias.weight.data = torch.tensor(normals(5, 8 * heads)).view(8, heads)
    return q @ k.transpose(-1, -2) + attention.compute_bias(length, length)[0].detach()


def alibi(form):
    """Real models add slopes·j, alike but for a constant in each row, which the softmax takes out."""
    if form == 'bloom':
        bias = build_alibi_tensor(torch.ones(1, length), heads, torch.float32)
    else:
        bias = build_mpt_alibi_tensor(heads, length)
    slopes = (bias[:, 0, 1] - bias[:, 0, 0])[:, None, None]
    distance = torch.arange(length)[None, None] - torch.arange(length)[None, :, None]
    return plain(q, k) + slopes * distance, plain(q, k) + bias


def llama4_temperature():
    scale = torch.log1p(torch.floor((torch.arange(length).float() + 1.0) / 2)) * 0.1 + 1.0
    return plain(q * scale[:, None], k)


def linear_rope():
    """RoFormer's linear attention: the weights of each key, by its own turning of queries and keys."""
    table = RoFormerPositions(length, dim).create_weight()[None, None]
    feature_q, feature_k = (torch.nn.functional.elu(x) + 1 for x in (q, k))
    turn = RoFormerSelfAttention.apply_rotary_position_embeddings
    query, key = turn(table, feature_q[None], feature_k[None])
    seen = torch.ones(length, length).tril()
    scores = query[0] @ key[0].transpose(-1, -2)
    return scores, scores * seen / (feature_q @ feature_k.transpose(-1, -2) * seen).sum(-1, keepdim=True)


def cases():
    base = dict(head_dim=dim)
    low = dict(head_dim=dim, rope_theta=100.0)
    factors = [1.0 + 0.1 * i for i in range(8)], [2.0 + 0.5 * i for i in range(8)]
    long_rope = dict(short_factor=factors[0], long_factor=factors[1], factor=2.0, original_max_position_embeddings=4)
    yarn = dict(factor=2.0, original_max_position_embeddings=64, beta_fast=4.0, beta_slow=1.0)
    llama3 = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64)
    yield 'rope', 'rope', low, 'causal', scaled('default')
    yield 'rope-none', 'rope', low, 'none', scaled('default')
    yield 'rope-sliding', 'rope', low, 'sliding', scaled('default')
    yield 'interleaved', 'rope', dict(base, layout='interleaved'), 'causal', interleaved()
    yield 'deepseek', 'rope', dict(base, layout='interleaved'), 'causal', deepseek_interleaved()
    yield 'complex', 'rope', dict(low, layout='complex'), 'causal', complex_pairs()
    yield 'partial', 'rope', dict(base, partial_rotary_factor=0.25), 'causal', partial()
    yield 'mixed layout', 'rope', dict(base, table_layout='interleaved'), 'causal', mixed_layout()
    yield 'linear', 'rope-linear', dict(low, factor=2.0), 'causal', scaled('linear', factor=2.0)
    dynamic = dict(low, factor=2.0, max_position_embeddings=4, seq_len=length)
    yield 'dynamic', 'rope-dynamic', dynamic, 'causal', scaled('dynamic', factor=2.0)
    yield 'ntk', 'rope-ntk', dict(low, factor=8.0), 'causal', ntk()
    yield 'yarn', 'rope-yarn', dict(low, **yarn), 'causal', scaled('yarn', **yarn)
    yield 'longrope', 'rope-longrope', dict(low, **long_rope, seq_len=length), 'causal', scaled('longrope', **long_rope)
    for layout in ('interleaved', 'complex'):
        for name, kind, values, scores in (
            ('linear', 'rope-linear', dict(factor=2.0), scaled('linear', layout, factor=2.0)),
            ('dynamic', 'rope-dynamic', dynamic, scaled('dynamic', layout, factor=2.0)),
            ('ntk', 'rope-ntk', dict(factor=8.0), ntk(layout)),
            ('yarn', 'rope-yarn', yarn, scaled('yarn', layout, **yarn)),
            ('longrope', 'rope-longrope', dict(long_rope, seq_len=length), scaled('longrope', layout, **long_rope)),
            ('llama3', 'rope-llama3', llama3, scaled('llama3', layout, **llama3)),
            ('proportional', 'rope-proportional', dict(partial_rotary_factor=0.25, factor=2.0), proportional(layout)),
        ):
            yield f'{name}, {layout}', kind, dict(low, **values, layout=layout), 'causal', scores
    mscales = dict(yarn, mscale=1.0, mscale_all_dim=0.7)
    deepseek_values = dict(low, **mscales, layout='interleaved', scale_scores=True)
    yield 'deepseek yarn', 'rope-yarn', deepseek_values, 'causal', deepseek_yarn(**mscales)
    growing = dict(yarn, original_max_position_embeddings=3, llama_4_scaling_beta=0.1)
    yield 'ministral', 'rope-yarn', dict(low, **growing), 'causal', ministral(**growing)
    yield 'llama3', 'rope-llama3', dict(low, **llama3), 'causal', scaled('llama3', **llama3)
    yield 'proportional', 'rope-proportional', dict(low, partial_rotary_factor=0.25, factor=2.0), 'causal', proportional()
    image = dict(low, mrope_section=[4, 2, 2], image_start=1, image_height=2, image_width=3)
    qwen2 = multimodal(qwen2_vl, 'Qwen2VLRotaryEmbedding', 'qwen2_vl_text', [4, 2, 2])
    yield 'mrope', 'mrope', image, 'causal', qwen2
    qwen3 = multimodal(qwen3_vl, 'Qwen3VLTextRotaryEmbedding', 'qwen3_vl_text', [4, 2, 2])
    yield 'mrope interleaved', 'mrope', dict(image, mrope_interleaved=True), 'causal', qwen3
    for name, given, values in (
        ('linear', dict(factor=2.0), dict(factor=2.0)),
        ('dynamic', dict(factor=2.0), dict(factor=2.0, max_position_embeddings=4, seq_len=5)),
        ('yarn', yarn, yarn),
        ('longrope', long_rope, dict(long_rope, seq_len=5)),
        ('llama3', llama3, llama3),
    ):
        scores = multimodal(qwen2_vl, 'Qwen2VLRotaryEmbedding', 'qwen2_vl_text', [4, 2, 2], rope_type=name, **given)
        yield f'mrope {name}', f'mrope-{name}', dict(image, **values), 'causal', scores
    spatial_first = dict(image, mrope_section=[3, 3, 2], spatial_first=True, layout='interleaved')
    yield 'mrope spatial first', 'mrope', spatial_first, 'causal', ernie()
    patches = dict(base, grid_height=2, grid_width=4)
    yield 'pixtral', 'axial-rope', dict(patches, form='pixtral'), 'none', pixtral_patches()
    yield 'spatial', 'axial-rope', dict(patches, form='spatial'), 'none', spatial_patches()
    yield 'sam3', 'axial-rope', dict(patches, form='spatial', layout='interleaved'), 'none', sam3_patches()
    columns = dict(patches, form='columns-first', layout='complex')
    yield 'columns first', 'axial-rope', columns, 'none', llama4_patches()
    yield 'alternating', 'axial-rope', dict(patches, form='alternating'), 'none', kimi_patches()
    yield 'dinov3', 'axial-rope', dict(patches, form='dinov3', rope_theta=100.0), 'none', dinov3_patches()
    yield 'xpos', 'xpos', dict(base, layout='interleaved', scale_base=4.0), 'causal', xpos()
    for form in ('interleaved', 'concatenated', 'tensor2tensor'):
        table = sinusoidal_table(form)
        yield f'sinusoidal {form}', 'sinusoidal', dict(base, form=form), 'causal', plain(q + table, k + table)
    table = learned_table()
    yield 'learned', 'learned', dict(base, initializer_range=0.5, seed=5), 'none', plain(q + table, k + table)
    yield 'transformer-xl', 'transformer-xl', dict(base, num_attention_heads=heads, seed=5), 'none', transformer_xl()
    limits = dict(left_max_position_embeddings=3, right_max_position_embeddings=1, initializer_range=1.0)
    yield 'shaw', 'shaw', dict(base, **limits, seed=5), 'none', shaw()
    buckets = dict(num_attention_heads=heads, relative_attention_num_buckets=8, relative_attention_max_distance=6, seed=5)
    yield 't5 encoder', 't5-bias', dict(base, **buckets), 'none', t5(True)
    yield 't5 decoder', 't5-bias', dict(base, **buckets, bidirectional=False), 'causal', t5(False)
    for form in ('bloom', 'mpt'):
        yield f'alibi {form}', 'alibi', dict(base, num_attention_heads=heads, slopes=form), 'causal', *alibi(form)
    yield 'nope', 'nope', base, 'causal', plain(q, k)
    warm = dict(base, attn_temperature_tuning=True, attn_scale=0.1, floor_scale=2.0)
    yield 'nope llama4', 'nope', warm, 'causal', llama4_temperature()
