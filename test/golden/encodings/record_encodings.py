"""Records what transformers and PyTorch make of positions, into the JSON files beside this script.

    python test/golden/encodings/record_encodings.py

- `rope_types.json`: inverse frequencies of every rope_type, as the model starts and for longer sequences;
- `configs.json`: for each of `configs/*.json` what its config class and its modules have;
- `model_types.json`: the same for a config that names nothing but its model type, in short;
- `cos_sin.json`: cos and sin in fp64, and as Llama's module computes them;
- `attention.json`: scores and weights of every encoding (references.py);
- `tables.json`: slopes of ALiBi, buckets of T5.

Needs torch 2.13.0, transformers 5.17.0 and rotary-embedding-torch.
"""

import json
import os
import pathlib
import warnings

os.environ['HF_HUB_OFFLINE'] = '1'

import torch
import transformers
from references import cases, dim, heads, length, linear_rope
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.auto.configuration_auto import CONFIG_MAPPING
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.models.mpt.modeling_mpt import build_mpt_alibi_tensor
from transformers.models.t5.modeling_t5 import T5Attention

from record_models import layout_of, modelling_of

warnings.simplefilter('ignore')
transformers.logging.set_verbosity_error()
here = pathlib.Path(__file__).resolve().parent


def numbers(tensor, digits=9):
    """Rounded to so many significant digits: nine tell fp32 numbers apart."""
    return [float(f'{value:.{digits}g}') for value in tensor.flatten().tolist()]


def rope_types():
    long_rope = {
        'short_factor': [1.0 + 0.05 * i for i in range(32)],
        'long_factor': [1.0 + 2.0 * i for i in range(32)],
        'original_max_position_embeddings': 4096,
    }
    yarn = {'factor': 4.0, 'original_max_position_embeddings': 8192}
    llama3 = {'low_freq_factor': 1.0, 'high_freq_factor': 4.0, 'original_max_position_embeddings': 8192}
    parameters = [
        {'rope_type': 'linear', 'factor': 8.0},
        {'rope_type': 'linear', 'factor': 3.0, 'partial_rotary_factor': 0.5},
        {'rope_type': 'dynamic', 'factor': 2.0},
        {'rope_type': 'dynamic', 'factor': 8.0, 'partial_rotary_factor': 0.25},
        {'rope_type': 'yarn', **yarn},
        {'rope_type': 'yarn', **yarn, 'truncate': False, 'rope_theta': 150000.0},
        {'rope_type': 'yarn', **yarn, 'beta_fast': 16, 'beta_slow': 2, 'attention_factor': 1.5},
        {'rope_type': 'yarn', **yarn, 'mscale': 1.0, 'mscale_all_dim': 0.8, 'partial_rotary_factor': 0.5},
        {'rope_type': 'yarn', **yarn, 'factor': None},
        {'rope_type': 'yarn', 'factor': 0.5},
        {'rope_type': 'longrope', **long_rope},
        {'rope_type': 'longrope', **long_rope, 'factor': 4.0, 'attention_factor': 1.25},
        {'rope_type': 'llama3', 'factor': 8.0, **llama3, 'rope_theta': 500000.0},
        {'rope_type': 'llama3', 'factor': 32.0, **llama3, 'rope_theta': 500000.0},
        {'rope_type': 'proportional', 'partial_rotary_factor': 0.25, 'rope_theta': 1000000.0},
        {'rope_type': 'proportional', 'partial_rotary_factor': 0.3, 'factor': 8.0},
    ]
    for given in parameters:
        given = {'rope_theta': 10000.0, **given}
        config = {'hidden_size': 128, 'num_attention_heads': 2, 'max_position_embeddings': 32768}
        for seq_len in (None, 1000, 100000):
            made = CONFIG_MAPPING['llama'](**config, rope_parameters=dict(given))
            inv_freq, factor = ROPE_INIT_FUNCTIONS[given['rope_type']](made, seq_len=seq_len)
            if seq_len and given['rope_type'] not in ('dynamic', 'longrope'):
                assert torch.equal(inv_freq, ROPE_INIT_FUNCTIONS[given['rope_type']](made)[0])
                continue
            written = {'model_type': 'llama', **config, 'rope_parameters': given}
            yield {'config': written, 'length': seq_len, 'attention_factor': factor, 'inv_freq': numbers(inv_freq)}


