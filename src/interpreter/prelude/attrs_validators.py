"""attrs.validators: every value passes them, so that each is as good as none."""

from shapescope import anything


def __getattr__(name):
    return lambda *args, **options: anything()
