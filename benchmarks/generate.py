"""Generate a graph of the model's shape and any size: `python -m benchmarks.generate --help`.

Studies are invented as records and written by the mapping that a build uses, so that the graph
cannot drift from the model. The hierarchy of terms stands in a graph of its own and is not counted
in `--triples`. The same arguments give the same bytes.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from evikg.graph import records as r
from evikg.graph.derive import Derived, derive
from evikg.graph.mapping import RDF_TYPE, iri, to_triples
from evikg.loaders.checks import recompute
from evikg.loaders.sssom import MappingRow
from evikg.loaders.sssom import to_triples as mapping_triples
from evikg.ontology import EV, individual, prefixes

from .evidence import Invented, invent
from .hierarchy import Hierarchy
from .hierarchy import iri as term_iri
from .printing import variable_of

TERMS = 30_000
SEED = 1
#: Triples that a result takes at most on average, with what is declared for it.
_PER_RESULT = 45
#: No study is begun for fewer: its document, groups and definitions alone take as many.
_SMALLEST_STUDY = 120

Placed = tuple[str, Triple]


def quads(triples: int, terms: int = TERMS, seed: int = SEED) -> Iterator[Quad]:
    """Yield the hierarchy, then studies until about `triples` triples are written."""
    hierarchy = Hierarchy(terms, seed)
    for triple in hierarchy.triples():
        yield _quad("terminology", triple)
    for slug, triple in _evidence(hierarchy, triples, seed):
        yield _quad(slug, triple)


def write(output: Path, triples: int, terms: int = TERMS, seed: int = SEED) -> tuple[int, int]:
    """Write the graph as N-Quads, and beside it as N-Triples without the names of the graphs.

    :returns: the number of triples that are evidence, and of those that are hierarchy
    """
    hierarchy = sum(1 for _ in Hierarchy(terms, seed).triples())
    output.parent.mkdir(parents=True, exist_ok=True)
    draft = output.with_suffix(".draft")
    serialize(quads(triples, terms, seed), str(draft), format=RdfFormat.N_QUADS)
    written = 0
    graph = f" <{prefixes()['graph']}".encode()
    plain = output.with_suffix(".nt.draft")
    with draft.open("rb") as source, plain.open("wb") as target:
        for line in source:
            target.write(line[: line.rindex(graph)] + b" .\n")
            written += 1
    plain.replace(output.with_suffix(".nt"))
    draft.replace(output)
    return written - hierarchy, hierarchy


def derived_triples(item: Derived) -> Iterator[Triple]:
    """Write what is derived for a result, as a build does."""
    result, quantity = individual("result", item.result), individual("quantity", item.quantity)
    true = Literal("true", datatype=NamedNode(f"{prefixes()['xsd']}boolean"))
    yield Triple(quantity, RDF_TYPE, EV.Quantity)
    yield Triple(result, EV.quantity, quantity)
    if item.primary:
        yield Triple(result, EV.primary, true)
    for container in item.counted_in:
        yield Triple(result, EV.countedIn, individual("result", container))


def _evidence(hierarchy: Hierarchy, triples: int, seed: int) -> Iterator[Placed]:
    declared: set[str] = set()
    number, written = 0, 0
    while triples - written > _SMALLEST_STUDY:
        number += 1
        room = (triples - written) // _PER_RESULT
        for placed in _study(invent(number, hierarchy, seed), room, declared):
            written += 1
            yield placed


def _study(study: Invented, room: int, declared: set[str]) -> Iterator[Placed]:
    """Yield the triples of a study with its first `room` results."""
    results = study.results[:room]
    measured = {result.variable for result in results}
    variables = _with_broader(study, measured)
    for record in (*study.declared, *variables):
        about = iri(record).value
        if about not in declared:
            declared.add(about)
            for triple in to_triples(record):
                yield "catalogue", triple
    for term in study.terms:
        if variable_of(term) in measured and (mapped := _mapping(term)).slug not in declared:
            declared.add(mapped.slug)
            for triple in mapping_triples(mapped):
                yield "mappings", triple
    held: tuple[r.Record, ...] = (study.source, *results)
    for record in held:
        for triple in to_triples(record):
            yield study.source.slug, triple
    quantities: set[str] = set()
    for item in derive(results, study.groups, variables):
        for triple in derived_triples(item):
            if triple.predicate != RDF_TYPE or item.quantity not in quantities:
                yield "derived", triple
        quantities.add(item.quantity)
    for check in recompute(results, study.groups, variables).checks:
        for triple in to_triples(check):
            yield "checks", triple


def _with_broader(study: Invented, measured: set[str]) -> list[r.Variable]:
    """Return the variables that are measured, with everything broader, and the conditions."""
    by_slug = {variable.slug: variable for variable in study.variables}
    wanted = dict.fromkeys(
        s for record in study.declared for s in getattr(record, "conditions", ())
    )
    wanted |= dict.fromkeys(slug for slug in by_slug if slug in measured)
    for slug in list(wanted):
        while broader := by_slug[slug].broader:
            slug = broader[0]
            wanted[slug] = None
    return [by_slug[slug] for slug in wanted]


def _mapping(term: int) -> MappingRow:
    return MappingRow(
        subject=individual("variable", variable_of(term)).value,
        predicate=f"{prefixes()['skos']}exactMatch",
        object=term_iri(term).value,
        object_label="",
        justification=f"{prefixes()['semapv']}LexicalMatching",
        negative=False,
        found=True,
        comment="",
        slug=f"terms-{term}",
    )


def _quad(graph: str, triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, individual("graph", graph))


def main() -> None:
    """Write a graph of the size that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("--triples", type=int, default=500_000, help="of evidence (500000)")
    parser.add_argument("--terms", type=int, default=TERMS, help=f"of the hierarchy ({TERMS})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"({SEED})")
    parser.add_argument("--output", type=Path, required=True, help="N-Quads; .nt stands beside it")
    arguments = parser.parse_args()
    start = time.perf_counter()
    evidence, hierarchy = write(
        arguments.output, arguments.triples, arguments.terms, arguments.seed
    )
    seconds = time.perf_counter() - start
    words = f"{evidence:,} triples of evidence, {hierarchy:,} of hierarchy in {seconds:.0f} s"
    print(words, file=sys.stderr)


if __name__ == "__main__":
    main()