def text_config(path):
    """The config as transformers reads it from a file, its text part."""
    written = json.loads(path.read_text())
    return CONFIG_MAPPING[written['model_type']].from_dict(written).get_text_config()


def rotary_module(modelling):
    """The rotary embedding of a model's text; None where it has none."""
    names = [name for name in dir(modelling) if name.endswith('RotaryEmbedding') and 'Vision' not in name]
    return getattr(modelling, names[0]) if names else None


def layers_of(config):
    modelling = modelling_of(type(config))
    module = rotary_module(modelling)
    model_type = config.model_type
    if model_type == 'gptj':
        sin, cos = modelling.create_sinusoidal_positions(2, config.rotary_dim).chunk(2, dim=-1)
        inv_freq = torch.atan2(sin[1], cos[1])
        return [rope_layer(None, 'default', 10000.0, inv_freq, 1.0)]
    if model_type == 't5':
        return [
            {
                'layer_type': name,
                'type': 't5-bias',
                'head_dim': config.d_kv,
                'num_attention_heads': config.num_heads,
                'relative_attention_num_buckets': config.relative_attention_num_buckets,
                'relative_attention_max_distance': config.relative_attention_max_distance,
                'bidirectional': name == 'encoder',
            }
            for name in ('encoder', 'decoder')
        ]
    if model_type in ('bloom', 'mpt') or getattr(config, 'alibi', False):
        form = 'mpt' if model_type == 'mpt' else 'bloom'
        most = config.attn_config.alibi_bias_max if form == 'mpt' else 8
        number, size = config.num_attention_heads, config.hidden_size // config.num_attention_heads
        return [
            {'layer_type': None, 'type': 'alibi', 'head_dim': size, 'num_attention_heads': number,
             'slopes': form, 'alibi_bias_max': most}
        ]  # fmt: skip
    made, rope = module(config), config.rope_parameters
    if 'rope_theta' in rope:
        return [rope_layer(None, rope['rope_type'], rope['rope_theta'], made.inv_freq, made.attention_scaling)]
    return [
        rope_layer(
            name, part['rope_type'], part['rope_theta'],
            getattr(made, f'{name}_inv_freq'), getattr(made, f'{name}_attention_scaling'),
        )
        for name, part in rope.items()
        if hasattr(made, f'{name}_inv_freq')
    ]  # fmt: skip


def rope_layer(name, rope_type, base, inv_freq, factor):
    return {
        'layer_type': name, 'type': rope_type, 'base': base, 'dim': 2 * len(inv_freq),
        'attention_factor': factor, 'inv_freq': numbers(inv_freq),
    }  # fmt: skip


def configs():
    for path in sorted((here / 'configs').glob('*.json')):
        config = text_config(path)
        layout = layout_of(modelling_of(type(config)), config)
        yield {'config': path.stem, 'layout': layout, 'layers': layers_of(config)}


# Defaults that cannot be turned: an odd number of dimensions, or four times the head.
unfit = {'glm4_moe', 'glm4v_moe_text', 'qwen3_omni_moe_text', 'efficientloftr'}
# Heads of which the config class has another size than hidden_size / num_attention_heads.
derived = {'zamba2'}


def model_types():
    """Model types whose default has a rotary module; a second and a last frequency stand for all."""
    recorded = json.loads((here.parents[2] / 'src/encodings/config/models.json').read_text())
    for name, entry in recorded.items():
        rope = entry.get('rope')
        is_reordered = entry.get('has_own_order') or entry.get('spatial_first')
        if not rope or 'axial' in (rope.get('rope_type'), *entry) or is_reordered or name in unfit | derived:
            continue
        try:
            layers = layers_of(CONFIG_MAPPING[name]())
        except Exception:  # noqa: BLE001
            continue  # composite, or without a module of its own
        short = [{**layer, 'inv_freq': [layer['inv_freq'][1], layer['inv_freq'][-1]]} for layer in layers if 'dim' in layer]
        if short:
            yield {'model_type': name, 'layers': short}


