"""Records that lack something, or have something else there, are read or refused, never half."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.graph import records as r
from evikg.loaders.ctgov import Names, RawRecord, registry_evidence
from evikg.loaders.faults import EvidenceError

ODD: list[Any] = [None, "", "NA", "-", 0, -3, 1.5, True, [], {}, ["x"], {"x": 1}, "12 (3.4)"]


@pytest.fixture(scope="module")
def whole(folder: Path) -> dict[str, Any]:
    text = (folder / "NCT01987596.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return each holder with the key or index of each value in it."""
    keys = value if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


CHANGES = st.lists(
    st.tuples(st.integers(0, 10**6), st.none() | st.integers(0, len(ODD) - 1)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60)
@given(changes=CHANGES)
def test_a_damaged_record_is_read_or_refused(
    whole: dict[str, Any], changes: list[tuple[int, int | None]]
) -> None:
    record = copy.deepcopy(whole)
    for place, odd in changes:
        found = places([record["protocolSection"], record.get("resultsSection")])
        holder, key = found[2 + place % (len(found) - 2)]
        if odd is None:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(ODD[odd])
    try:
        evidence = registry_evidence(RawRecord(Path("a.json"), "", record), Names())
    except EvidenceError as error:
        assert str(error).startswith("a.json: /")
        return
    declared = {(type(thing), thing.slug) for thing in evidence.declared}
    for result in evidence.results:
        assert {(r.Group, result.group), (r.Variable, result.variable)} <= declared
        assert result.printed
        assert result.pointer and result.line > 0
