"""A store elsewhere: a SPARQL 1.1 endpoint, through SPARQLWrapper.

The endpoint must answer queries over the union of its named graphs, as `oxigraph serve
--union-default-graph` and Virtuoso do. `evikg build --store URL` fills it (`upload`).
"""

import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files
from typing import IO, Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat

from .errors import EndpointError
from .remote_answers import counting, dataset_of, form_of, no_answer, read_answer, refuse_cut
from .remote_http import Reply, Transport, shown
from .remote_places import Credentials, Places, timeout_s
from .store import Answer, Dataset

#: Under this stand graphs that an upload keeps for itself; no question sees what is in them.
UPLOADS = "https://w3id.org/evikg/upload/"
#: Graphs that a server makes for itself.
_OF_SERVERS = (
    "http://www.openlinksw.com/schemas/",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/ns/ldp#",
    "http://localuriqaserver/",
    "http://localhost:8890/",
    "urn:activitystreams-owl:",
    "urn:core:services:sparql",
)
#: Forms of queries that are answered by RDF, and the formats to ask for.
_GRAPH_FORMS = frozenset({"CONSTRUCT", "DESCRIBE"})
_GRAPHS = "application/n-triples, text/turtle;q=0.5"
_DESCRIBE_MODE = 'define sql:describe-mode "CBD"\n'
#: RDF shorter than this many bytes is surely below any row limit.
_LONG = 20_000
#: A graph longer than this many bytes is kept in a temporary file while it is read.
_IN_MEMORY = 64 * 2**20
#: Loading a batch or an update may take longer than a query.
_WRITING = 10


