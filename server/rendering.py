"""Pages from templates: HTML with every value escaped."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from evikg.ontology import compact

from .addresses import address_of, editor_address, explorer_address
from .exchange import Reply

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("evikg.server"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        address_of=address_of, editor_address=editor_address, explorer_address=explorer_address
    )
    environment.filters.update(compact=compact, counted=_counted, is_date=_is_date)
    return environment


def _is_date(text: str) -> bool:
    """Tell whether a text is a date as the graph writes it, which no line may break."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None


def _counted(number: int | str, noun: str) -> str:
    """Write a number with what it counts.

    >>> _counted("1", "study"), _counted(2, "study"), _counted(0, "number")
    ('1 study', '2 studies', '0 numbers')
    """
    if str(number) == "1":
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"


def page(template: str, *, status: int = 200, **values: Any) -> Reply:
    """Return a page made from a file of `templates/`.

    :raises jinja2.UndefinedError: if the template names a value that is not given
    """
    text = _environment().get_template(template).render(**values)
    return Reply(text.encode(), status=status)
