// The prelude: `torch.nn` written in Python, shared by all runs; what is used of it runs once.

import { readLazily } from '../syntax/lazy'
import { ModuleObject } from './objects'
import { PendingBody } from './pending'
import activations from './prelude/activations.py'
import amp from './prelude/amp.py'
import argparse from './prelude/argparse.py'
import attention from './prelude/attention.py'
import attrs from './prelude/attrs.py'
import attrs_converters from './prelude/attrs_converters.py'
import attrs_validators from './prelude/attrs_validators.py'
import autograd from './prelude/autograd.py'
import bisect from './prelude/bisect.py'
import checkpoint from './prelude/checkpoint.py'
import collections from './prelude/collections.py'
import collections_abc from './prelude/collections_abc.py'
import concurrent_futures from './prelude/concurrent_futures.py'
import constraints from './prelude/constraints.py'
import containers from './prelude/containers.py'
import contextlib from './prelude/contextlib.py'
import contextvars from './prelude/contextvars.py'
import conv from './prelude/conv.py'
import csv from './prelude/csv.py'
import data from './prelude/data.py'
import distributions from './prelude/distributions.py'
import einops_layers from './prelude/einops_layers.py'
import einx from './prelude/einx.py'
import files from './prelude/files.py'
import flex_attention from './prelude/flex_attention.py'
import func from './prelude/func.py'
import functional from './prelude/functional.py'
import functools from './prelude/functools.py'
import glob from './prelude/glob.py'
import heapq from './prelude/heapq.py'
import io from './prelude/io.py'
import itertools from './prelude/itertools.py'
import json from './prelude/json.py'
import lazy from './prelude/lazy.py'
import linear from './prelude/linear.py'
import losses from './prelude/losses.py'
import lr_scheduler from './prelude/lr_scheduler.py'
import module from './prelude/module.py'
import names from './prelude/names.py'
import nn from './prelude/nn.py'
import nn_init from './prelude/nn_init.py'
import nn_modules from './prelude/nn_modules.py'
import nn_modules_utils from './prelude/nn_modules_utils.py'
import nn_rnn from './prelude/nn_rnn.py'
import nn_utils from './prelude/nn_utils.py'
import norms from './prelude/norms.py'
import numpy from './prelude/numpy.py'
import numpy_building from './prelude/numpy_building.py'
import numpy_elementwise from './prelude/numpy_elementwise.py'
import numpy_fft from './prelude/numpy_fft.py'
import numpy_functions from './prelude/numpy_functions.py'
import numpy_linalg from './prelude/numpy_linalg.py'
import numpy_more from './prelude/numpy_more.py'
import numpy_random from './prelude/numpy_random.py'
import numpy_records from './prelude/numpy_records.py'
import omegaconf from './prelude/omegaconf.py'
import operator from './prelude/operator.py'
import optim from './prelude/optim.py'
import os_path from './prelude/os_path.py'
import packaging_version from './prelude/packaging_version.py'
import padding from './prelude/padding.py'
import parametrizations from './prelude/parametrizations.py'
import parametrize from './prelude/parametrize.py'
import pathlib from './prelude/pathlib.py'
import pooling from './prelude/pooling.py'
import pydantic from './prelude/pydantic.py'
import pydantic_dataclasses from './prelude/pydantic_dataclasses.py'
import pytree from './prelude/pytree.py'
import quantization from './prelude/quantization.py'
import queue from './prelude/queue.py'
import random from './prelude/random.py'
import recurrent from './prelude/recurrent.py'
import reshaping from './prelude/reshaping.py'
import scipy_fft from './prelude/scipy_fft.py'
import scipy_fftpack from './prelude/scipy_fftpack.py'
import scipy_optimize from './prelude/scipy_optimize.py'
import scipy_stats from './prelude/scipy_stats.py'
import statistics from './prelude/statistics.py'
import swa_utils from './prelude/swa_utils.py'
import tomllib from './prelude/tomllib.py'
import torch_functions from './prelude/torch_functions.py'
import tqdm from './prelude/tqdm.py'
import transformer from './prelude/transformer.py'
import types from './prelude/types.py'
import urllib_parse from './prelude/urllib_parse.py'
import weight_hooks from './prelude/weight_hooks.py'
import yaml from './prelude/yaml.py'