class RemoteStore:
    """A SPARQL endpoint behind the store protocol."""

    def __init__(self, url: str) -> None:
        """Name the endpoint by the URL of its queries; see `remote_places` for the others.

        :raises EndpointError: if it is no URL, or one that holds a password
        """
        host = _host(Places.of(url).query)
        self.places = Places.of(url, known_user=Credentials.for_host(host) is not None)
        urls = (self.places.query, self.places.update, self.places.graph_store or url)
        users = {name: Credentials.for_host(name) for name in map(_host, urls)}
        held = {name: user for name, user in users.items() if user is not None}
        self._transport = Transport(held, timeout_s())
        self.url = shown(url)

    def query(self, sparql: str, dataset: Dataset | None = None) -> Answer:
        """Answer a query by POST, over the endpoint's own default graph or over a dataset.

        The whole answer has been received when this returns; its rows are read as they are taken.

        :raises QueryError: if the endpoint calls the query malformed
        :raises EndpointError: if it cannot be reached, fails, or sends less than the whole answer
        """
        form = form_of(sparql)
        is_virtuoso = self.places.is_virtuoso
        if dataset is None and not is_virtuoso:
            dataset = dataset_of(sparql)
        # By default Virtuoso describes what the default graph holds, which is not the union to it.
        mode = _DESCRIBE_MODE if is_virtuoso and form == "DESCRIBE" else ""
        wrapper = self._wrapper(self.places.query, mode + sparql, form)
        for name in ("default", "named") if dataset is not None else ():
            for iri in getattr(dataset, name):
                wrapper.addParameter(f"{name}-graph-uri", iri)
        reply = self._sent(wrapper, again=True)
        answer = read_answer(self.url, form, reply)
        is_long = form in _GRAPH_FORMS and reply.body.seek(0, 2) > _LONG
        if is_long and is_virtuoso and (twin := counting(sparql, form)):
            self.query(twin, dataset)
        return answer

    def update(self, sparql: str) -> None:
        """Run an update by POST, once: it is repeated only where the server has not seen it."""
        self.change(sparql, again=False)

    def change(self, sparql: str, *, again: bool, timeout: float | None = None) -> None:
        """Run an update.

        :param again: it does no harm if it is applied twice
        :param timeout: seconds that the server may take
        :raises QueryError: if the endpoint calls it malformed
        :raises EndpointError: if the endpoint cannot be reached or refuses
        """
        wrapper = self._wrapper(self.places.update, sparql, "INSERT")
        self._sent(wrapper, again=again, timeout=timeout or _WRITING * self._transport.timeout)

    def load(self, data: bytes | IO[bytes], rdf_format: RdfFormat, graph: str | None) -> None:
        """Add RDF by the Graph Store Protocol; quads, graph by graph."""
        if graph is None and rdf_format.supports_datasets:
            for name, triples in _by_graph(data, rdf_format).items():
                self.send_graph("POST", name, triples)
            return
        body = data if isinstance(data, bytes) else data.read()
        self.send_graph("POST", graph, body, rdf_format)

    def send_graph(
        self,
        method: str,
        graph: str | None,
        body: bytes | None = None,
        rdf_format: RdfFormat = RdfFormat.N_TRIPLES,
    ) -> None:
        """Send one request of the Graph Store Protocol: POST adds, PUT replaces, DELETE removes.

        RDF with blank nodes is not added twice if an answer is lost; to PUT it again is harmless.

        :raises EndpointError: if the endpoint cannot be reached or refuses
        """
        headers = {"Content-Type": rdf_format.media_type} if body is not None else {}
        request = urllib.request.Request(  # noqa: S310 - an http(s) URL the user has named
            self.places.graph(graph), data=body, method=method, headers=headers
        )
        again = method != "POST" or (body is not None and b"_:" not in body)
        self._transport.send(request, again=again, timeout=_WRITING * self._transport.timeout)

    def export(self, output: IO[bytes], rdf_format: RdfFormat, graph: str | None = None) -> None:
        """Write the dataset, or one named graph, by the Graph Store Protocol.

        What is written of a dataset is every named graph that is neither an upload's nor one that
        the server has made for itself.

        :raises EndpointError: if the endpoint sends less than it counts
        """
        if graph is not None:
            triples = (quad.triple for quad in self.quads(graph))
            pyoxigraph.serialize(triples, output, rdf_format)
            return
        quads = (quad for name in self.graphs() for quad in self.quads(name))
        if rdf_format.supports_datasets:
            pyoxigraph.serialize(quads, output, rdf_format)
        else:
            pyoxigraph.serialize((quad.triple for quad in quads), output, rdf_format)

    def quads(self, graph: str) -> Iterator[Quad]:
        """Yield the quads of a named graph, in no order; nothing where there is none.

        :raises EndpointError: if the endpoint sends less than it counts
        """
        expected = self.count(graph)
        if expected == 0:
            return
        request = urllib.request.Request(  # noqa: S310 - an http(s) URL the user has named
            self.places.graph(graph), headers={"Accept": RdfFormat.N_TRIPLES.media_type}
        )
        got, name = 0, NamedNode(graph)
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
            reply = self._transport.send(request, again=True, into=body)
            refuse_cut(self.url, reply)
            if RdfFormat.from_media_type(reply.media_type) is None:
                raise EndpointError(no_answer(self.url, reply))
            try:
                # Blank nodes of two graphs must not share a label.
                for quad in pyoxigraph.parse(body, RdfFormat.TURTLE, rename_blank_nodes=True):
                    got += 1
                    yield Quad(quad.subject, quad.predicate, quad.object, name)
            except SyntaxError as error:
                raise EndpointError(f"{self.url}: {graph} cannot be read: {error}") from error
        if got != expected:
            raise EndpointError(
                f"{self.url}: it sends {got} of the {expected} triples of {graph};"
                " it may have a limit (Virtuoso: ResultSetMaxRows), or be changed meanwhile"
            )

    def graphs(self) -> list[str]:
        """Return the named graphs of the users of the endpoint, sorted."""
        return list(self.sizes())

    def sizes(self) -> dict[str, int]:
        """Return the number of triples of each named graph of the users of the endpoint."""
        rows = self._rows("remote-graphs.rq")
        named = {str(row[0].value): int(row[1].value) for row in rows}
        hidden = (UPLOADS, *_OF_SERVERS)
        return {name: count for name, count in sorted(named.items()) if not name.startswith(hidden)}

    def count(self, graph: str) -> int:
        """Return the number of triples of a named graph."""
        text = files(__package__).joinpath("remote-count.rq").read_text(encoding="utf-8")
        answer = self.query(text.replace("<urn:graph>", str(NamedNode(graph))))
        assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
        count = next(answer)[0]
        return int(count.value) if isinstance(count, Literal) else 0

    def size(self) -> int:
        """Return the number of quads in named graphs of the users of the endpoint."""
        return sum(self.sizes().values())

    def _rows(self, name: str) -> list[Any]:
        answer = self.query(files(__package__).joinpath(name).read_text(encoding="utf-8"))
        assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
        return list(answer)

    def _wrapper(self, url: str, sparql: str, form: str) -> Any:
        from SPARQLWrapper import JSON, POST, XML

        wrapper = self._wrapper_class(url, agent=self._transport.agent)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(onlyConneg=True)
        wrapper.setQuery(sparql)
        wrapper.queryType = form
        # Virtuoso writes booleans in JSON as 0 and 1.
        wrapper.setReturnFormat(XML if self.places.is_virtuoso else JSON)
        return wrapper

    def _sent(self, wrapper: Any, *, again: bool, timeout: float | None = None) -> Reply:
        wrapper.again, wrapper.seconds = again, timeout
        reply: Reply = wrapper.query().response
        return reply

    @cached_property
    def _wrapper_class(self) -> Any:
        from SPARQLWrapper import SPARQLWrapper

        transport = self._transport

        class Wrapper(SPARQLWrapper):
            """Makes the request; the transport sends it, with the user's name if asked."""

            again = False
            seconds: float | None = None

            def _parseQueryType(self, _: str) -> str:  # noqa: N802 - the library's name
                """Guess nothing: comments lead the library astray, and WITH is no query to it."""
                return "SELECT"

            def _getAcceptHeader(self) -> str:  # noqa: N802 - the library's name
                """Ask for N-Triples: in Turtle Virtuoso writes the decimal 50.0 as an integer."""
                if self.queryType in _GRAPH_FORMS:
                    return _GRAPHS
                accepted: str = super()._getAcceptHeader()
                return accepted

            def _query(self) -> tuple[Any, str]:
                request = self._createRequest()
                sent = transport.send(request, again=self.again, timeout=self.seconds)
                return sent, self.returnFormat

        return Wrapper


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).hostname or ""


def _by_graph(data: bytes | IO[bytes], rdf_format: RdfFormat) -> dict[str | None, bytes]:
    """Return quads as N-Triples, by graph."""
    lines: dict[str | None, list[str]] = {}
    for quad in pyoxigraph.parse(data, rdf_format):
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
        lines.setdefault(name, []).append(f"{quad.triple} .\n")
    return {name: "".join(held).encode() for name, held in lines.items()}
