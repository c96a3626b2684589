"""Functions of torch itself that are written in Python."""

from copy import deepcopy

from shapescope import anything

from .func import vmap
from .io import BytesIO, Pickled


def save(obj, f, *args, **kwargs):
    if isinstance(f, BytesIO):
        f.write(Pickled(obj))


def load(f, map_location=None, *args, **kwargs):
    return load_of(f) if isinstance(f, BytesIO) else anything()


def load_of(stream):
    held = stream.read()
    return deepcopy(held.obj) if isinstance(held, Pickled) else anything()
