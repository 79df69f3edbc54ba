"""Branches of the hierarchies with the evidence in them: by the index, or by asking the graph.

Both ways give the same. The index stands beside an embedded store; where there is none (a graph
elsewhere or in memory), or it cannot be trusted, the graph itself is asked through `ev:within`.
"""

from collections.abc import Callable, Sequence
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, QuerySolutions

from .binding import bind
from .branch_index import BranchIndex, Counts, IndexUnusableError
from .embedded import EmbeddedStore
from .store import Store


class Branches:
    """What lies within a concept, and what it lies within. Concepts and answers are IRIs."""

    def __init__(self, store: Store, index: BranchIndex | None = None) -> None:
        """Ask an index, or the store where there is none."""
        self._store = store
        self._index = index

    @classmethod
    def of(cls, store: Store) -> "Branches":
        """Open the index of the very generation that a store has opened, if it has one."""
        generation = store.generation if isinstance(store, EmbeddedStore) else None
        if generation is None:
            return cls(store)
        try:
            return cls(store, BranchIndex(generation))
        except IndexUnusableError:
            return cls(store)

    @property
    def indexed(self) -> bool:
        """Tell whether an index is in use."""
        return self._index is not None

    def variables(self, concept: str) -> list[str]:
        """Return the variables within a concept, through broader variables, mappings and terms."""
        return self._listed(BranchIndex.variables, "variables", concept)

    def results(self, concept: str) -> list[str]:
        """Return the results on variables within a concept."""
        return self._listed(BranchIndex.results, "results", concept)

    def studies(self, concept: str) -> list[str]:
        """Return the studies with results on variables within a concept."""
        return self._listed(BranchIndex.studies, "studies", concept)

    def below(self, concept: str) -> list[str]:
        """Return everything within a concept, itself among them."""
        return self._listed(BranchIndex.below, "below", concept)

    def above(self, concept: str) -> list[str]:
        """Return everything that a concept lies within, itself among them."""
        return self._listed(BranchIndex.above, "above", concept)

    def counts(self, concepts: Sequence[str]) -> dict[str, Counts]:
        """Return how much of the evidence lies within each concept, each thing counted once."""
        if self._index is not None:
            try:
                return {concept: self._index.counts(concept) for concept in concepts}
            except IndexUnusableError:
                self._index = None
        found = dict.fromkeys(concepts, Counts())
        for row in self._rows("counts", concepts):
            concept, *numbers = (value.value for value in row)
            found[concept] = Counts(*map(int, numbers))
        return found

    def _listed(
        self, ask: Callable[[BranchIndex, str], list[str]], what: str, concept: str
    ) -> list[str]:
        if self._index is not None:
            try:
                return ask(self._index, concept)
            except IndexUnusableError:
                self._index = None
        return sorted(row[0].value for row in self._rows(what, [concept]))

    def _rows(self, what: str, concepts: Sequence[str]) -> list[Sequence[NamedNode | Literal]]:
        query = files(__package__).joinpath(f"branch-{what}.rq").read_text(encoding="utf-8")
        values = [NamedNode(concept) for concept in concepts]
        answer = self._store.query(bind(query, {"concept": values}))
        assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
        return [list(row) for row in answer]