const sources: Record<string, string> = {
  activations,
  amp,
  argparse,
  attention,
  attrs,
  attrs_converters,
  attrs_validators,
  autograd,
  bisect,
  checkpoint,
  collections,
  collections_abc,
  constraints,
  containers,
  contextlib,
  contextvars,
  conv,
  csv,
  data,
  distributions,
  einops_layers,
  einx,
  files,
  flex_attention,
  func,
  functional,
  functools,
  glob,
  heapq,
  itertools,
  json,
  lazy,
  linear,
  losses,
  lr_scheduler,
  module,
  concurrent_futures,
  io,
  queue,
  statistics,
  names,
  nn,
  nn_init,
  nn_modules,
  nn_modules_utils,
  nn_rnn,
  nn_utils,
  norms,
  packaging_version,
  numpy,
  numpy_fft,
  numpy_functions,
  numpy_linalg,
  numpy_building,
  numpy_elementwise,
  numpy_more,
  numpy_random,
  numpy_records,
  omegaconf,
  operator,
  optim,
  os_path,
  padding,
  parametrizations,
  parametrize,
  pathlib,
  pooling,
  pydantic,
  pydantic_dataclasses,
  pytree,
  quantization,
  random,
  recurrent,
  reshaping,
  scipy_fft,
  scipy_fftpack,
  scipy_optimize,
  scipy_stats,
  swa_utils,
  torch_functions,
  tomllib,
  tqdm,
  transformer,
  types,
  urllib_parse,
  weight_hooks,
  yaml,
}

/** The modules of torch that a part of the prelude stands for. */
const standsFor: Record<string, string> = {
  attr: 'attrs',
  attrs: 'attrs',
  'attr.converters': 'attrs_converters',
  'attr.validators': 'attrs_validators',
  'attrs.converters': 'attrs_converters',
  'attrs.validators': 'attrs_validators',
  'einops.layers.torch': 'einops_layers',
  'collections.abc': 'collections_abc',
  contextvars: 'contextvars',
  csv: 'csv',
  einx: 'einx',
  glob: 'glob',
  'packaging.version': 'packaging_version',
  numpy: 'numpy',
  'numpy.fft': 'numpy_fft',
  'numpy.lib.stride_tricks': 'numpy_more',
  'numpy.linalg': 'numpy_linalg',
  'numpy.random': 'numpy_random',
  'shapescope.amp': 'amp',
  'shapescope.argparse': 'argparse',
  'shapescope.autograd': 'autograd',
  'shapescope.bisect': 'bisect',
  'shapescope.collections': 'collections',
  'shapescope.contextlib': 'contextlib',
  'shapescope.data': 'data',
  'shapescope.files': 'files',
  'shapescope.functional': 'functional',
  'shapescope.functools': 'functools',
  'shapescope.heapq': 'heapq',
  'shapescope.itertools': 'itertools',
  'shapescope.concurrent': 'concurrent_futures',
  'shapescope.io': 'io',
  'shapescope.json': 'json',
  'shapescope.os_path': 'os_path',
  'shapescope.pathlib': 'pathlib',
  'shapescope.queue': 'queue',
  'shapescope.statistics': 'statistics',
  'shapescope.names': 'names',
  'shapescope.operator': 'operator',
  'shapescope.random': 'random',
  'shapescope.torch': 'torch_functions',
  'shapescope.types': 'types',
  omegaconf: 'omegaconf',
  'omegaconf.dictconfig': 'omegaconf',
  'omegaconf.listconfig': 'omegaconf',
  'omegaconf.omegaconf': 'omegaconf',
  'omegaconf.errors': 'omegaconf',
  pydantic: 'pydantic',
  'pydantic.dataclasses': 'pydantic_dataclasses',
  'pydantic.v1': 'pydantic',
  'pydantic.v1.dataclasses': 'pydantic_dataclasses',
  'scipy.fft': 'scipy_fft',
  'scipy.fftpack': 'scipy_fftpack',
  'scipy.optimize': 'scipy_optimize',
  'scipy.stats': 'scipy_stats',
  tomli: 'tomllib',
  tomllib: 'tomllib',
  tqdm: 'tqdm',
  'torch.nn': 'nn',
  'torch.nn.modules': 'nn_modules',
  'torch.nn.quantized': 'quantization',
  'torch.ao.nn.quantized': 'quantization',
  'torch.ao.quantization': 'quantization',
  'torch.quantization': 'quantization',
  'torch.nn.modules.utils': 'nn_modules_utils',
  'torch.nn.utils': 'nn_utils',
  'torch.nn.utils.rnn': 'nn_rnn',
  'torch.nn.utils.spectral_norm': 'weight_hooks',
  'torch.nn.utils.weight_norm': 'weight_hooks',
  'torch.nn.utils.parametrizations': 'parametrizations',
  'torch.nn.utils.parametrize': 'parametrize',
  'torch.nn.attention.flex_attention': 'flex_attention',
  'torch.optim': 'optim',
  'torch.optim.lr_scheduler': 'lr_scheduler',
  'torch.optim.optimizer': 'optim',
  'torch.optim.swa_utils': 'swa_utils',
  'torch.utils._pytree': 'pytree',
  'torch.distributions': 'distributions',
  'torch.distributions.constraints': 'constraints',
  'torch.func': 'func',
  'torch.utils.checkpoint': 'checkpoint',
  'urllib.parse': 'urllib_parse',
  yaml: 'yaml',
  'torch.nn.parameter': 'module',
  'torch.nn.modules.module': 'module',
}

