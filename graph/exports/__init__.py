"""The graph in formats of other tools, and back where they can carry it.

`formats` names them all. What a format cannot carry is listed in `docs/exports.md`.
"""

from .csvw import read_csvw
from .formats import FileFormat, FolderFormat, Format, formats
from .kgx_reading import read_kgx
from .nanopubs import Nanopub, read_nanopubs
from .networks import read_cytoscape, read_gexf, read_graphml
from .quads import one_graph, part_about

__all__ = [
    "FileFormat",
    "FolderFormat",
    "Format",
    "Nanopub",
    "formats",
    "one_graph",
    "part_about",
    "read_csvw",
    "read_cytoscape",
    "read_gexf",
    "read_graphml",
    "read_kgx",
    "read_nanopubs",
]
