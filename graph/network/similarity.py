"""Which studies are alike: in what they measure, and in whom they measured it.

A study has variables: those it has results on and all that these are narrower than, so that one
that prints `veno-occlusive disease` and one that prints `sinusoidal obstruction syndrome` share
what both stand under. And it has a population: the conditions it studies, with what these are
narrower than, the drugs it studies, and the criteria that select its groups.

- `variables`, `population`: the Jaccard index |A ∩ B| / |A ∪ B| (Jaccard 1912,
  doi:10.1111/j.1469-8137.1912.tb05611.x) of the two sets.
- `cosine`: of both sets together, each feature f weighted by ln(N / n_f), where n_f of N studies
  have it (Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0): to share what every study
  has says nothing, to share what only two have says most.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from evikg.graph.errors import GraphError

from .things import Thing, thing_of

if TYPE_CHECKING:
    import networkx as nx

_VARIABLE, _POPULATION = "variable", "population"
#: A variable or a part of the population; the same IRI may be both.
_Feature = tuple[str, str]
_Features = Mapping[str, frozenset[_Feature]]


class NotAStudyError(GraphError):
    """A thing is no study with results: it has nothing to be compared by."""

    def __init__(self, curie: str, known: list[str]) -> None:
        """Hold the CURIE, and those of the studies that have results."""
        self.curie, self.known = curie, known

    def __str__(self) -> str:
        """Return what was asked for and which studies there are."""
        return f"{self.curie} is no study with results; these are: {', '.join(self.known)}"


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two studies are, each number from 0 to 1, and what they share."""

    study: Thing
    other: Thing
    cosine: float
    variables: float
    population: float
    shared_variables: tuple[Thing, ...]  # the rarest first
    shared_population: tuple[Thing, ...]
    joined: tuple[str, ...]  # `may share patients with`: how the graph joins the two


def similarities(network: "nx.MultiDiGraph[str]") -> Iterator[Similarity]:
    """Return every pair of studies that have results, in the order of their IRIs."""
    features = _features(network)
    compare = _Comparison(network, features)
    for one, other in combinations(sorted(features), 2):
        yield compare.pair(one, other)


def similar_studies(network: "nx.MultiDiGraph[str]", iri: str) -> list[Similarity]:
    """Return all other studies that have results, the most similar first (by cosine, then IRI).

    :raises NotAStudyError: if the IRI is not of a study with results
    """
    features = _features(network)
    if iri not in features:
        known = [thing_of(network, study).curie for study in sorted(features)]
        raise NotAStudyError(thing_of(network, iri).curie if iri in network else iri, known)
    compare = _Comparison(network, features)
    found = [compare.pair(iri, other) for other in sorted(features) if other != iri]
    return sorted(found, key=lambda pair: (-pair.cosine, pair.other.iri))


class _Comparison:
    """What pairs of studies are compared by."""

    def __init__(self, network: "nx.MultiDiGraph[str]", features: _Features) -> None:
        """Weigh every feature by how few studies have it."""
        self.network, self.features = network, features
        self.having = Counter(feature for held in features.values() for feature in held)
        self.weights = {f: math.log(len(features) / n) for f, n in self.having.items()}

    def pair(self, one: str, other: str) -> Similarity:
        shared = self.features[one] & self.features[other]
        return Similarity(
            thing_of(self.network, one),
            thing_of(self.network, other),
            self._cosine(one, other),
            self._jaccard(one, other, _VARIABLE),
            self._jaccard(one, other, _POPULATION),
            self._things(shared, _VARIABLE),
            self._things(shared, _POPULATION),
            self._joined(one, other),
        )

    def _joined(self, one: str, other: str) -> tuple[str, ...]:
        there = self.network.get_edge_data(one, other) or {}
        back = self.network.get_edge_data(other, one) or {}
        readings = [edge["label"] for edge in there.values()]
        readings += [edge["inverse"] for edge in back.values()]
        return tuple(dict.fromkeys(readings))

    def _cosine(self, one: str, other: str) -> float:
        a, b = self.features[one], self.features[other]
        norm = math.sqrt(self._squared(a) * self._squared(b))
        return self._squared(a & b) / norm if norm else 0.0

    def _squared(self, held: frozenset[_Feature]) -> float:
        return math.fsum(self.weights[feature] ** 2 for feature in held)

    def _jaccard(self, one: str, other: str, role: str) -> float:
        a, b = ({f for f in self.features[s] if f[0] == role} for s in (one, other))
        return len(a & b) / len(a | b) if a | b else 0.0

    def _things(self, shared: frozenset[_Feature], role: str) -> tuple[Thing, ...]:
        held = [feature for feature in shared if feature[0] == role]
        held.sort(key=lambda feature: (self.having[feature], feature))
        return tuple(thing_of(self.network, iri) for _, iri in held)


def _features(network: "nx.MultiDiGraph[str]") -> _Features:
    """Return what each study that has results has."""
    import networkx as nx

    from .projections import measured

    narrower = nx.DiGraph(
        [(s, o) for s, o, key in network.edges(keys=True) if key == "skos:broader"]
    )
    found: defaultdict[str, set[_Feature]] = defaultdict(set)
    for study, variables in measured(network, "ev:study").items():
        found[study] |= {(_VARIABLE, v) for v in _with_broader(narrower, variables)}
        held = _objects(network, study, "ev:studiesCondition")
        held |= _objects(network, study, "ev:studiesDrug")
        groups = [
            g for g, _, key in network.in_edges(study, keys=True)
            if key == "ev:study" and network.nodes[g]["kind"] == "group"
        ]  # fmt: skip
        for group in groups:
            held |= _objects(network, group, "ev:criterion")
        found[study] |= {(_POPULATION, iri) for iri in _with_broader(narrower, held)}
    return {study: frozenset(held) for study, held in found.items()}


def _objects(network: "nx.MultiDiGraph[str]", subject: str, relation: str) -> set[str]:
    return {o for _, o, key in network.out_edges(subject, keys=True) if key == relation}


def _with_broader(narrower: "nx.DiGraph[str]", variables: set[str]) -> set[str]:
    import networkx as nx

    above = (nx.descendants(narrower, v) for v in variables if v in narrower)
    return variables.union(*above)
