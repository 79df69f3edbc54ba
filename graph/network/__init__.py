"""The graph as networks for networkx: neighbours, paths, projections, measures."""

from .evidence import evidence_network
from .measures import MEASURES, METHODS, centrality, communities
from .naming import AmbiguousNameError, UnknownNameError, near_names, thing_named, things_named
from .neighbours import PAGE, Joined, Neighbour, Neighbours, UnknownThingError, neighbours
from .overview import ClassCount, ClassRelation, Overview, classes, kinds_of_classes
from .paths import NoSuchNodeError, Path, Step, cited, explain_path, paths
from .projections import measured, study_network, term_network
from .relations import (
    INVERSE,
    Reading,
    Relation,
    UnknownRelationError,
    relation_of,
    relations,
    relations_named,
)
from .similarity import NotAStudyError, Similarity, similar_studies, similarities
from .subgraphs import neighbourhood
from .things import Thing, curie_of, kind_of, thing_of, things

__all__ = [
    "INVERSE",
    "MEASURES",
    "METHODS",
    "PAGE",
    "AmbiguousNameError",
    "ClassCount",
    "ClassRelation",
    "Joined",
    "Neighbour",
    "Neighbours",
    "NoSuchNodeError",
    "NotAStudyError",
    "Overview",
    "Path",
    "Reading",
    "Relation",
    "Similarity",
    "Step",
    "Thing",
    "UnknownNameError",
    "UnknownRelationError",
    "UnknownThingError",
    "centrality",
    "cited",
    "classes",
    "communities",
    "curie_of",
    "evidence_network",
    "explain_path",
    "kind_of",
    "kinds_of_classes",
    "measured",
    "near_names",
    "neighbourhood",
    "neighbours",
    "paths",
    "relation_of",
    "relations",
    "relations_named",
    "similar_studies",
    "similarities",
    "study_network",
    "term_network",
    "thing_named",
    "thing_of",
    "things",
    "things_named",
]
