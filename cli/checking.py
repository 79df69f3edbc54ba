"""`evikg check` and `evikg verify`: curation errors apart from the papers' own faults."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from evikg.graph import records as r
from evikg.graph.derive import derive, rank
from evikg.loaders.build import Build, assemble
from evikg.loaders.checks import recompute
from evikg.loaders.checks.rules import rules
from evikg.loaders.disagreements import discrepancies
from evikg.loaders.evidence import CATALOGUE, SOURCE, Corpus, read_corpus, shipped_evidence
from evikg.loaders.faults import EvidenceError
from evikg.loaders.guidelines import items
from evikg.loaders.reporting_csv import completeness
from evikg.loaders.verify import sha256_of
from evikg.loaders.verify import verify as verify_rows
from evikg.ontology import ItemStatus, Severity

Say = Callable[[str], None]


def check_evidence(path: Path | None, out: Say, say: Say, *, reason: bool = False) -> int:
    """Report curation errors (exit 1) or, where there are none, the papers' own faults (exit 0)."""
    folder = path or shipped_evidence()
    only = None
    if (folder / SOURCE).exists():
        only, folder = folder.resolve().name, folder.resolve().parent
    try:
        build = assemble(folder)
    except EvidenceError as error:
        faults = [
            f for f in error.faults if only is None or f.path.parent.name in {only, folder.name}
        ]
        others = len(error.faults) - len(faults)
        for fault in faults:
            say(str(fault))
        if others:
            say(f"{others} more fault(s) in other sources: evikg check {folder}")
        say(f"{len(error.faults)} curation fault(s)")
        return 1
    violations = _violations(build, only, say)
    if reason:
        from evikg.ontology.owl import inconsistencies

        say("reasoning over the vocabulary …")
        violations += [f"{iri}: no individual can be of this class" for iri in inconsistencies()]
    for violation in violations:
        say(violation)
    _report(build.corpus, only, out)
    if violations:
        say(f"{len(violations)} shape violation(s)")
        return 1
    say("no curation fault" + ("" if (folder / CATALOGUE).exists() else f" (no {CATALOGUE})"))
    return 0


def _violations(build: Build, only: str | None, say: Say) -> list[str]:
    """Validate what is curated, of all sources or of one, against the SHACL shapes."""
    import rdflib

    from evikg.ontology import individual
    from evikg.ontology.shapes import validate

    say("validating the graph against the shapes …")
    sources = [only] if only else [source.slug for source in build.corpus.sources]
    # What is derived, checked or mapped is made by the build; only what is curated can be at fault.
    curated = {individual("graph", slug) for slug in ("catalogue", *sources)}
    graph = rdflib.Graph()
    triples = "".join(f"{q.triple} .\n" for q in build.quads if q.graph_name in curated)
    graph.parse(data=triples, format="nt")
    return [
        f"{item.focus}: {item.message}" for item in validate(graph) if item.severity == "Violation"
    ]


