"""Pools over the shipped corpus, against the papers and other tools.

The counts of CR/CRi are printed: Özcan 2025, Table 2, 46 (71.9) of 64 and 26 (68.4) of 38;
Papayannidis 2025, Table 3, 54 (74.0) of 73; Yoon 2026, best overall response, 74 of 94, 78.7 %
(69.1-86.5). Özcan 2025 cites 73.8 % of the 164 patients of INO-VATE: 121.
"""

from dataclasses import replace
from decimal import Decimal
from math import exp, log, sqrt

import pytest
from pyoxigraph import Quad

from evikg.graph.comparability import candidates
from evikg.graph.comparability.facets import value_of
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.mapping import to_triples
from evikg.graph.pooled import fingerprint, pooled_results, stands
from evikg.graph.records import PooledResult
from evikg.graph.table import results_table
from evikg.ontology import individual
from evikg.queries import catalogue
from evikg.queries.answer import short
from evikg.queries.pooling import NotComparableError, Request, Synthesis, synthesise
from evikg.queries.pooling.picture import plot_of
from evikg.queries.pooling.record import record
from evikg.queries.pooling.request import Model
from evikg.queries.pooling.writing import rows

COUNTS = {
    "ozcan-2025-l147-3": (46, 64),
    "ozcan-2025-l147-4": (26, 38),
    "ozcan-2025-l250-3": (121, 164),
    "papayannidis-2025-l172-1": (54, 73),
    "yoon-2026-l276-2": (74, 94),
}
CR_CRI = {
    "variable": {"cr-cri"},
    "statistic": {"frequency"},
    "denominator": {"patients treated"},
    "selection": {"none"},
}


@pytest.fixture(scope="module")
def response(corpus: EmbeddedStore) -> Synthesis:
    return synthesise(corpus, Request(("cr-cri",), only=CR_CRI, leave_one_out=True))


def test_the_printed_counts_enter_and_nothing_else(response: Synthesis) -> None:
    found = {c.slug: (c.result.events, c.result.total) for c in response.chosen}
    assert found == COUNTS
    # The run-in and the randomized arm are within these, and so is the interim report.
    left = {item.result: item.reason for item in response.left_out}
    assert left["ozcan-2025-l147-1"] == "already counted in ozcan-2025-l147-3"
    assert "is a report of the study of ozcan-2025" in left["duan-2025-l185-1"]


def test_the_logistic_model_agrees_with_a_binomial_regression(response: Synthesis) -> None:
    # The studies agree: τ² is 0, and the model is a binomial regression on an intercept alone,
    # as which statsmodels fits it.
    import statsmodels.api as sm

    counts = [(events, total - events) for events, total in COUNTS.values()]
    fit = sm.GLM(counts, [1.0] * len(counts), family=sm.families.Binomial()).fit()
    low, high = fit.conf_int()[0]
    expected = [1 / (1 + exp(-x)) for x in (fit.params[0], low, high)]
    assert response.pooled is not None
    shown = response.pooled.shown
    assert [shown.value, shown.low, shown.high] == pytest.approx(expected, abs=1e-6)
    # By hand: 321 of 433.
    assert shown.value == pytest.approx(321 / 433, abs=1e-6)
    assert response.pooled.heterogeneity.tau2 == 0


def test_inverse_variance_by_hand(corpus: EmbeddedStore) -> None:
    request = Request(("cr-cri",), only=CR_CRI, model=Model.INVERSE_VARIANCE, random_effects=False)
    found = synthesise(corpus, request)
    logits = [log(x / (n - x)) for x, n in COUNTS.values()]
    weights = [1 / (1 / x + 1 / (n - x)) for x, n in COUNTS.values()]
    mean = sum(w * y for w, y in zip(weights, logits, strict=True)) / sum(weights)
    reach = 1.959964 / sqrt(sum(weights))
    expected = [1 / (1 + exp(-x)) for x in (mean, mean - reach, mean + reach)]
    assert found.pooled is not None
    shown = found.pooled.shown
    assert [shown.value, shown.low, shown.high] == pytest.approx(expected, abs=1e-6)
    q = sum(w * (y - mean) ** 2 for w, y in zip(weights, logits, strict=True))
    assert found.pooled.heterogeneity.statistic == pytest.approx(q, abs=1e-6)


