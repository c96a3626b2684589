"""Records what transformers assumes for keys that a config.json leaves out, for each model type.

    python test/golden/encodings/record_models.py [--out src/encodings/config/models.json]

For each model type with positions, from its config class and its modelling file, both run:
- `rope`: its default rope_parameters;
- `head_dim`: where it does not follow from hidden_size / num_attention_heads (by layer type where it differs),
  and those two where it does;
- `layout`: how its code pairs dimensions, seen by turning the numbers 0 to 7;
- `mrope_section`: the sections that its M-RoPE falls back to, `mrope_interleaved` if pairs are dealt out in turn,
  both seen by turning time 1, row 10 and column 100;
- `ignores_partial`: true if its default RoPE turns the whole head whatever partial_rotary_factor says;
- `has_own_order`: true if its default RoPE has its frequencies in another order than b^(−2i/d);
- `axial`: how its vision model shares frequencies out to rows and columns, where that is a known form;
- `halves`: true if that model pairs dimensions within each half of the head;
- `spatial_first`: true if its M-RoPE turns height and width by the first pairs in turn, time by the last;
- `scales_scores`: true if its attention multiplies scores by (0.1·mscale_all_dim·ln s + 1)² under a scaling;
- `text`: the model type of the text part of a composite config.
"""

import argparse
import importlib
import json
import math
import os
import pathlib
import warnings

os.environ['HF_HUB_OFFLINE'] = '1'

import torch
import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES

warnings.simplefilter('ignore')
transformers.logging.set_verbosity_error()


def head_dim_of(config):
    """The size of a head as the config has it: a number, one for each layer type, or None."""
    try:
        return getattr(config, 'qk_rope_head_dim', None) or getattr(config, 'head_dim', None)
    except RuntimeError:  # it varies
        return {name: config.per_layer_config[name].head_dim for name in sorted(set(config.layer_types))}


def sizes(config):
    """The head's size if another hidden size leaves it as it is, else what it follows from."""
    size = head_dim_of(config)
    try:
        wider = type(config)(hidden_size=config.hidden_size * 2)
        is_fixed = head_dim_of(wider) == size
    except Exception:  # noqa: BLE001
        is_fixed = True
    if size is not None and is_fixed:
        return {'head_dim': size}
    hidden, heads = getattr(config, 'hidden_size', None), getattr(config, 'num_attention_heads', None)
    if isinstance(hidden, int) and isinstance(heads, int):
        return {'hidden_size': hidden, 'num_attention_heads': heads}
    return {}


def modelling_of(config_class):
    name = config_class.__module__.replace('.configuration_', '.modeling_')
    try:
        return importlib.import_module(name)
    except Exception:  # noqa: BLE001
        return None


def layout_of(modelling, config):
    """How the code of a model pairs dimensions; None where it has another form."""
    if modelling is None:
        return None
    if hasattr(modelling, 'apply_rotary_pos_emb_interleave') and getattr(config, 'rope_interleave', True):
        return 'interleaved'
    if 'view_as_complex' in pathlib.Path(modelling.__file__).read_text():
        return 'complex'
    numbers = torch.arange(8.0).view(1, 1, 1, 8)
    # what the model's own function makes of cos 0 and sin 1; else the function that it would call
    name = 'apply_rotary_pos_emb_vision' if 'Vision' in type(config).__name__ else 'apply_rotary_pos_emb'
    turns = [lambda x: getattr(modelling, name)(x, x, torch.zeros(1, 1, 8), torch.ones(1, 1, 8))[0]]
    turns += [getattr(modelling, name) for name in ('rotate_half', 'rotate_every_two', 'rotate_pairwise') if hasattr(modelling, name)]
    for turn in turns:
        try:
            turned = turn(numbers).flatten().tolist()
            break
        except Exception:  # noqa: BLE001
            continue
    else:
        return None
    return {(-4, -5, -6, -7, 0, 1, 2, 3): 'half-split', (-1, 0, -3, 2, -5, 4, -7, 6): 'interleaved'}.get(tuple(turned))


def ignores_partial(modelling, config_class):
    """Runs the model's default RoPE with half of the head; None where it has no such function."""
    for name in dir(modelling) if modelling else []:
        compute = getattr(getattr(modelling, name), 'compute_default_rope_parameters', None)
        if compute is None or 'Vision' in name:
            continue
        config = config_class()
        parameters = config.rope_parameters
        nested = [value for value in parameters.values() if isinstance(value, dict)]
        try:
            lengths = []
            for part in (1.0, 0.5):
                for one in nested or [parameters]:
                    one['partial_rotary_factor'] = part
                kwargs = {'layer_type': next(iter(parameters))} if nested else {}
                lengths.append(len(compute(config, None, **kwargs)[0]))
            return lengths[0] == lengths[1]
        except Exception:  # noqa: BLE001
            return None
    return None


