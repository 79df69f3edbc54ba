"""The SPARQL editor: its page, which without script is a plain form, and what it completes from.

/editor?query=SPARQL     a query to look at, change and run
/editor?example=NAME     a question of the catalogue
/editor/completions      prefixes, and the classes and properties that the graph uses

The endpoint itself is `/sparql`.
"""

import json
from functools import lru_cache
from importlib.resources import files

from pyoxigraph import QuerySolutions

from evikg.graph.store import Store
from evikg.ontology import prefixes
from evikg.queries import Question, UnknownQuestionError, catalogue

from .exchange import Refusal, Reply, Request, Route
from .rendering import page

#: Forms of an answer to choose from, by their names at the endpoint.
ROWS = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"}
GRAPHS = {"turtle": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}


def editor(_store: Store, request: Request) -> Reply:
    """Answer the page, with a query of the address, an example, or one to begin with.

    :raises Refusal: 404, if no example has the name
    """
    known = catalogue()
    query = request.value("query")
    if not query and (name := request.value("example")):
        try:
            query = known[name].text
        except UnknownQuestionError as error:
            raise Refusal(404, f"{error}; /questions lists them") from None
    return page(
        "editor.html",
        query=query or _text("editor-start.rq"),
        examples=_by_tag(list(known.values())),
        rows=ROWS,
        graphs=GRAPHS,
    )


def completions(store: Store, _request: Request) -> Reply:
    """Answer `prefixes` by name, and the IRIs of `classes` and `properties`."""
    return Reply(_completions(store), media_type="application/json")


@lru_cache(maxsize=1)
def _completions(store: Store) -> bytes:
    """Return what is completed from; a worker has one store, whose graph never changes."""
    found: dict[str, list[str]] = {"classes": [], "properties": []}
    answer = store.query(_text("editor-completions.rq"))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    for kind, term in answer:
        found[kind.value].append(term.value)
    data = {"prefixes": dict(sorted(prefixes().items())), **found}
    return json.dumps(data, separators=(",", ":")).encode()


def _by_tag(questions: list[Question]) -> dict[str, list[Question]]:
    """Return questions by their first tag, in the order of the tags' names."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.header.tags[0], []).append(question)
    return dict(sorted(found.items()))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


ROUTES = (Route("/editor", editor), Route("/editor/completions", completions))
