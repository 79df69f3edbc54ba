"""A result that may enter a table or a pool, with everything that tells whether it may."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pyoxigraph import NamedNode, QueryTriples

from evikg.graph.binding import bind
from evikg.graph.explain import UnknownResultError
from evikg.graph.mapping import from_triples, iri
from evikg.graph.records import (
    Check,
    Definition,
    Discrepancy,
    Group,
    OnsetWindow,
    Regimen,
    Result,
    Study,
    Variable,
)
from evikg.graph.store import Store
from evikg.ontology import EV, individual, kind_and_slug, prefixes


@dataclass(frozen=True, slots=True)
class Candidate:
    """A result with its group, study, variable and definition, and what is known against it."""

    result: Result
    group: Group
    above: tuple[Group, ...]  # the groups it is a subgroup of, nearest first
    unions: tuple[Group, ...]  # the other groups that hold it, as parts of which it is counted
    study: Study
    variable: Variable
    same_as: frozenset[str] = frozenset()  # IRIs of the terms that mean what the variable means
    definition: Definition | None = None
    window: OnsetWindow | None = None
    regimen: Regimen | None = None  # of the group or the nearest group above it
    comparator: Group | None = None
    primary: bool = True
    quantity: str = ""
    counted_in: frozenset[str] = frozenset()
    checks: tuple[Check, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()

    @property
    def slug(self) -> str:
        """Return the name of the result."""
        return self.result.slug


def candidates(store: Store, results: Sequence[str]) -> list[Candidate]:
    """Return results by their names, in that order, with what is needed to compare them.

    :param results: slugs, each once
    :raises UnknownResultError: if the graph has no such result
    """
    if not results:
        return []
    text = files(__package__).joinpath("candidates.rq").read_text(encoding="utf-8")
    subjects = [individual("result", slug) for slug in results]
    answer = store.query(bind(text, {"result": subjects}))
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    triples = list(answer)
    records: dict[NamedNode, Any] = {iri(record): record for record in from_triples(triples)}
    pointers: dict[tuple[str, str], set[str]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            key = (triple.subject.value, triple.predicate.value)
            pointers.setdefault(key, set()).add(triple.object.value)
    primary = {t.subject for t in triples if t.predicate == EV.primary}
    findings: dict[str, list[Check | Discrepancy]] = defaultdict(list)
    unions: dict[str, list[Group]] = defaultdict(list)
    for record in records.values():
        if isinstance(record, Check | Discrepancy):
            about = record.checks if isinstance(record, Check) else record.results
            for slug in about:
                findings[slug].append(record)
        elif isinstance(record, Group):
            for part in record.pools:
                unions[part].append(record)
    graph = _Neighbourhood(records, pointers, primary, findings, unions)
    found = []
    for slug, subject in zip(results, subjects, strict=True):
        result = records.get(subject)
        if not isinstance(result, Result):
            raise UnknownResultError(slug)
        found.append(graph.candidate(subject, result))
    return found


@dataclass(frozen=True, slots=True)
class _Neighbourhood:
    """What a query has brought."""

    records: Mapping[NamedNode, Any]
    pointers: Mapping[tuple[str, str], set[str]]  # IRIs by subject and predicate
    primary: Collection[object]  # results
    findings: Mapping[str, Sequence[Check | Discrepancy]]  # by a result that takes part
    unions: Mapping[str, Sequence[Group]]  # by a group that they pool

    def candidate(self, subject: NamedNode, result: Result) -> Candidate:
        """Put a candidate together."""
        above = self._above(result.group)
        group = self._of("group", result.group)
        quantities = self._slugs(subject, EV.quantity)
        findings = self.findings.get(result.slug, ())
        variable = individual("variable", result.variable).value
        same_as = self.pointers.get((variable, f"{prefixes()['skos']}exactMatch"), ())
        return Candidate(
            result=result,
            group=group,
            above=tuple(above),
            unions=tuple(self._holding(group, above)),
            study=self._of("study", result.study),
            variable=self._of("variable", result.variable),
            same_as=frozenset(same_as),
            definition=self._of("definition", result.definition),
            window=self._of("window", result.onset_window),
            regimen=next(
                (self._of("regimen", item.regimen) for item in (group, *above) if item.regimen),
                None,
            ),
            comparator=self._of("group", result.comparator),
            primary=subject in self.primary,
            quantity=next(iter(quantities), ""),
            counted_in=frozenset(self._slugs(subject, EV.countedIn)),
            checks=tuple(item for item in findings if isinstance(item, Check)),
            discrepancies=tuple(item for item in findings if isinstance(item, Discrepancy)),
        )

    def _of(self, kind: str, slug: str | None) -> Any:
        return self.records.get(individual(kind, slug)) if slug else None

    def _above(self, slug: str) -> list[Group]:
        chain: list[Group] = []
        group = self._of("group", slug)
        while group is not None and group.subgroup_of:
            group = self._of("group", group.subgroup_of)
            if group is None or group in chain:
                break
            chain.append(group)
        return chain

    def _holding(self, group: Group, above: Sequence[Group]) -> list[Group]:
        """Return the groups that hold a group as a part, at whatever remove, by name."""
        known, todo = {group.slug: group}, [group]
        while todo:
            inner = todo.pop()
            outer = [self._of("group", inner.subgroup_of), *self.unions.get(inner.slug, ())]
            new = [item for item in outer if item is not None and item.slug not in known]
            known |= {item.slug: item for item in new}
            todo += new
        other = known.keys() - {group.slug, *(item.slug for item in above)}
        return [known[slug] for slug in sorted(other)]

    def _slugs(self, subject: NamedNode, predicate: NamedNode) -> list[str]:
        parts = map(kind_and_slug, sorted(self.pointers.get((subject.value, predicate.value), ())))
        return [part[1] for part in parts if part]
