"""A store elsewhere: any SPARQL 1.1 endpoint, through SPARQLWrapper.

The endpoint must answer queries over the union of its named graphs, as `oxigraph serve
--union-default-graph` does. Updates go to the query URL with `/query` replaced by `/update`, and
the Graph Store Protocol to `/store`, unless other URLs are given.
"""

import re
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus
from typing import IO

import pyoxigraph
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, RdfFormat

from .errors import EndpointError, QueryError
from .store import Answer, Dataset

_TIMEOUT_S = 60
_FORM = re.compile(r"(?:^|[\s>])(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)


class RemoteStore:
    """A SPARQL endpoint behind the store protocol."""

    def __init__(
        self, url: str, *, update_url: str | None = None, graph_store_url: str | None = None
    ) -> None:
        """Name the endpoint's query URL and, where they differ from the convention, the others."""
        base = url.removesuffix("/query").removesuffix("/sparql")
        self.url = url
        self.update_url = update_url or f"{base}/update"
        self.graph_store_url = graph_store_url or f"{base}/store"

    def query(self, sparql: str, dataset: Dataset | None = None) -> Answer:
        """Answer a query by POST, over the endpoint's own default graph or over a dataset.

        :raises QueryError: if the endpoint calls the query malformed
        :raises EndpointError: if it cannot be reached or fails
        """
        from SPARQLWrapper import CONSTRUCT, DESCRIBE, JSON, POST, SELECT, TURTLE, SPARQLWrapper

        wrapper = SPARQLWrapper(self.url)
        wrapper.setMethod(POST)
        wrapper.setTimeout(_TIMEOUT_S)
        # Its own guess at the form of a query is led astray by words in comments.
        bare = "\n".join(line for line in sparql.splitlines() if not line.lstrip().startswith("#"))
        wrapper.setQuery(bare)
        for name in ("default", "named") if dataset is not None else ():
            for iri in getattr(dataset, name):
                wrapper.addParameter(f"{name}-graph-uri", iri)
        form = _FORM.search(bare)
        wrapper.queryType = form[1].upper() if form else SELECT
        is_graph = wrapper.queryType in {CONSTRUCT, DESCRIBE}
        wrapper.setReturnFormat(TURTLE if is_graph else JSON)
        body = self._send(wrapper)
        if is_graph:
            store = pyoxigraph.Store()
            store.load(body, RdfFormat.TURTLE)
            return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        return pyoxigraph.parse_query_results(body, QueryResultsFormat.JSON)

    def update(self, sparql: str) -> None:
        """Run an update by POST."""
        from SPARQLWrapper import INSERT, POST, SPARQLWrapper

        wrapper = SPARQLWrapper(self.update_url)
        wrapper.setMethod(POST)
        wrapper.setTimeout(_TIMEOUT_S)
        wrapper.setQuery(sparql)
        # SPARQLWrapper takes an update that begins with WITH for a query.
        wrapper.queryType = INSERT
        self._send(wrapper)

    def load(self, data: bytes | IO[bytes], rdf_format: RdfFormat, graph: str | None) -> None:
        """Add RDF by the Graph Store Protocol."""
        body = data if isinstance(data, bytes) else data.read()
        target = self.graph_store_url
        if graph is not None:
            target += "?" + urllib.parse.urlencode({"graph": graph})
        request = urllib.request.Request(  # noqa: S310 - an http(s) URL the user has named
            target, data=body, method="POST", headers={"Content-Type": rdf_format.media_type}
        )
        self._open(request)

    def export(self, output: IO[bytes], rdf_format: RdfFormat, graph: str | None = None) -> None:
        """Write the dataset, or one named graph, by the Graph Store Protocol."""
        target = self.graph_store_url
        if graph is not None:
            target += "?" + urllib.parse.urlencode({"graph": graph})
        request = urllib.request.Request(  # noqa: S310 - an http(s) URL the user has named
            target, headers={"Accept": rdf_format.media_type}
        )
        output.write(self._open(request))

    def size(self) -> int:
        """Return the number of quads in named graphs."""
        answer = self.query("SELECT (COUNT(*) AS ?quads) WHERE { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
        count = next(answer)[0]
        return int(count.value) if isinstance(count, Literal) else 0

    def _send(self, wrapper: object) -> bytes:
        from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

        try:
            body: bytes = wrapper.query().response.read()  # type: ignore[attr-defined]
        except QueryBadFormed as error:
            raise QueryError(_last_line(str(error))) from error
        except (SPARQLWrapperException, OSError) as error:
            raise EndpointError(f"{self.url}: {_last_line(str(error))}") from error
        return body

    def _open(self, request: urllib.request.Request) -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310 - see above
                body: bytes = response.read()
        except urllib.error.HTTPError as error:
            words = HTTPStatus(error.code).phrase
            raise EndpointError(f"{request.full_url}: {error.code} {words}") from error
        except OSError as error:
            raise EndpointError(f"{request.full_url}: {error}") from error
        return body


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.replace("\\n", "\n").splitlines() if line.strip()]
    # The library shows the answer's body as the repr of bytes.
    return lines[-1].removeprefix("b'").removesuffix("'") if lines else "no answer"
