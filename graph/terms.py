"""The terms of terminologies, read from a graph to be linked to."""

from collections.abc import Iterable, Iterator
from importlib.resources import files

from pyoxigraph import NamedNode, QuerySolutions, QueryTriples

from evikg.ontology import individual, kind_and_slug
from evikg.ontology.term_triples import read_terms
from evikg.ontology.terms import Term

from .binding import bind
from .store import Store


def terminologies(store: Store) -> list[str]:
    """Return the slugs of the terminologies that a graph holds, such as `mesh`, sorted."""
    answer = store.query(_query("terminologies.rq"))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    parts = (kind_and_slug(row[0].value) for row in answer if isinstance(row[0], NamedNode))
    return sorted({slug for kind, slug in filter(None, parts) if kind == "terminology"})


def terms_of(store: Store, names: Iterable[str] | None = None) -> Iterator[Term]:
    """Return the terms of terminologies: names, scopes, types, deprecations and replacements.

    One terminology after another is read, so that never more than one is held as triples.

    :param names: slugs of terminologies; all by default
    :raises LookupError: if the graph has no terminology of a name
    """
    held = terminologies(store)
    wanted = held if names is None else list(names)
    for name in wanted:
        if name not in held:
            known = ", ".join(held) or "none; `evikg load` reads releases"
            raise LookupError(f"the graph has no terminology {name!r}; it has: {known}")
    for name in wanted:
        query = bind(_query("terms.rq"), {"graph": [individual("graph", name)]})
        answer = store.query(query)
        assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
        yield from read_terms(answer)


def _query(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