def without_part(rope):
    """qk_rope_head_dim is what is turned, and the part of the head only says so again."""
    kept = {key: value for key, value in rope.items() if key != 'partial_rotary_factor'}
    return {key: without_part(value) if isinstance(value, dict) else value for key, value in kept.items()}


def has_own_order(modelling, config):
    """True if the default RoPE of a model has the frequencies b^(−2i/d) in another order."""
    for name in dir(modelling) if modelling else []:
        if not name.endswith('RotaryEmbedding') or 'Vision' in name:
            continue
        try:
            inv_freq = getattr(modelling, name)(config).inv_freq
        except Exception:  # noqa: BLE001
            continue
        usual = config.rope_parameters['rope_theta'] ** -(torch.arange(len(inv_freq)) / len(inv_freq))
        is_plain, is_reordered = (torch.allclose(x, usual, rtol=1e-4) for x in (inv_freq, inv_freq.sort(descending=True)[0]))
        return is_reordered and not is_plain
    return False


def axial_form(modelling, config):
    """What of the known forms a vision model's cos have for a patch in row 1 and column 10; and the head's size; nothing for others."""
    names = [name for name in dir(modelling) if hasattr(getattr(modelling, name), 'compute_axial_rope_parameters')]
    for place in ([[1, 10]], [[1], [10]], [[[1, 10]]]):
        try:
            cos = getattr(modelling, names[0])(config)(torch.zeros(1), torch.tensor(place))[0].flatten()
        except Exception:  # noqa: BLE001
            continue
        if found := form_of(cos, config.rope_parameters['rope_theta']):
            return found, len(cos)
    return {}, None


