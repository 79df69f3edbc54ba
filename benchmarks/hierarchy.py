"""A synthetic class hierarchy of the size and shape of a disease ontology."""

import itertools
import random
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph.mapping import RDF_TYPE
from evikg.ontology import prefixes

#: Namespace of the synthetic terms; the queries name some of them.
TERMS_IRI = "https://example.org/term/"
#: Children of the root, as the system organ classes of an adverse event terminology.
SYSTEMS = 26
#: Share of terms with a second parent (HPO 1.2 parents a term, MONDO 1.6).
SECOND_PARENT = 0.3
#: Larger is flatter: about ln(terms) / FLATNESS steps from a term to the root.
FLATNESS = 1.5

_HOW = ("acute", "chronic", "drug-induced", "febrile", "fatal", "recurrent", "severe", "viral")
_WHERE = (
    "hepatic", "cardiac", "renal", "pulmonary", "cerebral", "gastric", "pancreatic", "muscular",
    "ocular", "dermal", "vascular", "lymphatic", "splenic", "thyroid", "spinal", "mucosal",
    "bronchial", "adrenal", "biliary", "retinal", "colonic", "pleural", "synovial", "oral",
)  # fmt: skip
_WHAT = (
    "failure", "haemorrhage", "infection", "neoplasm", "fibrosis", "stenosis", "oedema", "pain",
    "necrosis", "thrombosis", "inflammation", "ulcer", "atrophy", "insufficiency", "rupture",
)  # fmt: skip


class Hierarchy:
    """Terms 0 to `size` - 1, parents before children; term 0 is the root."""

    def __init__(self, size: int, seed: int) -> None:
        """Draw the parents and the popularity of the terms."""
        rng = random.Random(f"hierarchy {seed}")  # noqa: S311 - reproducible, no secret
        self.parents: list[tuple[int, ...]] = [(), *[(0,)] * min(SYSTEMS, size - 1)]
        for term in range(len(self.parents), size):
            first = self._parent(rng, term)
            second = self._parent(rng, term) if rng.random() < SECOND_PARENT else first
            self.parents.append((first,) if first == second else (first, second))
        self._popular = list(range(1 + SYSTEMS, size))
        rng.shuffle(self._popular)
        self._weights = list(
            itertools.accumulate(1 / rank for rank in range(1, len(self._popular) + 1))
        )

    @staticmethod
    def _parent(rng: random.Random, term: int) -> int:
        """Draw an earlier term, never the root: early terms get more descendants."""
        return 1 + int((term - 1) * rng.random() ** FLATNESS)

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self.parents)

    def draw(self, rng: random.Random, count: int) -> list[int]:
        """Draw different terms by Zipf's law, the systems and the root never."""
        drawn: dict[int, None] = {}
        for _ in range(count):
            drawn[rng.choices(self._popular, cum_weights=self._weights)[0]] = None
        return list(drawn)

    def system(self, term: int) -> int:
        """Return the system that the first parents of a term lead to."""
        while term > SYSTEMS:
            term = self.parents[term][0]
        return term

    def depth(self, term: int) -> int:
        """Return the number of first parents between a term and the root."""
        steps = 0
        while self.parents[term]:
            term, steps = self.parents[term][0], steps + 1
        return steps

    def triples(self) -> Iterator[Triple]:
        """Write the hierarchy: class, label and parents of every term."""
        rdfs = prefixes()["rdfs"]
        owl_class = NamedNode(f"{prefixes()['owl']}Class")
        named, below = NamedNode(f"{rdfs}label"), NamedNode(f"{rdfs}subClassOf")
        for term, parents in enumerate(self.parents):
            subject = iri(term)
            yield Triple(subject, RDF_TYPE, owl_class)
            yield Triple(subject, named, Literal(label(term), language="en"))
            for parent in parents:
                yield Triple(subject, below, iri(parent))


def iri(term: int) -> NamedNode:
    """Return the IRI of a term."""
    return NamedNode(f"{TERMS_IRI}T{term:07}")


def label(term: int) -> str:
    """Return the name of a term: unique, and composed so that a word occurs in a share of them."""
    if term == 0:
        return "disorder"
    number, where = divmod(term, len(_WHERE))
    number, what = divmod(number, len(_WHAT))
    number, how = divmod(number, len(_HOW))
    name = f"{_HOW[how]} {_WHERE[where]} {_WHAT[what]}"
    return f"{name}, type {number}" if number else name