def test_the_exact_interval_is_the_one_that_yoon_prints(response: Synthesis) -> None:
    row = next(row for row in rows(response) if row.get("result") == "yoon-2026-l276-2")
    assert (row["events"], row["total"], row["value"]) == ("74", "94", "78.7")
    assert (row["low"], row["high"]) == ("69.1", "86.5")


def test_every_way_in_which_the_studies_differ_travels_with_the_answer(
    response: Synthesis,
) -> None:
    told = "\n".join(response.caveats)
    for words in (
        "the analysis sets differ: effectiveness (yoon-2026-l276-2); treated",
        "the regimens differ: ino-1-2 (ozcan-2025-l147-3); ino-1-8",
        "some numbers are cited and were not seen in their own source: cited (ozcan-2025-l250-3)",
        "ozcan-2025-l250-3: denominator 164 is the size of the group; 121 of 164 worked out",
        "2 groups enter as if each were a study",
    ):
        assert words in told


def test_no_arm_of_standard_care_enters_a_pool_of_inotuzumab(corpus: EmbeddedStore) -> None:
    _, table = results_table(corpus)
    control = [row["result"] for row in table if row["group"].startswith("ino-vate-soc")]
    assert len(control) > 5
    for candidate in candidates(corpus, control):
        assert value_of("drug", candidate) == "standard of care"
    with pytest.raises(NotComparableError, match="must not be pooled") as caught:
        synthesise(corpus, Request(("overall-survival",), only={"statistic": {"median"}}))
    assert any("standard of care (yoon-2026-l43-11)" in bar for bar in caught.value.assessment.bars)


def test_survival_at_a_year_is_pooled_on_the_logit_scale(corpus: EmbeddedStore) -> None:
    # Özcan 2025, Table 2: 36.8 (24.4-49.2) and 28.6 (14.4-44.5); Papayannidis 2025, Figure 1:
    # 40.2 (28.80-51.21).
    only = {
        "statistic": {"survival probability"}, "time": {"12 months"},
        "denominator": {"patients treated"}, "setting": {"relapsed-refractory-b-all"},
    }  # fmt: skip
    found = synthesise(corpus, Request(("overall-survival",), only=only, random_effects=False))
    printed = [(36.8, 24.4, 49.2), (28.6, 14.4, 44.5), (40.2, 28.8, 51.21)]
    points = [[log(p / (100 - p)) for p in row] for row in printed]
    weights = [(2 * 1.959964 / (high - low)) ** 2 for _, low, high in points]
    mean = sum(w * p[0] for w, p in zip(weights, points, strict=True)) / sum(weights)
    assert found.pooled is not None
    assert found.pooled.shown.value == pytest.approx(1 / (1 + exp(-mean)), abs=1e-6)
    assert [row["value"] for row in rows(found)[:3]] == ["36.8", "28.6", "40.2"]


def test_a_safe_set_has_no_bar_of_the_facets_it_agrees_in(corpus: EmbeddedStore) -> None:
    """What the question says is safe, the guard lets through but for facets it does not see."""
    seen = {"statistic", "unit", "variable", "drug", "denominator", "selection", "time",
            "count-unit", "grade", "seriousness", "causality"}  # fmt: skip
    sets = 0
    for outcome in (
        "cr-cri",
        "vod-sos",
        "overall-survival",
        "mrd-negativity",
        "febrile-neutropenia",
    ):
        answer = catalogue()["safe-to-pool"].run(corpus, outcome=outcome)
        for row in answer.values():
            slugs = tuple(row[answer.columns.index("results")].split())
            sets += 1
            try:
                found = synthesise(corpus, Request(slugs)).assessment
            except NotComparableError as error:
                found = error.assessment
            assert not {item.facet for item in found.differences if item.bars} & seen
    assert sets > 3


@pytest.fixture(scope="module")
def with_pool(corpus: EmbeddedStore, response: Synthesis) -> EmbeddedStore:
    """Return the shipped corpus with a pooled result recorded."""
    store = EmbeddedStore()
    store.inner.bulk_extend(corpus.inner)
    home = individual("graph", "pooled")
    store.inner.bulk_extend(
        Quad(t.subject, t.predicate, t.object, home) for t in to_triples(record(response))
    )
    return store


def test_no_question_takes_a_pooled_result_for_a_reported_one(
    corpus: EmbeddedStore, with_pool: EmbeddedStore
) -> None:
    for name, question in catalogue().items():
        if not name.startswith("pooled-"):
            assert question.run(with_pool) == question.run(corpus), name


