"""pydantic: models, whose fields are checked as they are given. What is not here is not known."""

from copy import copy, deepcopy
from dataclasses import asdict

from shapescope import anything, field_check, field_of, make_model, model_check, model_init, nothing, values_check

PydanticUndefined = Undefined = nothing
Field = field_of
PrivateAttr = field_of
ConfigDict = dict
field_validator = validator = field_check
model_validator = model_check
root_validator = values_check

StrictInt = PositiveInt = NegativeInt = NonNegativeInt = NonPositiveInt = int
StrictFloat = PositiveFloat = NegativeFloat = NonNegativeFloat = NonPositiveFloat = FiniteFloat = float
StrictStr = str
StrictBool = bool


def conint(**limits): return int
def confloat(**limits): return float
def constr(**limits): return str


class Extra:
    allow = 'allow'
    forbid = 'forbid'
    ignore = 'ignore'


def computed_field(func=None, **options):
    if func is None:
        return computed_field
    return func if isinstance(func, property) else property(func)


def field_serializer(*fields, **options):
    return lambda function: function


def model_serializer(function=None, **options):
    return (lambda function: function) if function is None else function


class BaseModel:
    def __init_subclass__(cls, **settings):
        if len(settings) > 0:
            cls.model_config = {**getattr(cls, 'model_config', {}), **settings}
        make_model(cls)

    __init__ = model_init

    def __iter__(self):
        return iter([(name, getattr(self, name)) for name in asdict(self)])

    def model_dump(self, *, mode='python', include=None, exclude=None, exclude_none=False, **others):
        if mode != 'python' or len(others) > 0:
            return dict(anything())
        made = asdict(self)
        if include is not None:
            made = {name: value for name, value in made.items() if name in include}
        if exclude is not None:
            made = {name: value for name, value in made.items() if name not in exclude}
        if exclude_none:
            made = {name: value for name, value in made.items() if value is not None}
        return made

    def dict(self, **options):
        return self.model_dump(**options)

    def model_dump_json(self, **options): return str(anything())
    def json(self, **options): return str(anything())

    def model_copy(self, *, update=None, deep=False):
        made = deepcopy(self) if deep else copy(self)
        if update is not None:
            for name, value in update.items():
                setattr(made, name, value)
        return made

    def copy(self, *, include=None, exclude=None, update=None, deep=False):
        return self.model_copy(update=update, deep=deep)

    @classmethod
    def model_validate(cls, obj, **options):
        return obj if isinstance(obj, cls) else cls(**obj)

    @classmethod
    def parse_obj(cls, obj): return cls.model_validate(obj)

    @classmethod
    def model_validate_json(cls, json_data, **options): return cls(**anything())

    @classmethod
    def parse_raw(cls, b, **options): return cls(**anything())

    @classmethod
    def parse_file(cls, path, **options): return cls(**anything())

    @classmethod
    def model_rebuild(cls, **options): return None

    @classmethod
    def update_forward_refs(cls, **names): return None


def _made_of(kind, value):
    if kind is float and isinstance(value, int):
        return float(value)
    return value


def create_model(model_name, /, *, __base__=None, **settings):
    fields = {
        name: given if isinstance(given, tuple) else (type(given), given)
        for name, given in settings.items()
        if not name.startswith('__')
    }
    base = BaseModel if __base__ is None else __base__

    def init(self, **given):
        if __base__ is not None:
            base.__init__(self, **{name: value for name, value in given.items() if name not in fields})
        for name, (kind, default) in fields.items():
            setattr(self, name, _made_of(kind, given[name]) if name in given else default)

    return type(model_name, (base,), {'__init__': init})
