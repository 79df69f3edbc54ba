"""The SPARQL endpoint: queries by HTTP (SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import Message
from functools import cache
from itertools import chain
from typing import IO, cast
from urllib.parse import parse_qsl

import pyoxigraph
from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Triple

from evikg.graph.errors import StoreUnreadableError
from evikg.graph.store import Answer, Dataset, Store

from .exchange import Refusal, Reply, Request, Route, Writer
from .negotiation import Form, choose, prefers
from .rows import COUNTERS, CountedFile, too_many_rows
from .services import check_services

PATH = "/sparql"
_HTML = ("text/html", "application/xhtml+xml")
#: Functions whose value is another one each time: such an answer has no entity tag.
_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)
_FIELDS = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """A query as it came by the protocol."""

    text: str
    dataset: Dataset | None = None
    formats: tuple[str, ...] = ()  # that are wanted, the first that is known above the others
    download: str = ""  # the name of a file


@cache
def row_forms() -> dict[Form, QueryResultsFormat]:
    """Return the forms of an answer to SELECT and ASK, the usual one first."""
    return {
        Form(
            "application/sparql-results+json", "json", ("application/json",)
        ): QueryResultsFormat.JSON,
        Form(
            "application/sparql-results+xml", "xml", ("application/xml", "text/xml")
        ): QueryResultsFormat.XML,
        Form("text/csv; charset=utf-8", "csv"): QueryResultsFormat.CSV,
        Form("text/tab-separated-values; charset=utf-8", "tsv"): QueryResultsFormat.TSV,
    }


@cache
def graph_forms() -> dict[Form, RdfFormat]:
    """Return the forms of an RDF graph, the usual one first."""
    return {
        Form(
            "text/turtle; charset=utf-8", "turtle", ("application/x-turtle",), ("ttl",)
        ): RdfFormat.TURTLE,
        Form(
            "application/n-triples", "nt", ("text/plain",), ("ntriples", "n-triples")
        ): RdfFormat.N_TRIPLES,
        Form("application/n-quads", "nq", (), ("nquads", "n-quads")): RdfFormat.N_QUADS,
        Form("application/trig", "trig"): RdfFormat.TRIG,
        Form(
            "application/ld+json", "jsonld", ("application/json",), ("json-ld",)
        ): RdfFormat.JSON_LD,
        Form(
            "application/rdf+xml",
            "rdf",
            ("application/xml", "text/xml"),
            ("rdfxml", "rdf+xml", "xml"),
        ): RdfFormat.RDF_XML,
    }


def sparql(store: Store, request: Request) -> Reply:
    """Answer a query that came by GET or by POST.

    :raises Refusal: if the request does not follow the protocol, or may not be answered
    :raises QueryError: if the query is malformed
    """
    question = _posted(request) if request.method == "POST" else _asked(request)
    if question is None:
        return _without_query(store, request)
    asks_others = check_services(question.text, request.services)
    headers = _download(question.download)
    if asks_others or _CHANGING.search(question.text):
        headers += (("cache-control", "no-store"),)
    form = question.formats
    if not asks_others:
        return reply_with(store.query(question.text, question.dataset), request, form, headers)
    with _others_faults():
        reply = reply_with(store.query(question.text, question.dataset), request, form, headers)
    return replace(reply, body=_with_others(reply.body))


@contextmanager
def _others_faults() -> Iterator[None]:
    """Tell a failure of an endpoint elsewhere from one of this server."""
    try:
        yield
    except ConnectionError:
        raise  # the web side has gone
    except (OSError, RuntimeError, StoreUnreadableError) as error:
        raise Refusal(502, f"SERVICE failed: {' '.join(str(error).split())[:500]}") from error


def _with_others(body: bytes | Writer) -> bytes | Writer:
    if isinstance(body, bytes):
        return body

    def write(output: IO[bytes]) -> None:
        with _others_faults():
            body(output)

    return write


def reply_with(
    answer: Answer,
    request: Request,
    names: tuple[str, ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
) -> Reply:
    """Return an answer in the form that a request prefers, written as it is made.

    :param names: of forms, which stand above the request's `Accept`
    :raises Refusal: 406 if there is no such form
    """
    accept = request.headers.get("accept", "")
    if isinstance(answer, QueryTriples):
        return graph_reply(answer, request, names, headers)
    form = choose(list(row_forms()), accept, *names)
    written_as = row_forms()[form]
    if isinstance(answer, pyoxigraph.QueryBoolean):
        return Reply(answer.serialize(format=written_as) or b"", form.media_type, headers=headers)
    rows = answer

    def write(output: IO[bytes]) -> None:
        if not request.row_limit:
            rows.serialize(output, written_as)
            return
        counted = CountedFile(output, COUNTERS[written_as](), request.row_limit)
        rows.serialize(cast(IO[bytes], counted), written_as)
        counted.flush()

    return Reply(write, form.media_type, headers=headers)


def graph_reply(
    triples: Iterable[Triple],
    request: Request,
    names: tuple[str, ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
) -> Reply:
    """Return a graph in the form that a request prefers, written as it is made."""
    form = choose(list(graph_forms()), request.headers.get("accept", ""), *names)
    limit = request.row_limit

    def write(output: IO[bytes]) -> None:
        counted = _counted(triples, limit) if limit else triples
        pyoxigraph.serialize(counted, output, graph_forms()[form])

    return Reply(write, form.media_type, headers=headers)


def _counted(triples: Iterable[Triple], limit: int) -> Iterator[Triple]:
    for number, triple in enumerate(triples):
        if number == limit:
            raise too_many_rows(limit)
        yield triple


def _asked(request: Request) -> Question | None:
    if request.values("update"):
        raise _no_update()
    if not request.values("query"):
        return None
    return _question(request.query)


def _posted(request: Request) -> Question:
    """Return the query of a POST: of a form, or the body itself.

    :raises Refusal: 400, 403 or 415
    """
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind = header.get_content_type() if request.headers.get("content-type") else ""
    charset = str(header.get_param("charset") or "utf-8")
    if kind == "application/sparql-update":
        raise _no_update()
    if kind not in {"application/sparql-query", "application/x-www-form-urlencoded"}:
        raise Refusal(
            415,
            "a query is posted as application/sparql-query or application/x-www-form-urlencoded",
        )
    if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise Refusal(415, "a query is posted in UTF-8")
    try:
        text = request.body.decode()
        if kind == "application/sparql-query":
            if request.values("query"):
                raise Refusal(400, "a query stands in the body or in the URL, not in both")
            return _question([*request.query, ("query", text)])
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError:
        raise Refusal(400, "the body is not in UTF-8, or has too many fields") from None
    if any(name == "update" for name, _ in pairs):
        raise _no_update()
    return _question([*request.query, *pairs])


def _question(pairs: Sequence[tuple[str, str]]) -> Question:
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) != 1:
        raise Refusal(400, f"a request has one parameter `query`; this one has {len(queries)}")
    default = tuple(value for name, value in pairs if name == "default-graph-uri")
    named = tuple(value for name, value in pairs if name == "named-graph-uri")
    for iri in chain(default, named):
        absolute_iri(iri)
    formats = tuple(value for name, value in pairs if name == "format")
    download = next((value for name, value in pairs if name == "download"), "")
    dataset = Dataset(default, named) if default or named else None
    return Question(queries[0], dataset, formats, download)


def absolute_iri(text: str) -> NamedNode:
    """Return an IRI as a term.

    :raises Refusal: 400 if it is none, or relative
    """
    try:
        return NamedNode(text)
    except ValueError:
        raise Refusal(400, f"{text[:200]!r} is not an absolute IRI") from None


def _no_update() -> Refusal:
    return Refusal(
        403, "this endpoint answers queries; the graph is changed by `evikg build` alone"
    )


def _without_query(store: Store, request: Request) -> Reply:
    accept = request.headers.get("accept", "")
    types = [kind for form in graph_forms() for kind in form.types]
    if prefers(accept, _HTML, types):
        raise Refusal(303, "the editor", {"location": "/editor"})
    from .wellknown import service_description

    return service_description(store, request)


def _download(name: str) -> tuple[tuple[str, str], ...]:
    """Return the header by which a browser saves an answer under a name, if there is one."""
    if not name:
        return ()
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:100] or "answer"
    return (("content-disposition", f'attachment; filename="{safe}"'),)


ROUTES = (Route(PATH, sparql, ("GET", "POST")),)