def test_pooled_questions_answer_what_was_recorded(
    with_pool: EmbeddedStore, response: Synthesis
) -> None:
    kept = record(response)
    answer = catalogue()["pooled-results"].run(with_pool, outcome="cr-cri")
    told = [dict(zip(answer.columns, map(short, row), strict=True)) for row in answer.rows]
    (row,) = told
    assert row["pooled"] == kept.slug
    # By hand, as above: 321 of 433 are 74.133949 %. Of 1.8752 on 4 degrees of freedom
    # the p value is exp(-1.8752 / 2) * (1 + 1.8752 / 2).
    assert (row["value"], row["unit"], row["level"]) == ("74.133949", "%", "95")
    assert (row["events"], row["patients"], row["inputs"]) == ("321", "433", "5")
    assert (row["tau2"], row["i2"]) == ("0", "")
    assert float(row["p"]) == pytest.approx(exp(-0.9376) * 1.9376, abs=5e-5)
    assert float(row["prediction_low"]) < float(row["low"]) < float(row["high"])
    assert (row["caveats"], row["despite"]) == (str(len(response.caveats)), "")
    assert row["asked"] == kept.asked
    caveats = catalogue()["pooled-caveats"].run(with_pool, outcome="cr-cri")
    place = caveats.columns.index("caveat")
    assert sorted(short(row[place]) for row in caveats.rows) == sorted(response.caveats)
    assert catalogue()["pooled-caveats"].run(with_pool, outcome="vod-sos").rows == ()
    inputs = catalogue()["pooled-inputs"].run(with_pool)
    place = inputs.columns.index("result")
    assert sorted(short(row[place]) for row in inputs.rows) == sorted(COUNTS)
    assert catalogue()["pooled-inputs"].run(with_pool, outcome="vod-sos").rows == ()


def test_the_results_table_marks_what_is_derived(
    with_pool: EmbeddedStore, corpus: EmbeddedStore, response: Synthesis
) -> None:
    before, after = results_table(corpus)[1], results_table(with_pool)[1]
    assert after[:-1] == before
    row = after[-1]
    assert (row["result"], row["derived"]) == (record(response).slug, "true")
    assert (row["events"], row["total"], row["source"]) == ("321", "433", "")
    # What a set of signals computes is derived from its release, and all else is printed.
    assert {(item["derived"], item["source"] == "faers-2022q3") for item in before} == {
        ("false", False), ("true", True),
    }  # fmt: skip


def test_a_pooled_result_comes_back_as_it_was(
    with_pool: EmbeddedStore, response: Synthesis
) -> None:
    assert pooled_results(with_pool) == [record(response)]


def test_a_pooled_result_stands_while_its_inputs_and_their_groups_do(
    response: Synthesis, corpus: EmbeddedStore
) -> None:
    kept = record(response)
    found = candidates(corpus, sorted(COUNTS))
    results = {c.slug: c.result for c in found}
    groups = {c.group.slug: c.group for c in found}
    assert stands(kept, results, groups)
    assert fingerprint(reversed(results.values()), groups.values()) == kept.fingerprint
    cited = results["ozcan-2025-l250-3"]
    assert not stands(kept, results | {cited.slug: replace(cited, unit=None)}, groups)
    assert not stands(kept, {k: v for k, v in results.items() if k != cited.slug}, groups)
    # 73.8 % is of no count of patients but by the size of the group.
    ino = groups[cited.group]
    assert not stands(kept, results, groups | {ino.slug: replace(ino, size=109)})


def test_numbers_are_kept_with_six_decimals(response: Synthesis) -> None:
    kept = record(response)
    assert isinstance(kept, PooledResult)
    assert (kept.value, kept.level) == (Decimal("74.133949"), Decimal(95))
    assert (kept.tau_squared, kept.i_squared) == (Decimal(0), None)
    assert kept.heterogeneity == "likelihood ratio 1.88, df 4"


def test_the_forest_plot_holds_weights_and_caveats(corpus: EmbeddedStore) -> None:
    request = Request(
        ("cr-cri",), only=CR_CRI, model=Model.INVERSE_VARIANCE, by="design", despite="no need"
    )
    plot = plot_of(synthesise(corpus, request))
    assert plot.pooled is not None
    assert plot.pooled.weight == pytest.approx(100)
    diamond = plot.sections[0].pooled
    assert diamond is not None
    assert diamond.weight == pytest.approx(sum(row.weight or 0 for row in plot.sections[0].rows))
    assert sum(row.weight or 0 for row in plot.rows) == pytest.approx(100)
    assert (plot.limits, plot.level, plot.scale) == ((0, 100), 95, "linear")
    assert "The regimens differ: ino-1-2 (1), ino-1-8 (3), ino-cd22-label (1)." in plot.notes
    assert not any("no need" in note or "Pooled although" in note for note in plot.notes)


