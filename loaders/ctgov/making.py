"""Records made quickly: a record of the registry becomes hundreds of them."""

from dataclasses import MISSING, field, fields, make_dataclass
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def made(kind: type[T], /, **values: Any) -> T:
    """Return what `kind(**values)` is, for a frozen dataclass with slots.

    Such a class sets each of its fields through `object.__setattr__`, which takes most of the time
    that reading a record takes. Here the fields of an open class with the same slots are set, and
    the object is given its class then.
    """
    opened: Any = kind
    held = _opened(opened)(**values)
    held.__class__ = kind
    return held  # type: ignore[no-any-return]


@cache
def _opened(kind: Any) -> Any:
    """Return a class with the slots and defaults of a frozen one that is not frozen."""
    slots = [
        (f.name, Any) if f.default is MISSING else (f.name, Any, field(default=f.default))
        for f in fields(kind)
    ]
    return make_dataclass(f"Open{kind.__name__}", slots, kw_only=True, slots=True, eq=False)
