"""pydantic.dataclasses: dataclasses whose fields are checked as they are given."""

from shapescope import checked_dataclass, field_of

dataclass = checked_dataclass
Field = field_of


def rebuild_dataclass(cls, **options):
    return None