def _report(corpus: Corpus, only: str | None, out: Say) -> None:
    groups = corpus.of(r.Group).values()
    variables = corpus.of(r.Variable).values()
    places = {result.slug: result for result in corpus.results}
    recomputed = recompute(corpus.results, groups, variables, corpus.of(r.Definition).values())
    by_source: dict[str, list[r.Check]] = {}
    for check in recomputed.checks:
        source = places[check.checks[0]].source
        if only in {None, source}:
            by_source.setdefault(source, []).append(check)
    out(f"# What the sources print that does not recompute ({sum(map(len, by_source.values()))})")
    compared = [slug for slug, _ in recomputed.passed if only in {None, places[slug].source}]
    contradicted = (slug for checks in by_source.values() for c in checks for slug in c.checks)
    tested = len({*compared, *contradicted})
    everything = sum(only in {None, result.source} for result in corpus.results)
    out(f"{tested} of {everything} results could be compared, {len(compared)} comparisons agree")
    for source, checks in sorted(by_source.items()):
        numbers = Counter(check.severity for check in checks)
        counted = ", ".join(f"{numbers[level]} {level}" for level in Severity if numbers[level])
        out(f"\n## {source}: {counted}")
        order = list(Severity)
        for check in sorted(checks, key=lambda c: (order.index(c.severity), _line(c, places))):
            for line in _told(check, places):
                out(line)
    derived = derive(corpus.results, groups, variables)
    kinds = (r.Group, r.Variable, r.Definition, r.Study)
    differing = [
        item
        for item in discrepancies(corpus.results, derived, *(corpus.of(k).values() for k in kinds))
        if only is None or any(places[slug].source == only for slug in item.results)
    ]
    out(f"\n# Printings of one quantity that differ ({len(differing)})")
    for item in differing:
        first = places[item.results[0]]
        out(f"{first.group}, {first.variable}: {item.type}: {item.note}")
        for result in sorted((places[slug] for slug in item.results), key=rank):
            mark = ", supported by recomputation" if result.slug == item.supports else ""
            place = f"{result.source} line {result.line}, {result.locator}"
            out(f"    {place}: {result.printed} ({result.directness}{mark}) [{result.slug}]")
    _report_items(corpus, only, out)


def _report_items(corpus: Corpus, only: str | None, out: Say) -> None:
    """Tell what a reporting guideline asks for and a source does not say, or says a part of."""
    assessed = [item for item in corpus.assessments if only in {None, item.source}]
    if not assessed:
        return
    missing = [
        item for item in assessed if item.status in {ItemStatus.PARTLY, ItemStatus.NOT_REPORTED}
    ]
    out(
        f"\n# What reporting guidelines ask for and the sources do not say in full ({len(missing)})"
    )
    for source in sorted({item.source for item in assessed}):
        out(f"\n## {source}: {completeness([item for item in assessed if item.source == source])}")
        for item in missing:
            if item.source == source:
                asked, note = items()[item.item], f" ({item.note})" if item.note else ""
                out(f"{item.status}: {asked.guideline} {asked.number}, {asked.label}{note}")
                if item.line is not None:
                    out(f"    {source} line {item.line}, {item.locator}")


def _line(check: r.Check, places: dict[str, r.Result]) -> int:
    return min(places[slug].line for slug in check.checks)


def _told(check: r.Check, places: dict[str, r.Result]) -> Iterator[str]:
    """Write a finding: what must hold and does not, then each number with its place."""
    computed = f", computed {check.computed}" if check.computed else ""
    note = f" ({check.note})" if check.note else ""
    statement = rules()[check.rule].statement
    yield f"{check.severity} {check.verdict}: {statement}: {check.inputs}{computed}{note}"
    for result in sorted((places[slug] for slug in check.checks), key=lambda x: (x.line, x.slug)):
        place = f"{result.source} line {result.line}, {result.locator}"
        yield f"    {place}: {result.printed} [{result.slug}]"


def verify_source(source: str, text: Path, evidence: Path | None, out: Say, say: Say) -> int:
    """Prove every row of a source against its text; exit 1 if one does not stand there."""
    corpus = read_corpus(evidence or shipped_evidence())
    known = {item.slug: item for item in corpus.sources}
    if source not in known:
        raise LookupError(f"no source {source!r}; sources: {', '.join(sorted(known))}")
    try:
        content = text.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LookupError(f"{text} cannot be read: {error}") from error
    if known[source].text_sha256 not in {None, sha256_of(text)}:
        say(f"{text} is not the text that {source} was curated from (its SHA-256 differs)")
    items: list[r.Result | r.Mention] = [x for x in corpus.results if x.source == source]
    items += [mention for mention in corpus.mentions if mention.source == source]
    if any(isinstance(item, r.Result) and item.derived_from for item in items):
        # What is derived stands in a table: 30,62 are two cells there, not one number.
        content = content.replace(",", "\t")
    problems = verify_rows(content, items)
    for problem in problems:
        out(str(problem))
    wrong = len({problem.slug for problem in problems})
    say(f"{source}: {len(items) - wrong} of {len(items)} rows stand where they say")
    return 1 if problems else 0
