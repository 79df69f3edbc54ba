"""Rolls the evidence up the hierarchy: what the index of branches holds, from the graph itself."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode

from evikg.ontology import EV

from .branch_index import Sections, lists, write_sections
from .mapping import RDF_TYPE


def write_branches(generation: Path, store: pyoxigraph.Store) -> None:
    """Write the index of branches of a store into the directory of its generation.

    :param store: flushed, with its closure (`ev:within`); nothing is written to it after
    """
    write_sections(generation, rolled_up(store))


def rolled_up(store: pyoxigraph.Store) -> Sections:
    """Return the sections of the index for what a store holds."""
    variables = set(_subjects(store, EV.Variable))
    concepts, above = _hierarchy(store)
    numbers = {concept: number for number, concept in enumerate(concepts)}
    below = _Runs(len(concepts))
    for number, higher in enumerate(above):
        below.add(number, number + 1, higher)
    measured = [number for number, concept in enumerate(concepts) if concept in variables]
    of_variables = _Runs(len(concepts))
    for place, number in enumerate(measured):
        of_variables.add(place, place + 1, above[number])
    results, studies = _results(store), _values(store, EV.study)
    blocks = _blocks(results, numbers)
    of_results = _Runs(len(concepts))
    names: list[str] = []
    seen: defaultdict[int, set[str]] = defaultdict(set)
    for key in sorted(blocks):
        start = len(names)
        names += sorted(blocks[key])
        of_block = set(chain.from_iterable(studies.get(name, ()) for name in names[start:]))
        containing = set(chain.from_iterable(above[number] for number in key))
        of_results.add(start, len(names), containing)
        for number in containing:
            seen[number] |= of_block
    known = sorted(set(chain.from_iterable(seen.values())))
    places = {study: place for place, study in enumerate(known)}
    of_studies = [sorted(places[s] for s in seen.get(n, ())) for n in range(len(concepts))]
    counts = array("I")
    for number, of_concept in enumerate(of_studies):
        counts.extend((of_variables.size(number), of_results.size(number), len(of_concept)))
    sections = {
        **_text(concepts),
        "concepts.sorted": array("I", sorted(numbers.values(), key=concepts.__getitem__)).tobytes(),
        "variables": array("I", measured).tobytes(),
        "results": "\n".join(names).encode(),
        "studies": "\n".join(known).encode(),
        "counts": counts.tobytes(),
    }
    listed: dict[str, Iterable[Iterable[int]]] = {
        "above": above,
        "below": below.runs,
        "variables": of_variables.runs,
        "results": of_results.runs,
        "studies": of_studies,
    }
    for name, items in listed.items():
        sections[f"{name}.starts"], sections[f"{name}.items"] = lists(items)
    return sections


class _Runs:
    """For each concept, places as runs: start, end, start, end, …; places come in order."""

    def __init__(self, concepts: int) -> None:
        self.runs: list[list[int]] = [[] for _ in range(concepts)]

    def add(self, start: int, end: int, concepts: Iterable[int]) -> None:
        """Add the places from `start` to before `end` to some concepts."""
        runs = self.runs
        for concept in concepts:
            run = runs[concept]
            if run and run[-1] == start:
                run[-1] = end
            else:
                run += (start, end)

    def size(self, concept: int) -> int:
        """Return the number of places of a concept."""
        run = self.runs[concept]
        return sum(run[1::2]) - sum(run[::2])


def _hierarchy(store: pyoxigraph.Store) -> "tuple[list[str], list[array[int]]]":
    """Return the concepts in preorder, and for each the places of all that it lies within."""
    found: dict[str, int] = {}
    within: dict[int, array[int]] = {}
    for quad in store.quads_for_pattern(None, EV.within, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            number = found.setdefault(quad.subject.value, len(found))
            higher = found.setdefault(quad.object.value, len(found))
            within.setdefault(number, array("I")).append(higher)
    names = list(found)
    order = _preorder(names, within)
    places = array("I", bytes(4 * len(order)))
    for place, number in enumerate(order):
        places[number] = place
    # Each list is let go when it has been written anew.
    above = [array("I", sorted([places[n] for n in within.pop(number)])) for number in order]
    return [names[number] for number in order], above


def _preorder(names: list[str], within: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the concepts so that most of a branch are neighbours.

    The tree is made of nearest parents: of all that a concept lies within, the one that lies
    within most itself is always a parent of it.
    """
    depth = [len(within[number]) for number in range(len(names))]
    children: defaultdict[int, list[int]] = defaultdict(list)
    roots: list[int] = []
    for number, own in enumerate(depth):
        nearest = max(((depth[n], names[n], n) for n in within[number] if depth[n] < own),
                      default=None)  # fmt: skip
        (children[nearest[2]] if nearest else roots).append(number)
    order = []
    waiting = sorted(roots, key=names.__getitem__, reverse=True)
    while waiting:
        number = waiting.pop()
        order.append(number)
        waiting += sorted(children.get(number, ()), key=names.__getitem__, reverse=True)
    return order


def _blocks(
    results: Mapping[str, set[str]], numbers: Mapping[str, int]
) -> dict[tuple[int, ...], list[str]]:
    """Return the results by the numbers of their variables, which as a rule is one."""
    blocks: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    for result, variables in results.items():
        if key := tuple(sorted(numbers[v] for v in variables if v in numbers)):
            blocks[key].append(result)
    return blocks


def _results(store: pyoxigraph.Store) -> dict[str, set[str]]:
    """Return the results with their variables; definitions have variables too."""
    variables = _values(store, EV.variable)
    return {iri: variables[iri] for iri in _subjects(store, EV.Result) if iri in variables}


def _values(store: pyoxigraph.Store, predicate: NamedNode) -> dict[str, set[str]]:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, predicate, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            values[quad.subject.value].add(quad.object.value)
    return values


def _subjects(store: pyoxigraph.Store, kind: NamedNode) -> Iterator[str]:
    for quad in store.quads_for_pattern(None, RDF_TYPE, kind):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject.value


def _text(concepts: list[str]) -> Sections:
    ends, end = array("I"), -1
    for concept in concepts:
        end += len(concept.encode()) + 1
        ends.append(end)
    return {"concepts": "\n".join(concepts).encode(), "concepts.ends": ends.tobytes()}
