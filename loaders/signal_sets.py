"""Sets of signals: `signals.csv` of a source, read when everything else is declared."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from evikg.graph import records as r

from .faults import Fault
from .models import SignalsModel
from .positions import Key, Located
from .signals_csv import read_signals


@dataclass(frozen=True, slots=True)
class SignalSet:
    """A file of signals, with what its source says of it and where."""

    path: Path
    described: SignalsModel
    located: Located  # of source.yaml, which stands beside it


@dataclass(frozen=True, slots=True)
class ReadSignals:
    """What a set holds, each with its line: results, and the variables of events new with it."""

    results: list[tuple[int, r.Result]] = field(default_factory=list)
    variables: list[tuple[int, r.Variable]] = field(default_factory=list)


def read_signal_set(
    item: SignalSet,
    declared: Iterable[r.Record],
    named: Collection[str],
    faults: list[Fault],
) -> ReadSignals:
    """Read a set of signals; every fault is noted.

    The term of an event stands for the declared adverse event of that name, whatever the spelling
    (British or American), and for a new one where there is none.

    :param declared: what the evidence declares, sets that were read before included
    :param named: slugs of what is declared by a block at fault
    """
    # It compares names as those of a registry are compared, so that a term is one variable.
    from .ctgov.names import Names

    known = list(declared)
    before = len(faults)
    faults.extend(_unknown_parts(item, known, named))
    slugs = {record.slug for record in known if isinstance(record, r.Variable)}
    names = Names(known)
    minted: dict[str, r.Variable] = {}

    def variable_of(term: str) -> str:
        variable = names.event(term)
        if variable.slug not in slugs:
            minted.setdefault(variable.slug, variable)
        return variable.slug

    results = read_signals(item.path, item.path.parent.name, item.described, variable_of, faults)
    if len(faults) > before:
        return ReadSignals()
    first: dict[str, int] = {}
    for line, result in results:
        first.setdefault(result.variable, line)
    return ReadSignals(results, [(first[slug], variable) for slug, variable in minted.items()])


def _unknown_parts(
    item: SignalSet, declared: Iterable[r.Record], named: Collection[str]
) -> list[Fault]:
    """Return a fault for each study, group or definition of a description that is not declared."""
    records = list(declared)
    wanted: list[tuple[Key, type[Any], str | None]] = [
        (("signals", "study"), r.Study, item.described.study),
        (("signals", "definition"), r.Definition, item.described.definition),
    ]
    for place, drug in enumerate(item.described.drugs):
        key: Key = ("signals", "drugs", place)
        wanted.append(((*key, "group"), r.Group, drug.group))
        wanted.append(((*key, "comparator"), r.Group, drug.comparator))
    found = []
    for key, kind, slug in wanted:
        known = [record.slug for record in records if isinstance(record, kind)]
        if slug is not None and slug not in known and slug not in named:
            near = get_close_matches(slug, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else "declare it in source.yaml"
            name = ".".join(str(part) for part in key)
            words = f"is no known {kind.__name__.lower()}; {hint}"
            source = item.path.with_name("source.yaml")
            found.append(Fault(source, *item.located.place(key), name, slug, words))
    return found
