"""Functions of torch itself that are written in Python."""

from .func import vmap
