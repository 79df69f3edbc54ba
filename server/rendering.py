"""Pages from templates: HTML with every value escaped."""

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
    environment.filters["compact"] = compact
    return environment


def page(template: str, *, status: int = 200, **values: Any) -> Reply:
    """Return a page made from a file of `templates/`.

    :raises jinja2.UndefinedError: if the template names a value that is not given
    """
    text = _environment().get_template(template).render(**values)
    return Reply(text.encode(), status=status)
