"""Refusals over the shipped corpus: short, with choices that lead to a pool."""

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.queries.pooling import NotComparableError, Request, synthesise
from evikg.queries.pooling.refusing import choices, refusal, refused


def barred(corpus: EmbeddedStore, *target: str) -> NotComparableError:
    with pytest.raises(NotComparableError) as caught:
        synthesise(corpus, Request(target))
    return caught.value


def test_a_refusal_begins_with_the_choices_and_tells_few_reasons(corpus: EmbeddedStore) -> None:
    error = barred(corpus, "overall-survival")
    first, *lines = refusal(error).splitlines()
    assert first == f"{error}; choose what is to be pooled, for example:"
    assert lines[0] == "  --only 'statistic=survival probability'   (20 results)"
    reasons = [line for line in lines if line.startswith("  - ")]
    assert len(reasons) == 12
    more = len(error.assessment.bars) - 12
    assert f"  and {more} more: `evikg compare` lists all" in lines
    # Of so many results it is told how many, not which.
    assert reasons[1] == "  - the units differ: % (20), months (9), not stated (2)"


def test_the_choices_together_lead_to_a_pool(corpus: EmbeddedStore) -> None:
    for target in ("overall-survival", "vod-sos", "cr-cri"):
        together = choices(barred(corpus, target))[-1]
        only = {name: {value} for name, value in together.only.items()}
        found = synthesise(corpus, Request((target,), only=only))
        assert (together.bars, together.results) == (0, len(found.chosen))


def test_what_others_contain_may_come_back(corpus: EmbeddedStore) -> None:
    # Özcan 2025, Table 4, counts among the transplanted, within the numbers of all treated.
    error = barred(corpus, "vod-sos-after-hsct")
    assert "ozcan-2025-l185-3" in {item.result for item in error.left_out}
    assert "--only may bring them back" in refusal(error)
    only = {
        "denominator": {"transplanted"},
        "selection": {"none"},
        "setting": {"relapsed-refractory-b-all"},
    }
    found = synthesise(corpus, Request(error.request.target, only=only))
    assert {(c.result.events, c.result.total) for c in found.chosen} == {(17, 58), (8, 31), (2, 12)}


def test_patients_of_the_same_two_groups_are_told_once(corpus: EmbeddedStore) -> None:
    bars = barred(corpus, "overall-survival").assessment.bars
    told = [
        bar for bar in bars if bar.endswith("both are of Korea PMS, effectiveness analysis set")
    ]
    assert len(told) <= 1
    ways = [bar.rpartition(": ")[2] for bar in bars if bar.startswith("patients are")]
    assert len(ways) == len(set(ways)) > 3


def test_programs_read_every_reason(corpus: EmbeddedStore) -> None:
    error = barred(corpus, "cr-cri")
    told = refused(error)
    assert told["refused"] is True
    assert told["reasons"] == list(error.assessment.bars)
    assert isinstance(told["choices"], list)
    assert told["choices"][0] == {"only": {"statistic": "frequency"}, "results": 6}
