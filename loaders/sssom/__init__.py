"""SSSOM mapping sets (https://mapping-commons.github.io/sssom/): read, and written as triples."""

from .places import metadata_file, shipped_mappings
from .reader import read_mapping_set, read_mappings
from .rows import MappingRow, MappingSet
from .triples import label_triples, link_triples, record_triples, set_triples, to_triples
from .vocabulary import NO_TERM_FOUND

__all__ = [
    "NO_TERM_FOUND",
    "MappingRow",
    "MappingSet",
    "label_triples",
    "link_triples",
    "metadata_file",
    "read_mapping_set",
    "read_mappings",
    "record_triples",
    "set_triples",
    "shipped_mappings",
    "to_triples",
]
