"""The chain behind one number: result, cell, document, group, other printings, checks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pyoxigraph import QueryTriples, Triple

from evikg.ontology import EV, individual, kind_and_slug

from .binding import bind
from .errors import GraphError
from .hypotheses import HYPOTHESES, of_reports
from .mapping import from_triples, iri
from .normalise import normalised
from .records import (
    Check,
    Definition,
    Discrepancy,
    Group,
    OnsetWindow,
    Regimen,
    Result,
    Rule,
    Source,
    Study,
    Variable,
)
from .registry import LAYOUT, registry_page, sides_text, threshold_text
from .store import Store


class UnknownResultError(GraphError):
    """The graph has no such result."""

    def __init__(self, slug: str) -> None:
        """Hold the slug."""
        self.slug = slug

    def __str__(self) -> str:
        """Return what is missing and where names of results stand."""
        return f"no result {self.slug!r}; `evikg results` lists them in its first column"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the graph knows behind one number."""

    result: Result
    source: Source
    study: Study
    groups: tuple[Group, ...]  # the result's own group first, then the larger ones
    comparators: tuple[Group, ...]
    regimen: Regimen | None
    variable: Variable
    definition: Definition | None
    window: OnsetWindow | None
    printings: tuple[Result, ...]  # of the same quantity, this one included
    primary: str  # which of them is primary
    counted_in: tuple[str, ...]
    checks: tuple[Check, ...]
    rules: Mapping[str, Rule]  # that it was compared by
    passed: tuple[str, ...]  # of these, by name
    discrepancies: tuple[Discrepancy, ...]
    disputed: Mapping[str, Result]  # the printings these are between: own first, then primary


def explain(store: Store, slug: str) -> Explanation:
    """Collect what stands behind a result, by one query.

    :raises UnknownResultError: if the graph has no such result
    """
    slug = slug.removeprefix("result:").removeprefix("https://w3id.org/evikg/result/")
    text = files(__package__).joinpath("neighbourhood.rq").read_text(encoding="utf-8")
    try:
        subject = individual("result", slug)
    except ValueError as error:
        raise UnknownResultError(slug) from error
    answer = store.query(bind(text, {"result": [subject]}))
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    triples = list(answer)
    records: dict[Any, Any] = {iri(record): record for record in from_triples(triples)}
    result = records.get(subject)
    if not isinstance(result, Result):
        raise UnknownResultError(slug)

    def of(kind: str, name: str | None) -> Any:
        return records.get(individual(kind, name)) if name else None

    groups = _upwards(records, result.group)
    regimen = next((g.regimen for g in groups[:1] if g.regimen), None)
    results = {r.slug: r for r in records.values() if isinstance(r, Result)}
    quantity = _quantity(triples, slug)
    same = {other for other in results if other == slug or quantity & _quantity(triples, other)}
    primaries = set(_slugs(triples, EV.primary, subject=None))

    def order(printing: Result) -> tuple[object, ...]:
        own, primary = printing.directness == "own", printing.slug in primaries
        return not own, not primary, printing.source, printing.line, printing.slug

    return Explanation(
        result=result,
        source=of("source", result.source),
        study=of("study", result.study),
        groups=tuple(groups),
        comparators=tuple(_upwards(records, result.comparator)),
        regimen=of("regimen", regimen),
        variable=of("variable", result.variable),
        definition=of("definition", result.definition),
        window=of("window", result.onset_window),
        printings=tuple(
            sorted((results[slug] for slug in same), key=lambda r: (r.source, r.line, r.slug))
        ),
        primary=next(iter(sorted(primaries & same)), ""),
        counted_in=tuple(sorted(_objects(triples, EV.countedIn, subject))),
        checks=tuple(r for r in records.values() if isinstance(r, Check)),
        rules={r.slug: r for r in records.values() if isinstance(r, Rule)},
        passed=tuple(sorted(_objects(triples, EV.passes, subject))),
        discrepancies=tuple(r for r in records.values() if isinstance(r, Discrepancy)),
        disputed={x.slug: x for x in sorted(results.values(), key=order)},
    )


def _upwards(records: dict[Any, Any], slug: str | None) -> list[Group]:
    chain: list[Group] = []
    while slug is not None:
        group = records.get(individual("group", slug))
        if not isinstance(group, Group) or group in chain:
            break
        chain.append(group)
        slug = group.subgroup_of
    return chain


def _slugs(triples: list[Triple], predicate: Any, subject: Any) -> Iterator[str]:
    for triple in triples:
        if triple.predicate == predicate and subject in (None, triple.subject):
            parts = kind_and_slug(triple.subject.value)  # type: ignore[union-attr]
            if parts:
                yield parts[1]


def _objects(triples: list[Triple], predicate: Any, subject: Any) -> Iterator[str]:
    for triple in triples:
        if triple.predicate == predicate and triple.subject == subject:
            parts = kind_and_slug(triple.object.value)  # type: ignore[union-attr]
            if parts:
                yield parts[1]


def _quantity(triples: list[Triple], slug: str) -> set[str]:
    return set(_objects(triples, EV.quantity, individual("result", slug)))