/** Parts of the prelude that have further functions of a module. */
export const writtenInPython: Record<string, string> = {
  'torch.nn.functional': 'shapescope.functional',
  torch: 'shapescope.torch',
  'torch.autograd': 'shapescope.autograd',
  'torch.autograd.functional': 'shapescope.autograd',
  'torch.utils.data': 'shapescope.data',
  'torch.utils.data.dataset': 'shapescope.data',
  'torch.utils.data.dataloader': 'shapescope.data',
  'torch.amp': 'shapescope.amp',
  'torch.amp.grad_scaler': 'shapescope.amp',
  'torch.cuda.amp': 'shapescope.amp',
  'torch.cuda.amp.grad_scaler': 'shapescope.amp',
  argparse: 'shapescope.argparse',
  bisect: 'shapescope.bisect',
  collections: 'shapescope.collections',
  contextlib: 'shapescope.contextlib',
  functools: 'shapescope.functools',
  'concurrent.futures': 'shapescope.concurrent',
  heapq: 'shapescope.heapq',
  io: 'shapescope.io',
  pickle: 'shapescope.io',
  queue: 'shapescope.queue',
  statistics: 'shapescope.statistics',
  itertools: 'shapescope.itertools',
  operator: 'shapescope.operator',
  json: 'shapescope.json',
  'os.path': 'shapescope.os_path',
  pathlib: 'shapescope.pathlib',
  random: 'shapescope.random',
  types: 'shapescope.types',
}

/** The parts that stand for libraries with rules of their own. */
const lenient = new Set(
  'einx numpy numpy_building numpy_elementwise numpy_fft numpy_functions numpy_linalg numpy_more numpy_random numpy_records scipy_optimize scipy_stats'.split(
    ' ',
  ),
)

const loaded = new Map<string, ModuleObject>()

/** A module of the prelude by its own name, for example `attention`. */
function loadPart(name: string): ModuleObject | null {
  const known = loaded.get(name)
  if (known) return known
  const source = sources[name]
  if (source === undefined) return null
  const module = new ModuleObject(`prelude.${name}`, `prelude/${name}.py`, true)
  module.isLenient = lenient.has(name)
  loaded.set(name, module)
  module.isLoaded = true
  module.pending = new PendingBody(module, readLazily(source))
  return module
}

/** What a module of the prelude imports: other parts by their own names. */
export function importedPart(name: string): ModuleObject | null {
  if (name === 'prelude') return packageOf
  return name.startsWith('prelude.') ? loadPart(name.slice('prelude.'.length)) : null
}

/** `from . import nn_init` asks the package for its parts. */
const packageOf = new ModuleObject('prelude', 'prelude/__init__.py', true)

/** The name under which programs know a module of the prelude. */
export const publicName = (module: ModuleObject): string =>
  Object.entries(standsFor).find(([, part]) => module.name === `prelude.${part}`)?.[0] ?? 'torch.nn'

/** The part of the prelude that stands for a module of torch, or null. */
export function preludeModule(name: string): ModuleObject | null {
  const part = standsFor[name]
  if (part) return loadPart(part)
  if (/^torch\.distributions\.[a-z_]+$/.test(name)) return loadPart('distributions')
  if (/^tqdm\.(auto|autonotebook|notebook|std|gui|rich)$/.test(name)) return loadPart('tqdm')
  if (/^pydantic(\.v1)?\.(main|fields|types|config|class_validators|functional_validators)$/.test(name))
    return loadPart('pydantic')
  return name.startsWith('torch.nn.modules.') ? loadPart('nn') : null
}
