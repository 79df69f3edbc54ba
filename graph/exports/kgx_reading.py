"""KGX read back: the triples that nodes and edges carry, by the tables they were written by."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from evikg.ontology import EV

from .kgx_files import read_rows
from .kgx_tables import full, iri_of, tables


def read_kgx(folder: Path) -> Iterator[Triple]:
    """Yield the triples that a folder of KGX, TSV or JSON Lines, carries, in its order.

    Named graphs are none of them; nor is what only Biolink says, as its categories.

    :raises ExportError: if the folder holds no KGX, or a row is damaged
    :raises UnknownPrefixError: if a CURIE has a prefix that is not known
    """
    nodes, edges = read_rows(folder)
    for row in nodes:
        yield from _properties(NamedNode(iri_of(row["id"][0])), row)
    for row in edges:
        ends = [NamedNode(iri_of(row[end][0])) for end in ("subject", "object")]
        if original := row.get("original_predicate"):
            yield Triple(ends[0], NamedNode(full(original[0])), ends[1])
        elif row["id"][0].startswith("evikg.result:"):
            result = NamedNode(iri_of(row["id"][0]))
            yield Triple(result, EV.variable, ends[1])
            yield from _properties(result, row)


def _properties(subject: NamedNode, row: dict[str, list[str]]) -> Iterator[Triple]:
    for held in tables().properties.values():
        for cell in row.get(held.column, ()):
            yield Triple(subject, NamedNode(held.iri), held.term(cell))