def cos_sin():
    places = [0, 1, 17, 4095, 131071, 1048575]
    for base, size in ((10000.0, 64), (500000.0, 128)):
        config = CONFIG_MAPPING['llama'](
            hidden_size=size, num_attention_heads=1, rope_parameters={'rope_type': 'default', 'rope_theta': base}
        )
        cos, sin = LlamaRotaryEmbedding(config)(torch.zeros(1), torch.tensor([places]))
        angles = torch.tensor(places, dtype=torch.float64)[:, None] / base ** (
            torch.arange(0, size, 2, dtype=torch.float64) / size
        )
        few = torch.tensor([0, 1, 5, 12, size // 4, size // 2 - 1])
        pick = lambda table, digits: numbers(table[..., few].reshape(len(places), -1), digits)  # noqa: E731
        yield {
            'base': base, 'dim': size, 'positions': places, 'pairs': few.tolist(),
            'f64': {'cos': pick(angles.cos(), 12), 'sin': pick(angles.sin(), 12)},
            'f32': {'cos': pick(cos[0], 9), 'sin': pick(sin[0], 9)},
        }  # fmt: skip


def masked(scores, mask):
    distance = torch.arange(length)[:, None] - torch.arange(length)[None]
    hidden = {'none': distance > length, 'causal': distance < 0, 'sliding': (distance < 0) | (distance >= 3)}[mask]
    return scores.masked_fill(hidden, float('-inf')).softmax(-1)


def attention():
    for name, encoding, values, mask, scores, *real in cases():
        weights = masked(real[0] if real else scores, mask)
        yield {
            'name': name, 'encoding': encoding, 'values': values, 'mask': mask, 'form': 'softmax',
            'scores': numbers(scores, 7), 'weights': numbers(weights, 6),
        }  # fmt: skip
    scores, weights = linear_rope()
    yield {
        'name': 'linear attention', 'encoding': 'rope', 'values': {'head_dim': dim, 'layout': 'interleaved'},
        'mask': 'causal', 'form': 'linear', 'scores': numbers(scores, 7), 'weights': numbers(weights, 6),
    }  # fmt: skip


def tables():
    slopes = {}
    for count in (1, 6, 8, 12, 32, 71, 112):
        bloom = build_alibi_tensor(torch.ones(1, 2), count, torch.float32)[:, 0, 1]
        mpt = -build_mpt_alibi_tensor(count, 2)[:, 0, 0]
        slopes[count] = {'bloom': numbers(bloom), 'mpt': numbers(mpt)}
    offsets = torch.cat([torch.arange(-150, 151), torch.tensor([-100000, -1000, 1000, 100000])])
    buckets = [
        {
            'relative_attention_num_buckets': count, 'relative_attention_max_distance': most, 'bidirectional': both,
            'buckets': T5Attention._relative_position_bucket(offsets, both, count, most).tolist(),
        }
        for count, most in ((32, 128), (64, 1000), (10, 12))
        for both in (True, False)
    ]  # fmt: skip
    return {'slopes': slopes, 'offsets': offsets.tolist(), 'buckets': buckets}


def write(name, lines):
    """One entry on a line, so that a changed line is a changed case."""
    text = '[\n' + ',\n'.join(json.dumps(line) for line in lines) + '\n]\n' if isinstance(lines, list) else json.dumps(lines) + '\n'
    (here / name).write_text(text)
    print(name, len(lines), 'entries,', len(text), 'characters')


def main():
    assert (heads, length) == (2, 8)
    write('rope_types.json', list(rope_types()))
    write('configs.json', list(configs()))
    write('model_types.json', list(model_types()))
    write('cos_sin.json', list(cos_sin()))
    write('attention.json', list(attention()))
    write('tables.json', tables())


if __name__ == '__main__':
    main()