def test_a_forest_plot_of_medians_is_of_patients_alone(corpus: EmbeddedStore) -> None:
    only = {"statistic": {"median"}, "drug": {"inotuzumab-ozogamicin"},
            "denominator": {"patients treated"}, "time-origin": {"not stated"}}  # fmt: skip
    plot = plot_of(synthesise(corpus, Request(("overall-survival",), only=only)))
    assert (plot.count_heading, plot.pooled, plot.limits) == ("N", None, None)
    # Özcan 2025, Table 2.
    first = plot.rows[0]
    assert (first.total, first.events, first.printed) == (64, None, "7.6 [5.8, 10.0]")


def test_why_it_was_pooled_stands_below_the_plot(corpus: EmbeddedStore) -> None:
    request = Request(
        ("papayannidis-2025-l192-1", "yoon-2026-l43-12"), despite="to show what bars it"
    )
    plot = plot_of(synthesise(corpus, request))
    assert "Pooled although 3 reasons bar it: to show what bars it." in plot.notes
    assert (plot.scale, plot.reference) == ("log", 1)


def test_subgroups_of_one_study_are_compared(corpus: EmbeddedStore) -> None:
    # By hand: log odds of 193 of 266 (three arms that agree), of 54 of 73 and of 74 of 94.
    found = synthesise(corpus, Request(("cr-cri",), only=CR_CRI, by="design"))
    counts = [(193, 266), (54, 73), (74, 94)]
    odds = [log(x / (n - x)) for x, n in counts]
    weights = [1 / (1 / x + 1 / (n - x)) for x, n in counts]
    mean = sum(w * y for w, y in zip(weights, odds, strict=True)) / sum(weights)
    q = sum(w * (y - mean) ** 2 for w, y in zip(weights, odds, strict=True))
    assert round(q, 2) == 1.37
    row = next(row for row in rows(found) if row["role"] == "between subgroups")
    assert row["note"] == "Q between subgroups 1.37, df 2, p 0.504"
    notes = plot_of(found).notes
    assert "Q between subgroups 1.37, df 2, p 0.504." in notes
    assert any(note.startswith("τ² is estimated as 0") for note in notes)


def test_the_flat_table_tells_what_was_pooled_despite_a_bar(corpus: EmbeddedStore) -> None:
    names = ("papayannidis-2025-l192-1", "yoon-2026-l43-12")
    kept = record(synthesise(corpus, Request(names, despite="to show what bars it")))
    store = EmbeddedStore()
    store.inner.bulk_extend(corpus.inner)
    home = individual("graph", "pooled")
    store.inner.bulk_extend(Quad(t.subject, t.predicate, t.object, home) for t in to_triples(kept))
    # Two variables, one row.
    (asked,) = catalogue()["pooled-results"].run(store).rows
    told = dict(zip(catalogue()["pooled-results"].run(store).columns, asked, strict=True))
    assert (short(told["despite"]), short(told["inputs"])) == ("to show what bars it", "2")
    plain, wide = results_table(store)[1][-1], results_table(store, wide=True)[1][-1]
    words = "pooled despite 3 bars: to show what bars it"
    assert (plain["locator"], plain["printed"]) == (f"derived; {words}", "")
    assert wide["note"].endswith(f"yoon-2026-l43-12; {words}")


def test_every_pool_tells_its_events_and_patients(corpus: EmbeddedStore) -> None:
    # Of the five studies above: 46 + 26 + 121 of 64 + 38 + 164 in trials, 321 of 433 in all.
    found = synthesise(corpus, Request(("cr-cri",), only=CR_CRI, by="design", leave_one_out=True))
    told = {
        row["label"]: (row["events"], row["total"])
        for row in rows(found)
        if row["role"] in {"pooled", "subgroup", "left one out"}
    }
    assert told["5 results"] == ("321", "433")
    assert told["design randomized controlled trial"] == ("193", "266")
    assert told["design retrospective cohort"] == ("54", "73")
    assert told["without INO-VATE"] == ("200", "269")
    plot = plot_of(found)
    assert [(d.events, d.total) for d in plot.diamonds] == [(193, 266), (321, 433)]
