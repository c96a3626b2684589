"""A configuration as libraries write them: a dataclass that takes aliases and unknown keywords."""

from dataclasses import MISSING, dataclass, fields


@dataclass
class Config:
    attribute_map = {}
    width: int = 32
    heads: int = 4

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        dataclass(cls)
        cls.__init__ = take_any

    def __setattr__(self, key, value):
        if key in super().__getattribute__("attribute_map"):
            key = super().__getattribute__("attribute_map")[key]
        super().__setattr__(key, value)

    def __getattribute__(self, key):
        if key != "attribute_map" and key in super().__getattribute__("attribute_map"):
            key = super().__getattribute__("attribute_map")[key]
        return super().__getattribute__(key)


def take_any(self, **kwargs):
    names = {f.name for f in fields(self)}
    for f in fields(self):
        if f.name in kwargs:
            setattr(self, f.name, kwargs[f.name])
        elif f.default is not MISSING:
            setattr(self, f.name, f.default)
    for key, value in kwargs.items():
        if key not in names:
            setattr(self, key, value)


class TinyConfig(Config):
    attribute_map = {"hidden_size": "width"}
    layers: int = 2
    activation: str = "gelu"
