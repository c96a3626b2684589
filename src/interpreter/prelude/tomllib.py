"""TOML of texts and files."""

from shapescope import anything, toml_value

from .files import text_of


class TOMLDecodeError(ValueError):
    pass


def loads(s, *, parse_float=float): return toml_value(s) if parse_float is float else anything()
def load(fp, *, parse_float=float): return loads(text_of(fp), parse_float=parse_float)
