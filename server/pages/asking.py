"""How a page asks the graph: a query file beside this module, bound and run, and kept to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import QuerySolutions

from evikg.graph.binding import Term, bind
from evikg.graph.store import Store

#: A row of an answer by variable: IRIs and literals as text, empty where nothing is bound.
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows that answer a query, and the query as it was asked."""

    rows: tuple[Row, ...]
    query: str


def text_of(name: str) -> str:
    """Return the text of a query file of the pages, named without its ending."""
    return _read(name)


@cache
def _read(name: str) -> str:
    return files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")


def ask(store: Store, name: str, **terms: Sequence[Term]) -> Asked:
    """Ask a query file, its parameters bound.

    :raises KeyError: if the file has no parameter of a name
    """
    query = bind(_read(name), terms)
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    names = [variable.value for variable in answer.variables]
    rows = tuple(
        {key: "" if value is None else value.value for key, value in zip(names, row, strict=True)}
        for row in answer
    )
    return Asked(rows, query)
