"""The shipped corpus: complete, traceable, and right where hands have counted it."""

import os
from collections import Counter
from pathlib import Path

import pytest

from evikg.graph import records as r
from evikg.loaders.evidence import Corpus, read_corpus, shipped_evidence
from evikg.loaders.verify import sha256_of, verify

SOURCES = ["duan-2025", "ozcan-2025", "papayannidis-2025", "tran-2026", "yoon-2026"]
#: The texts of the papers are copyrighted and not part of the repository.
PAPERS = Path(os.environ.get("EVIKG_PAPERS", Path(__file__).parents[3] / "shared" / "papers"))


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(shipped_evidence())


def test_the_papers_the_digitised_curve_and_the_signals_are_there(corpus: Corpus) -> None:
    found = [source.slug for source in corpus.sources]
    assert found == sorted([*SOURCES, "faers-2022q3", "ino-vate-digitised"])


@pytest.mark.parametrize("source", SOURCES)
def test_every_printed_token_stands_at_its_line(corpus: Corpus, source: str) -> None:
    text = PAPERS / f"{source}.txt"
    if not text.exists():
        pytest.skip(f"the text of {source} is not at hand (set EVIKG_PAPERS to its folder)")
    record = next(item for item in corpus.sources if item.slug == source)
    assert sha256_of(text) == record.text_sha256
    items: list[r.Result | r.Mention] = [x for x in corpus.results if x.source == source]
    items += [mention for mention in corpus.mentions if mention.source == source]
    assert verify(text.read_text(encoding="utf-8"), items) == []


def rows(corpus: Corpus, source: str, line: int) -> list[tuple[str, str | None, int | None]]:
    """Return (group, value as printed, total) of the results of one line, in order."""
    return [
        (result.group, result.value.text if result.value else None, result.total)
        for result in corpus.results
        if (result.source, result.line) == (source, line)
    ]


def test_mrd_negativity_is_of_the_patients_in_remission(corpus: Corpus) -> None:
    # ozcan-2025, Table 2, footnote a: percentage of patients with CR/CRi
    arms = ("run-in-1-2", "randomized-1-2", "pooled-1-2", "randomized-1-8")
    expected = [("72.7", 11), ("71.4", 35), ("71.7", 46), ("69.2", 26)]
    assert rows(corpus, "ozcan-2025", 150) == [
        (f"phase4-lowdose-{arm}-responders", value, total)
        for arm, (value, total) in zip(arms, expected, strict=True)
    ]


def test_transplantation_in_table_5_is_stored_under_the_number_its_column_prints(
    corpus: Corpus,
) -> None:
    # yoon-2026, Table 5: 24 (25.5) under a column of 107, though 24/94 = 25.5: not repaired
    assert rows(corpus, "yoon-2026", 377) == [("kr-pms-safety", "25.5", 107)]


def test_shares_of_the_abnormal_karyotypes_stand_under_their_columns(corpus: Corpus) -> None:
    # ozcan-2025, Table 1, Ph chromosome positive: 2 (20.0) of N=22, …; 2/10 = 20.0
    arms = ("run-in-1-2", "randomized-1-2", "pooled-1-2", "randomized-1-8", "all")
    expected = [("20.0", 22), ("28.6", 42), ("25.0", 64), ("11.1", 38), ("21.2", 102)]
    assert rows(corpus, "ozcan-2025", 122) == [
        (f"phase4-lowdose-{arm}", value, total)
        for arm, (value, total) in zip(arms, expected, strict=True)
    ]


def test_ecog_status_is_of_the_70_patients_with_one(corpus: Corpus) -> None:
    # papayannidis-2025, Table 1, footnote a: missing for three of 73
    assert [rows(corpus, "papayannidis-2025", line) for line in (137, 138, 139)] == [
        [("ino-cd22-ecog-assessed", "44.3", 70)],
        [("ino-cd22-ecog-assessed", "42.9", 70)],
        [("ino-cd22-ecog-assessed", "12.9", 70)],
    ]


def test_table_4_of_the_italian_study_counts_events(corpus: Corpus) -> None:
    # papayannidis-2025, Table 4, cells added by hand: G1 20, G2 33, G3 51, G4 23, G5 2
    table = [
        result
        for result in corpus.results
        if result.source == "papayannidis-2025" and result.locator.startswith("Table 4")
    ]
    assert {str(result.count_unit) for result in table} == {"events"}
    sums: Counter[str] = Counter()
    for result in table:
        assert result.grade is not None and result.events is not None and result.total is None
        sums[result.grade.text] += result.events
    assert sums == {"1": 20, "2": 33, "3": 51, "4": 23, "5": 2}


def test_signals_are_counted_as_the_paper_counts_them(corpus: Corpus) -> None:
    # duan-2025: 16 hepatobiliary, 14 infections, 13 blood, 7 nervous, 4 immune (its Table 3)
    ratios = Counter(
        result.locator.split(",")[0]
        for result in corpus.results
        if result.source == "duan-2025"
        and result.statistic == "reporting odds ratio"
        and result.locator.startswith("Table")
    )
    assert ratios == {"Table 4": 16, "Table 5": 14, "Table 6": 13, "Table 7": 7, "Table 8": 4}


def test_no_reporting_odds_ratio_has_a_denominator(corpus: Corpus) -> None:
    ratios = [x for x in corpus.results if x.statistic == "reporting odds ratio"]
    assert [x.slug for x in ratios if x.total is not None or x.count_unit != "reports"] == []


def test_every_percentage_names_its_denominator_or_says_that_none_is_stated(
    corpus: Corpus,
) -> None:
    percentages = [x for x in corpus.results if x.statistic == "percent"]
    assert [x.slug for x in percentages if x.total is None and not x.total_not_stated] == []


def test_a_total_is_the_size_of_its_group(corpus: Corpus) -> None:
    sizes = {group.slug: group.size for group in corpus.of(r.Group).values()}
    differing = [
        (x.slug, x.total, sizes[x.group])
        for x in corpus.results
        if x.total is not None and sizes[x.group] not in (None, x.total)
    ]
    assert differing == []


def test_pooled_groups_are_the_sum_of_their_parts(corpus: Corpus) -> None:
    groups = corpus.of(r.Group)
    for group in groups.values():
        parts = [groups[part].size for part in group.pools]
        if parts and group.size is not None and None not in parts:
            assert (group.slug, sum(parts)) == (group.slug, group.size)


def test_all_names_of_veno_occlusive_disease_meet_in_one_concept(corpus: Corpus) -> None:
    variables = corpus.of(r.Variable)

    def above(slug: str) -> set[str]:
        return {slug}.union(*(above(parent) for parent in variables[slug].broader))

    named = ("occlusive", "sinusoidal", "vod", "sos")
    printed = {
        result.variable
        for result in corpus.results
        if any(
            word in (result.printed_term or "").lower().replace("-", " ").split() for word in named
        )
        and variables[result.variable].kind == "adverse event"
    }
    assert len(printed) > 4
    assert {slug for slug in printed if "vod-sos" not in above(slug)} <= {
        slug for slug in printed if "vod-sos" in variables[slug].concerns_variables
    }
