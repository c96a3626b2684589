"""attrs.converters: what makes a value of the one that is given."""

from shapescope import anything


def optional(converter):
    return lambda value: None if value is None else converter(value)


def pipe(*converters):
    def through(value):
        for converter in converters:
            value = converter(value)
        return value
    return through


def default_if_none(default=None, factory=None):
    return lambda value: value if value is not None else factory() if factory is not None else default


def to_bool(value):
    return value if isinstance(value, bool) else bool(anything())
