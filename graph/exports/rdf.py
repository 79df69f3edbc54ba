"""RDF as it is: N-Quads and TriG keep the named graphs, the others hold the union of their triples."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, cast

import pyoxigraph
from pyoxigraph import Literal, Quad, RdfFormat, Triple

from evikg.graph.canonical import nquad_line, sorted_lines
from evikg.graph.errors import ExportError
from evikg.graph.store import Store
from evikg.ontology import prefixes

from .quads import sorted_quads, sorted_triples

#: What XML 1.0 has no way to write (section 2.2, Characters).
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_nquads(store: Store, output: IO[bytes]) -> None:
    """Write canonical N-Quads, sorted: the same bytes as `graph.nq` of a release."""
    for line in sorted_lines(map(nquad_line, sorted_quads(store))):
        output.write(line.encode())


def write_trig(store: Store, output: IO[bytes]) -> None:
    """Write TriG, graph by graph."""
    write_prefixed(sorted_quads(store), output, RdfFormat.TRIG, prefixes())


def write_ntriples(store: Store, output: IO[bytes]) -> None:
    """Write canonical N-Triples, sorted."""
    pyoxigraph.serialize(sorted_triples(store), output, RdfFormat.N_TRIPLES)


def write_turtle(store: Store, output: IO[bytes]) -> None:
    """Write Turtle, subject by subject."""
    write_prefixed(sorted_triples(store), output, RdfFormat.TURTLE, prefixes())


def write_rdfxml(store: Store, output: IO[bytes]) -> None:
    """Write RDF/XML.

    :raises ExportError: if a text holds a character that XML cannot
    """
    triples = _for_xml(sorted_triples(store))
    pyoxigraph.serialize(triples, output, RdfFormat.RDF_XML, prefixes=prefixes())


def write_prefixed(
    items: Iterable[Quad] | Iterable[Triple],
    output: IO[bytes],
    rdf_format: RdfFormat,
    names: Mapping[str, str],
) -> None:
    """Write Turtle or TriG with its prefixes sorted, which the serialiser gives in any order."""
    for prefix, iri in sorted(names.items()):
        output.write(f"@prefix {prefix}: <{iri}> .\n".encode())
    body = cast(IO[bytes], _Body(output))
    pyoxigraph.serialize(items, body, rdf_format, prefixes=dict(names))


class _Body:
    """A file to write to that leaves out the prefixes at the top."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._head = b""
        self._is_past = False

    def write(self, data: bytes) -> int:
        if self._is_past:
            return self._output.write(data)
        self._head += data
        while b"\n" in self._head:
            line, rest = self._head.split(b"\n", 1)
            if not line.startswith(b"@prefix "):
                self._is_past = True
                self._output.write(self._head)
                break
            self._head = rest
        return len(data)

    def flush(self) -> None:
        self._output.flush()


def _for_xml(triples: Iterator[Triple]) -> Iterator[Triple]:
    for triple in triples:
        text = triple.object
        if isinstance(text, Literal) and (found := _NO_XML.search(text.value)):
            raise ExportError(
                f"{triple.subject} holds U+{ord(found[0]):04X}, which XML cannot:"
                " export it as Turtle"
            )
        yield triple
