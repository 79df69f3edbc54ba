"""What the tools answer over the shipped evidence; numbers are those of the papers' tables."""

from collections.abc import Callable
from typing import Any

import pytest

Tool = Callable[..., dict[str, Any]]


def test_a_question_answers_with_denominators_units_documents_and_doubts(tool: Tool) -> None:
    # Ozcan 2025, Table 2, CR/CRi: 46 of 64 (71.9 %) and 26 of 38 (68.4 %)
    answer = tool("run_question", name="response-by-regimen")
    rows = {row["result"]: row for row in answer["rows"]}
    assert (rows["ozcan-2025-l147-3"]["events"], rows["ozcan-2025-l147-3"]["total"]) == ("46", "64")
    assert rows["ozcan-2025-l147-4"]["percent"] == "68.4"
    assert answer["units"] == [{"statistic": "percent", "unit": "%", "count_unit": "patients"}]
    assert {"source": "ozcan-2025", "doi": "10.3324/haematol.2024.286091"}.items() <= next(
        source for source in answer["sources"] if source["source"] == "ozcan-2025"
    ).items()
    # Ozcan 2025 line 250 cites INO-VATE's 73.8 % without its counts.
    assert any(
        w.startswith("no denominator is stated of ozcan-2025-l250-3") for w in answer["warnings"]
    )
    assert any("papayannidis-2025-l172-1 is in doubt" in warning for warning in answer["warnings"])
    assert "VALUES ?outcome" in answer["sparql"]
    assert "#+" not in answer["sparql"]


def test_patients_events_and_reports_side_by_side_are_told(tool: Tool) -> None:
    answer = tool("run_question", name="adverse-event", parameters={"event": "febrile-neutropenia"})
    warnings = answer["warnings"]
    assert "numbers of events, patients, reports stand side by side: never add them" in warnings


def test_reports_are_told_to_give_no_incidence(tool: Tool) -> None:
    warnings = tool("run_question", name="faers-signals", limit=3)["warnings"]
    assert any("they give no incidence" in warning for warning in warnings)


def test_a_row_that_lies_within_another_is_told(tool: Tool) -> None:
    # 35 of 42 randomized patients are among the 46 of 64 of run-in and randomized together.
    answer = tool("run_question", name="response-rates", parameters={"study": "phase4-lowdose"})
    assert (
        "the patients of ozcan-2025-l147-2 are counted in ozcan-2025-l147-3 too: never add them"
        in answer["warnings"]
    )


def test_a_question_is_found_by_its_words(tool: Tool) -> None:
    names = [
        q["name"] for q in tool("list_questions", words="veno-occlusive transplant")["questions"]
    ]
    assert "vod-sos-after-transplant" in names
    assert tool("list_questions", words="nothing-like-it")["questions"] == []


def test_a_misspelt_question_names_the_nearest(tool: Tool) -> None:
    with pytest.raises(AssertionError, match="did you mean vod-sos"):
        tool("run_question", name="vod-sos-after-transplan")


def test_a_parameter_that_names_nothing_is_told(tool: Tool) -> None:
    with pytest.raises(AssertionError, match=r"the graph has no study 'ino-vato'.*ino-vate"):
        tool("run_question", name="response-rates", parameters={"study": "ino-vato"})


def test_rows_beyond_the_limit_are_told(tool: Tool) -> None:
    answer = tool("sparql", query="SELECT ?r WHERE { ?r a ev:Result }", limit=5)
    # 1,861 results: the rows of evidence/*/results.csv, and those that signals.csv makes
    assert (len(answer["rows"]), answer["rows_in_all"]) == (5, _curated_rows())
    assert answer["warnings"][0].startswith("only the first 5 of")


def _curated_rows() -> int:
    import csv

    from evikg.loaders.evidence import shipped_evidence

    count = 0
    for file in shipped_evidence().glob("*/results.csv"):
        with file.open(encoding="utf-8", newline="") as rows:
            count += sum(1 for _ in csv.DictReader(rows))
    for file in shipped_evidence().glob("*/signals.csv"):
        with file.open(encoding="utf-8", newline="") as rows:
            measures = ("ror", "prr", "ic", "ebgm")
            count += sum(bool(row[name]) for row in csv.DictReader(rows) for name in measures)
    return count


def test_an_explanation_ends_at_the_line_of_the_paper(tool: Tool) -> None:
    answer = tool("explain", result="ozcan-2025-l147-2")
    chain = "\n".join(answer["chain"])
    assert "percent 83.3 % (35 of 42)" in chain
    assert "line 147" in chain
    assert answer["sources"][0]["doi"] == "10.3324/haematol.2024.286091"


def test_an_unknown_result_is_told(tool: Tool) -> None:
    with pytest.raises(AssertionError, match="no result 'nothing-l1-1'"):
        tool("explain", result="nothing-l1-1")


def test_what_differs_bars_a_comparison(tool: Tool) -> None:
    # a percentage of patients and an odds ratio: Yoon 2026, lines 276 and 305
    answer = tool("compare", target=["yoon-2026-l276-2", "yoon-2026-l305-1"])
    assert answer["comparable"] is False
    assert any("different statistics" in bar for bar in answer["bars"])


def test_what_may_be_pooled_is_pooled_with_every_caveat(tool: Tool) -> None:
    answer = tool("pool", target=["response-by-regimen"])
    assert answer["refused"] is False
    counted = [(row["events"], row["total"]) for row in answer["rows"] if row["role"] == "pooled"]
    # 46/64 + 26/38 + 74/94 + 121/164 + 54/73: the studies' own tables, docs/pooling.md
    assert counted == [("321", "433")]
    assert answer["caveats"]
    assert answer["warnings"][0].startswith("derived, printed nowhere")


def test_what_must_not_be_pooled_is_refused_with_what_could_be(tool: Tool) -> None:
    answer = tool("pool", target=["cr-cri"])
    assert answer["refused"] is True
    assert answer["reasons"]
    assert answer["choices"]


def test_a_search_finds_by_abbreviation_and_by_misspelling(tool: Tool) -> None:
    found = tool("search", text="VOD")["found"]
    assert any(hit["name"] == "variable:vod-sos" for hit in found)
    assert tool("search", text="inotuzumap")["near"]


def test_the_schema_names_prefixes_classes_and_relations(tool: Tool) -> None:
    answer = tool("schema")
    assert answer["prefixes"]["ev"] == "https://w3id.org/evikg/ontology#"
    assert any(
        "ev:Result" in c["classes"] and c["things"] == _curated_rows() for c in answer["classes"]
    )
    assert any((r["from"], r["by"]) == ("result", "ev:group") for r in answer["relations"])


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(tool: Tool, limit: int) -> None:
    with pytest.raises(AssertionError, match="limit: expected 1 to 200"):
        tool("sparql", query="SELECT * WHERE { ?s ?p ?o }", limit=limit)
