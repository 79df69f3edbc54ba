"""The graph as networks for networkx: neighbours, paths, projections, measures."""

from .evidence import evidence_network
from .neighbours import PAGE, Joined, Neighbour, Neighbours, UnknownThingError, neighbours
from .overview import ClassCount, ClassRelation, Overview, classes
from .paths import NoSuchNodeError, Path, Step, cited, explain_path, paths
from .relations import INVERSE, Reading, Relation, UnknownRelationError, relation_of, relations
from .things import Thing, curie_of, kind_of, things

__all__ = [
    "INVERSE",
    "PAGE",
    "ClassCount",
    "ClassRelation",
    "Joined",
    "Neighbour",
    "Neighbours",
    "NoSuchNodeError",
    "Overview",
    "Path",
    "Reading",
    "Relation",
    "Step",
    "Thing",
    "UnknownRelationError",
    "UnknownThingError",
    "cited",
    "classes",
    "curie_of",
    "evidence_network",
    "explain_path",
    "kind_of",
    "neighbours",
    "paths",
    "relation_of",
    "relations",
    "things",
]
