"""Questions over registry records and a paper answer what the records and the paper state.

`registry/<question>.csv` was written from the records (`tests/data/ctgov`) by their JSON Pointers,
never from an answer; it holds the columns that matter and every row of them.
"""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad

from evikg.graph import records as r
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.mapping import to_triples
from evikg.graph.numbers import Printed
from evikg.loaders.following import follow
from evikg.ontology import (
    Directness,
    GroupKind,
    SourceKind,
    Statistic,
    StudyDesign,
    VariableKind,
    individual,
)
from evikg.queries import catalogue
from evikg.queries.answer import short

from .expectations import expected_and_found

EXPECTED = sorted((Path(__file__).parent / "registry").glob("*.csv"))
RECORDS = Path(__file__).parents[1] / "data" / "ctgov"


@pytest.fixture(scope="module")
def store(registry_graph: Path) -> EmbeddedStore:
    return EmbeddedStore.open(registry_graph)


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_answers_what_records_and_paper_state(path: Path, store: EmbeddedStore) -> None:
    expected, found = expected_and_found(path, store)
    assert found == expected


@pytest.mark.parametrize("number", ["NCT01987596", "NCT03275402"])
def test_every_section_is_answered_in_full(number: str, store: EmbeddedStore) -> None:
    """Leaves of the record that are numbers of patients or events, or values, are counted."""
    record = json.loads((RECORDS / f"{number}.json").read_text(encoding="utf-8"))
    sections = record["resultsSection"]
    leaves = Counter({
        "participant flow": _leaves(sections["participantFlowModule"], {"numSubjects"}),
        "baseline characteristics": _leaves(
            sections["baselineCharacteristicsModule"]["measures"], {"value"}
        ),
        "adverse events": _leaves(
            sections["adverseEventsModule"],
            {"numAffected", "numEvents", "deathsNumAffected", "seriousNumAffected",
             "otherNumAffected"},
        ),
    })  # fmt: skip
    answer = catalogue()["registry-results"].run(store)
    section, source = answer.columns.index("section"), answer.columns.index("result")
    found = Counter(
        short(row[section])
        for row in answer.rows
        if short(row[source]).startswith(f"{number.lower()}-")
    )
    del found["outcome measures"]
    assert found == leaves


def test_numbers_of_two_times_are_not_set_side_by_side() -> None:
    """A record of half a year, in weeks, beside a paper of 6 and of 12 months, and of no time."""
    study = r.Study(slug="trial", label="Trial", design=StudyDesign.RANDOMIZED)
    group = r.Group(slug="trial-all", study="trial", label="All", kind=GroupKind.TREATED)
    survival = r.Variable(slug="overall-survival", label="survival", kind=VariableKind.EFFICACY)

    def result(slug: str, source: str, months: str | None, **fields: Any) -> r.Result:
        time = {"timepoint": Decimal(months), "timepoint_unit": "months"} if months else {}
        about = {"study": "trial", "group": "trial-all", "variable": "overall-survival"}
        about |= {"statistic": Statistic.SURVIVAL_PROBABILITY, "directness": Directness.OWN}
        about |= {"printed": slug, "locator": "Table 1", "value": Printed.parse("70"), "line": 1}
        return r.Result(**(about | {"slug": slug, "source": source} | time | fields))

    weeks = {"timepoint": Decimal(26), "timepoint_unit": "weeks", "pointer": "/results"}
    results = [
        result("half-a-year", "paper", "6"),
        result("a-year", "paper", "12"),
        result("no-time", "paper", None),
        result("record", "nct00000001", None, **weeks),
    ]
    kinds = {"paper": SourceKind.ARTICLE, "nct00000001": SourceKind.REGISTRY_RECORD}
    sources = [r.Source(slug=slug, kind=kind, title=slug) for slug, kind in kinds.items()]
    derived, _ = follow(results, [study, group, survival])
    stated = (study, group, survival, *sources, *results)
    triples = derived | {triple for record in stated for triple in to_triples(record)}
    store = EmbeddedStore()
    store.inner.extend(Quad(*triple, individual("graph", "paper")) for triple in triples)
    answer = catalogue()["registry-and-paper"].run(store)
    place = answer.columns.index("result")
    assert {short(row[place]) for row in answer.rows} == {"half-a-year", "no-time"}


def _leaves(value: object, names: set[str]) -> int:
    if isinstance(value, dict):
        held = sum(name in names for name in value)
        return held + sum(_leaves(inner, names) for inner in value.values())
    return sum(_leaves(inner, names) for inner in value) if isinstance(value, list) else 0
