"""What a parameter of a question can be: the individuals of its kind that a graph holds."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import QuerySolutions

from evikg.graph.binding import bind
from evikg.graph.store import Store
from evikg.ontology import EV, kind_and_slug
from evikg.queries.header import VALUE_KINDS

#: Kinds that are written rather than chosen: a concept has any name, and results are too many.
_WRITTEN = frozenset({*VALUE_KINDS, "concept", "result"})


@dataclass(frozen=True, slots=True)
class Choice:
    """An individual: the slug that a parameter takes, and its name."""

    slug: str
    name: str


def is_chosen(kind: str) -> bool:
    """Tell whether the values of a kind of parameter are listed to choose from."""
    return kind not in _WRITTEN


def choices(store: Store, kind: str) -> tuple[Choice, ...]:
    """Return the individuals of a kind, such as `study`, by name; none of a kind that is written."""
    if not is_chosen(kind):
        return ()
    answer = store.query(bind(_query(), {"class": [EV[kind.capitalize()]]}))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    found = []
    for individual, name in answer:
        parts = kind_and_slug(individual.value)
        if parts and parts[0] == kind:
            found.append(Choice(parts[1], parts[1] if name is None else name.value))
    return tuple(found)


@cache
def _query() -> str:
    return files(__package__).joinpath("individuals.rq").read_text(encoding="utf-8")