def form_of(cos, base):
    size = len(cos)
    powers = base ** -(torch.arange(0, size, 2) / size)
    spatial = base ** -(torch.arange(0, size // 2, 2) / (size // 2))
    apart = torch.cat([spatial, 10 * spatial])
    forms = [
        ({'axial': 'pixtral'}, torch.cat([powers[0::2], 10 * powers[1::2]]).repeat(2)),
        ({'axial': 'spatial'}, apart.repeat(2)),
        ({'axial': 'spatial'}, apart.repeat_interleave(2)),
        ({'axial': 'spatial', 'halves': True}, torch.cat([spatial, spatial, 10 * spatial, 10 * spatial])),
        ({'axial': 'alternating'}, torch.stack([10 * spatial, spatial], dim=-1).flatten().repeat(2)),
    ]
    for form, angles in forms:
        if len(angles) == size and torch.allclose(angles.cos(), cos, atol=1e-4):
            return form
    return {}


def base_of(config):
    rope = getattr(config, 'rope_parameters', None)
    return rope['rope_theta'] if rope else config.rope_theta


def image_form(modelling, config):
    """The form of vision models that make their tables from an image's size; nothing for others."""
    size, base = config.hidden_size // config.num_attention_heads, base_of(config)
    spatial = base ** -(torch.arange(0, size // 2, 2) / (size // 2))
    for name in dir(modelling):
        try:
            if name.endswith('RopePositionEmbedding') or (name.endswith('RotaryEmbedding') and hasattr(config, 'pos_embed_rescale')):
                patch = config.patch_size
                cos = getattr(modelling, name)(config).eval()(torch.zeros(1, 3, 2 * patch, 4 * patch))[0]
                # row 1 of 2 and column 3 of 4, whose middles are at 0.5 and 0.75 between -1 and 1
                angles = 2 * math.pi * torch.cat([0.5 * spatial, 0.75 * spatial]).repeat(2)
                if torch.allclose(angles.cos(), cos[-1], atol=1e-4):
                    return {'axial': 'dinov3'}
            elif name.endswith('VisionRotaryEmbedding'):
                turns = getattr(modelling, name)(config).freqs_ci[config.image_size // config.patch_size + 10].flatten()
                # places are counted from 1
                angles = torch.cat([11 * spatial, 2 * spatial])
                if torch.allclose(angles.cos(), turns.real, atol=1e-4):
                    return {'axial': 'columns-first'}
        except Exception:  # noqa: BLE001
            continue
    return {}


def section_form(modelling, config):
    """How a model's M-RoPE shares out its pairs, by turning time 1, row 10 and column 100; nothing where it has none."""
    name = next((name for name in dir(modelling) if name.endswith('RotaryEmbedding') and 'Vision' not in name), None)
    try:
        module = getattr(modelling, name)(config)
        section = list(module.mrope_section)
        cos = module(torch.zeros(1), torch.tensor([1, 10, 100]).view(3, 1, 1))[0].flatten()
    except Exception:  # noqa: BLE001
        return {}
    pairs = torch.arange(len(cos) // 2)
    runs = torch.repeat_interleave(torch.arange(len(section)) % 3, torch.tensor(section))
    dealt = torch.where((pairs % 3 == 1) & (pairs < 3 * section[1]), 1, 0) + torch.where((pairs % 3 == 2) & (pairs < 3 * section[2]), 2, 0)
    forms = [
        ({}, runs),
        ({'mrope_interleaved': True}, dealt),
        ({'spatial_first': True, 'layout': 'interleaved'}, torch.where(pairs < section[0] + section[1], 1 + pairs % 2, 0)),
    ]
    for form, axes in forms:
        if len(axes) != len(pairs):
            continue
        angles = torch.tensor([1, 10, 100])[axes] * config.rope_parameters['rope_theta'] ** -(pairs / len(pairs))
        if any(torch.allclose(both, cos, atol=1e-4) for both in (angles.cos().repeat(2), angles.cos().repeat_interleave(2))):
            return {'mrope_section': section, **form}
    return {}


def scales_scores(modelling, config_class):
    """Makes the model's attention with YaRN and without."""
    yarn = {
        'rope_type': 'yarn', 'rope_theta': 10000.0, 'factor': 40.0, 'mscale': 1.0, 'mscale_all_dim': 1.0,
        'original_max_position_embeddings': 4096, 'beta_fast': 32, 'beta_slow': 1,
    }  # fmt: skip
    for name in dir(modelling) if modelling else []:
        if not name.endswith(('Attention', 'MLA')):
            continue
        try:
            with torch.device('meta'):
                plain, scaled = (
                    getattr(modelling, name)(config_class(rope_parameters=rope), 0).scaling
                    for rope in ({'rope_type': 'default', 'rope_theta': 10000.0}, yarn)
                )
            if math.isclose(scaled / plain, (0.1 * math.log(40) + 1) ** 2, rel_tol=1e-6):
                return True
        except Exception:  # noqa: BLE001
            continue
    return False


def record(model_type):
    config_class = CONFIG_MAPPING[model_type]
    config = config_class()
    rope = getattr(config, 'rope_parameters', None)
    if not rope:
        if hasattr(config, 'rotary_dim'):
            size = config.hidden_size // config.num_attention_heads
            # the base of these is in their code
            rope = {'partial_rotary_factor': config.rotary_dim / size, 'rope_theta': 10000.0, 'rope_type': 'default'}
            return {'rope': rope, **sizes(config), 'layout': layout_of(modelling_of(config_class), config)}
        modelling = modelling_of(config_class)
        if hasattr(config, 'pos_embed_rescale') and (form := image_form(modelling, config)):
            rope = {'rope_theta': config.rope_theta, 'rope_type': 'default'}
            return {'rope': rope, **sizes(config), 'layout': layout_of(modelling, config), **form}
        text = config.get_text_config()
        return {'text': text.model_type} if text is not config and getattr(text, 'rope_parameters', None) else None
    modelling = modelling_of(config_class)
    if hasattr(config, 'qk_rope_head_dim'):
        rope = without_part(rope)
    entry = {'rope': dict(sorted(rope.items())), **sizes(config)}
    most = getattr(config, 'max_position_embeddings', None)
    if isinstance(most, int):
        entry['max_position_embeddings'] = most
    interval = getattr(config, 'no_rope_layer_interval', None)
    if interval:
        entry['no_rope_layer_interval'] = interval
    if layout := layout_of(modelling, config):
        entry['layout'] = layout
    if scales_scores(modelling, config_class):
        entry['scales_scores'] = True
    if rope.get('rope_type') == 'axial':
        form, size = axial_form(modelling, config)
        entry |= form
        if form and 'hidden_size' not in entry and 'head_dim' not in entry:
            entry['head_dim'] = size
    elif hasattr(config, 'image_size') and (form := image_form(modelling, config)):
        entry |= form
    elif 'rope_theta' in rope and (form := section_form(modelling, config)):
        entry |= form
    elif rope.get('rope_type') == 'default' and has_own_order(modelling, config):
        entry['has_own_order'] = True
    if 'axial' not in entry and rope.get('rope_type') != 'axial' and not entry.get('has_own_order') and ignores_partial(modelling, config_class):
        entry['ignores_partial'] = True
    return entry


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', default='src/encodings/config/models.json')
    models = {}
    for model_type in sorted(CONFIG_MAPPING_NAMES):
        try:
            entry = record(model_type)
        except Exception as error:  # noqa: BLE001
            print('left out:', model_type, str(error).split('\n')[0][:80])
            continue
        if entry:
            models[model_type] = entry
    lines = ',\n'.join(f'{json.dumps(name)}: {json.dumps(entry)}' for name, entry in models.items())
    pathlib.Path(parser.parse_args().out).write_text(f'{{\n{lines}\n}}\n')
    print(len(models), 'model types of transformers', transformers.__version__)


if __name__ == '__main__':
    main()