def lines(found: Explanation) -> Iterator[str]:
    """Write an explanation as lines of text, from the number to the line of the paper."""
    result = found.result
    yield f"{result.slug}: {_headline(result)}"
    if of_reports(result, found.study):
        yield f"  {HYPOTHESES}"
    yield ""
    yield f"  measured    {found.variable.label} ({found.variable.kind})"
    if result.printed_term:
        yield (
            f"  printed as  {result.printed_term}"
            + (f", code {result.printed_code}" if result.printed_code else "")
            + (f", under {result.printed_soc}" if result.printed_soc else "")
        )
    if found.definition:
        yield f"  defined as  {found.definition.label}"
    for group, word in zip(found.groups, ["in", *["part of"] * 9], strict=False):
        yield f"  {word:<11} {group.label} [{group.slug}], {_size(group)}"
    if result.printed_group:
        yield f"  named there {result.printed_group}"
    for group in found.comparators[:1]:
        yield f"  compared to {group.label} [{group.slug}], {_size(group)}"
    if found.regimen:
        yield f"  regimen     {found.regimen.label}"
    yield f"  study       {found.study.label} ({found.study.design})" + (
        f", {found.study.registration}" if found.study.registration else ""
    )
    scope = [
        f"grade {result.grade.text}" if result.grade else "",
        {"AE": "irrespective of cause", "ADR": "drug-related"}.get(result.causality or "", ""),
        {"serious": "serious only", "non-serious": "not serious only"}.get(
            result.seriousness or "", ""
        ),
        f"counting {result.count_unit}" if result.count_unit else "",
        found.window.label if found.window else "",
        f"predictor {result.predictor}" if result.predictor else "",
        f"adjusted for {result.adjustment}" if result.adjustment else "",
        f"by {result.method}" if result.method else "",
        f"hypothesis: {result.hypothesis}" if result.hypothesis else "",
        threshold_text(result),
    ]
    if any(scope):
        yield f"  scope       {', '.join(word for word in scope if word)}"
    for predicate, term in normalised(result):
        name = predicate.value.rpartition("#")[2]
        yield f"  {name:<11} {term.value} (normalised)"
    if result.note:
        yield f"  note        {result.note}"
    if result.cell_b is not None:
        cells = (result.events, result.cell_b, result.cell_c, result.cell_d)
        told = (f"{name} {cell}" for name, cell in zip("abcd", cells, strict=True))
        yield f"  two by two  {', '.join(told)}"
    yield ""
    yield f"  cell        {result.locator}"
    yield f"  printed     {result.printed}"
    if result.pointer:
        yield f"  stands at   {result.pointer}, line {result.line} {LAYOUT}"
    else:
        where = f"line {result.line}, occurrence {result.occurrence} of its first token"
        yield f"  stands at   {where}"
    doi = f", doi:{found.source.doi}" if found.source.doi else ""
    yield f"  document    {found.source.title} [{found.source.slug}]{doi}"
    if address := registry_page(found.source):
        yield f"  registry    {address}"
    if found.source.text_sha256:
        yield f"  text        SHA-256 {found.source.text_sha256}"
    if result.directness == "cited":
        reference = result.cited_reference or "not printed"
        yield f"  cited       the number is another's; reference printed: {reference}"
    yield ""
    yield from _other_printings(found)
    yield from _judgements(found)


def _other_printings(found: Explanation) -> Iterator[str]:
    others = [other for other in found.printings if other.slug != found.result.slug]
    if not others:
        yield "  this is the only printing of its quantity"
    else:
        yield f"  printed {len(found.printings)} times; primary: {found.primary}"
        for other in others:
            yield f"    {other.slug}: {other.printed} ({other.locator}, {other.directness})"
    if found.counted_in:
        yield f"  already counted in: {', '.join(found.counted_in)}"


def _judgements(found: Explanation) -> Iterator[str]:
    if not found.rules:
        yield "  no rule of recomputation applies to it"
    for name in found.passed:
        yield f"  passes      {name}: {found.rules[name].statement}"
    for check in sorted(found.checks, key=lambda check: check.slug):
        computed = f", computed {check.computed}" if check.computed else ""
        note = f" ({check.note})" if check.note else ""
        statement = found.rules[check.rule].statement
        yield (
            f"  FAILS       {check.rule}: {statement}: {check.verdict}, {check.severity};"
            f" {check.inputs}{computed}{note}"
        )
    for discrepancy in sorted(found.discrepancies, key=lambda d: d.slug):
        yield f"  {discrepancy.type}: {discrepancy.note}"
        yield from _disputed(discrepancy, found)


def _disputed(discrepancy: Discrepancy, found: Explanation) -> Iterator[str]:
    """Write each printing with its place and token, the supported one marked."""
    for result in found.disputed.values():
        if result.slug not in discrepancy.results:
            continue
        supported = ", supported by recomputation" if result.slug == discrepancy.supports else ""
        place = f"{result.source} line {result.line}, {result.locator}"
        yield f"    {place}: {result.printed} ({result.directness}{supported}) [{result.slug}]"


def _headline(result: Result) -> str:
    parts = [result.statistic.value]
    if result.value is not None:
        parts.append(result.value.text + (f" {result.unit}" if result.unit else ""))
    if result.events is not None and result.total is not None:
        parts.append(f"({result.events} of {result.total})")
    elif result.total is not None:
        parts.append(f"(of {result.total})")
    elif result.total_not_stated:
        parts.append("(denominator not stated)")
    if result.interval_kind:
        level = f"{result.interval_level:f} % " if result.interval_level else ""
        bounds = " to ".join(
            bound.text if bound else "?" for bound in (result.interval_low, result.interval_high)
        )
        parts.append(f"[{level}{sides_text(result)}{result.interval_kind} {bounds}]")
    if result.dispersion:
        parts.append(f"({result.dispersion_kind or 'dispersion'} {result.dispersion.text})")
    if result.p_value:
        parts.append(f"p {result.p_value.text}")
    if result.timepoint is not None:
        parts.append(f"at {result.timepoint:f} {result.timepoint_unit or ''}".rstrip())
    return " ".join(parts)


def _size(group: Group) -> str:
    return "size not stated" if group.size is None else f"n = {group.size}"
