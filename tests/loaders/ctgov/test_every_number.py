"""Every number of the results of a record is in the graph, at the place that is said.

The numbers are found here by walking the JSON, not by what the reader reads.
"""

import json
import pickle
import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from evikg.graph import records as r
from evikg.loaders.ctgov import Names, RawRecord, RegistryEvidence, read_records, registry_evidence
from evikg.loaders.ctgov.making import made
from evikg.ontology import GroupKind

#: Numbers of the results section that are no results, and why.
NOT_RESULTS = {
    "/moreInfoModule/pointOfContact/phone": "how to reach the sponsor",
    "/moreInfoModule/pointOfContact/phoneExt": "how to reach the sponsor",
}
_NUMBER = re.compile(r"[<>=~≤≥]*\s*[-+]?[\d.,]*\d(?:[eE][-+]?\d+)?\s*%?")


def numbers(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield pointer and text of everything in a JSON value that is a number and nothing else."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers(inner, f"{pointer}/{index}")
    elif not isinstance(value, bool) and _NUMBER.fullmatch(str(value).strip()):
        yield pointer, str(value)


def at(data: Any, pointer: str) -> Any:
    """Return what a JSON Pointer leads to."""
    for part in pointer.split("/")[1:]:
        data = data[int(part)] if isinstance(data, list) else data[part]
    return data


def held(result: r.Result) -> set[str]:
    """Return the numbers that a result holds, as text."""
    printed = (
        result.value,
        result.dispersion,
        result.interval_low,
        result.interval_high,
        result.p_value,
    )
    plain = (result.events, result.total, result.interval_level)
    return {p.text for p in printed if p} | {str(p) for p in plain if p is not None}


@pytest.fixture(scope="module")
def found(
    real_records: list[Path], curated: tuple[r.Record, ...]
) -> list[tuple[RawRecord, RegistryEvidence]]:
    names = Names(curated)
    raws = [raw for raw in read_records(real_records) if "resultsSection" in raw.data]
    assert len(raws) >= 3
    return [(raw, registry_evidence(raw, names)) for raw in raws]


def test_every_number_of_the_results_is_held(
    found: list[tuple[RawRecord, RegistryEvidence]],
) -> None:
    missing, count = [], 0
    for raw, evidence in found:
        sizes = dict(evidence.sizes)
        groups = {g.slug: g for g in evidence.declared if isinstance(g, r.Group)}
        beside: dict[str, set[str]] = {}
        for result in evidence.results:
            place = (result.pointer or "").rpartition("/")[0]
            beside.setdefault(place, set()).update(held(result))
        thresholds = {str(result.frequency_threshold) for result in evidence.results}
        for pointer, text in numbers(raw.data["resultsSection"]):
            count += 1
            place = f"/resultsSection{pointer}"
            if pointer in NOT_RESULTS:
                continue
            if pointer.endswith("/frequencyThreshold"):
                ok = text in thresholds
            elif place in sizes:
                ok = str(groups[sizes[place]].size) == text
            else:
                ok = text.lstrip("=") in beside.get(place.rpartition("/")[0], ())
            if not ok:
                missing.append((raw.number, place, text))
    assert missing == []
    assert count > 300


def test_a_pointer_leads_to_the_value_of_its_result(
    found: list[tuple[RawRecord, RegistryEvidence]],
) -> None:
    for raw, evidence in found:
        for result in evidence.results:
            assert result.pointer
            text = str(at(raw.data, result.pointer))
            number = result.value or result.p_value
            assert number is not None
            assert text.lstrip("=") == number.text, result.slug
            assert result.printed.split(" | ")[0] == text


def test_a_line_is_that_of_the_pointer_in_json_of_two_spaces(
    found: list[tuple[RawRecord, RegistryEvidence]],
) -> None:
    for raw, evidence in found:
        lines = json.dumps(raw.data, indent=2, ensure_ascii=False).split("\n")
        for result in evidence.results:
            assert result.pointer
            key = result.pointer.rpartition("/")[2]
            value = json.dumps(at(raw.data, result.pointer), ensure_ascii=False)
            assert lines[result.line - 1].strip().rstrip(",") == f'"{key}": {value}'


def test_slugs_are_unique_and_everything_named_is_declared(
    found: list[tuple[RawRecord, RegistryEvidence]],
) -> None:
    for _, evidence in found:
        slugs = [result.slug for result in evidence.results]
        assert len(slugs) == len(set(slugs))
        declared = {(type(record), record.slug) for record in evidence.declared}
        assert len(declared) == len(evidence.declared)
        for result in evidence.results:
            wanted = [
                (r.Group, result.group),
                (r.Group, result.comparator),
                (r.Variable, result.variable),
                (r.Definition, result.definition),
                (r.OnsetWindow, result.onset_window),
            ]
            assert {thing for thing in wanted if thing[1] is not None} <= declared
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", result.slug)
        for record in evidence.declared:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", record.slug), record
            assert getattr(record, "label", "x") or isinstance(record, r.DoseStep)


def test_a_total_is_the_size_of_its_group(
    found: list[tuple[RawRecord, RegistryEvidence]],
) -> None:
    for _, evidence in found:
        groups = {g.slug: g for g in evidence.declared if isinstance(g, r.Group)}
        for result in evidence.results:
            if result.total is not None:
                assert result.total == groups[result.group].size, result.slug


def test_no_group_is_larger_than_the_one_that_holds_it(
    found: list[tuple[RawRecord, RegistryEvidence]],
) -> None:
    for _, evidence in found:
        groups = {g.slug: g for g in evidence.declared if isinstance(g, r.Group)}
        for group in groups.values():
            whole = groups.get(group.subgroup_of or "")
            if whole and whole.size is not None and group.size is not None:
                assert group.size <= whole.size, group.slug


def test_records_that_are_made_quickly_are_the_same_records() -> None:
    values = {"slug": "a", "study": "b", "label": "c", "kind": GroupKind.ARM, "size": 3}
    quick, slow = made(r.Group, **values), r.Group(**values)  # type: ignore[arg-type]
    assert quick == slow
    assert (type(quick), repr(quick), hash(quick)) == (r.Group, repr(slow), hash(slow))
    assert pickle.loads(pickle.dumps(quick)) == slow  # noqa: S301 - its own bytes
    with pytest.raises(FrozenInstanceError):
        quick.size = 4  # type: ignore[misc]
    with pytest.raises(TypeError):
        made(r.Group, slug="a")
    with pytest.raises(TypeError):
        made(r.Group, **values, other=1)
