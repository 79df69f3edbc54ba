"""The formats that a graph can be exported to, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from evikg.graph.store import Store

from .csvw import write_csvw
from .jsonld import write_jsonld
from .kgx import Written, write_kgx
from .kgx_files import JsonLines, Tsv
from .nanopubs import write_nanopubs
from .networks import write_cytoscape, write_gexf, write_graphml
from .rdf import write_nquads, write_ntriples, write_rdfxml, write_trig, write_turtle


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format that is one file.

    `datasets` tells whether it takes any RDF, so that one named graph can be written alone.
    """

    name: str
    summary: str
    write: Callable[[Store, IO[bytes]], None]
    datasets: bool = False


@dataclass(frozen=True, slots=True)
class FolderFormat:
    """A format that is a folder of files; filling it tells what was left out, in words."""

    name: str
    summary: str
    fill: Callable[[Store, Path], list[str]]


Format = FileFormat | FolderFormat


def formats() -> dict[str, Format]:
    """Return all formats by name, RDF first."""
    known: tuple[Format, ...] = (
        FileFormat("nquads", "RDF, every named graph, sorted: canonical", write_nquads, True),
        FileFormat("trig", "RDF, every named graph, to be read", write_trig, True),
        FileFormat("jsonld", "RDF as JSON-LD with short names", write_jsonld, True),
        FileFormat("turtle", "RDF without named graphs, to be read", write_turtle, True),
        FileFormat("ntriples", "RDF without named graphs, a triple a line", write_ntriples, True),
        FileFormat("rdfxml", "RDF without named graphs, in XML", write_rdfxml, True),
        FileFormat("nanopub", "a nanopublication a result, unsigned, in TriG", write_nanopubs),
        FileFormat("graphml", "network for yEd, Cytoscape, igraph, networkx", write_graphml),
        FileFormat("gexf", "network for Gephi", write_gexf),
        FileFormat("cytoscape", "network for Cytoscape and Cytoscape.js (JSON)", write_cytoscape),
        FolderFormat("kgx-tsv", "Biolink nodes and edges, KGX as TSV (folder)", _kgx_tsv),
        FolderFormat("kgx-jsonl", "the same as JSON Lines (folder)", _kgx_json_lines),
        FolderFormat("csvw", "tables as CSV with their description (folder)", _csvw),
    )
    return {known_format.name: known_format for known_format in known}


def _csvw(store: Store, folder: Path) -> list[str]:
    write_csvw(store, folder)
    return []


def _kgx_tsv(store: Store, folder: Path) -> list[str]:
    return _left_out(write_kgx(store, folder, Tsv))


def _kgx_json_lines(store: Store, folder: Path) -> list[str]:
    return _left_out(write_kgx(store, folder, JsonLines))


def _left_out(written: Written) -> list[str]:
    return [
        f"not carried: {count:,} of {property_}"
        for property_, count in sorted(written.left.items())
    ]
