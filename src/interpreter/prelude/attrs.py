"""attrs: classes whose fields are described in their bodies. What is not here is not known."""

from dataclasses import asdict as _asdict, astuple as _astuple, fields, replace

from shapescope import anything, attrs_define, attrs_described, factory_of, field_of, nothing

from . import attrs_converters as converters
from . import attrs_validators as validators

NOTHING = nothing
Factory = factory_of
field = ib = attrib = attr = field_of
define = frozen = mutable = dataclass = attrs_define
s = attrs = attributes = attrs_described
evolve = assoc = replace


def asdict(inst, recurse=True, filter=None, **options):
    if not recurse or filter is not None or len(options) > 0:
        return dict(anything())
    return _asdict(inst)


def astuple(inst, recurse=True, filter=None, **options):
    if not recurse or filter is not None or len(options) > 0:
        return anything()
    return _astuple(inst)


def fields_dict(cls):
    return {field.name: field for field in fields(cls)}


def resolve_types(cls, *names, **options):
    return cls


def validate(inst):
    return None
