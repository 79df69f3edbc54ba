"""Generated records: every field that a record type has, present or absent."""

from typing import Any

from hypothesis import strategies as st

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.ontology import (
    Causality,
    Counting,
    CountUnit,
    Directness,
    DiscrepancyType,
    DispersionKind,
    GradeBasis,
    GroupKind,
    IntervalKind,
    ItemStatus,
    Seriousness,
    Severity,
    SourceKind,
    Statistic,
    StudyDesign,
    ValueStatus,
    VariableKind,
    Verdict,
)

slugs = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
)
counts = st.integers(0, 10**6)
numbers = st.decimals(-(10**6), 10**6, places=3, allow_nan=False).map(lambda d: d.normalize())
dates = st.sampled_from(["2024", "2024-12", "2024-12-24"])
sets = st.lists(slugs, max_size=3, unique=True).map(lambda s: tuple(sorted(s)))
iris = st.from_regex(r"http://id\.nlm\.nih\.gov/mesh/D[0-9]{6}", fullmatch=True)
texts = st.lists(words, max_size=3, unique=True).map(lambda s: tuple(sorted(s)))
printed = st.one_of(
    st.builds(
        lambda number, sign: Printed.parse(f"{sign}{number:f}"),
        numbers,
        st.sampled_from(["", "<", "≥"]),
    ),
    st.builds(
        Printed.parse, st.sampled_from(["NE", "NR", "40.3.0.3"]), st.sampled_from(ValueStatus)
    ),
)
unsigned = printed.filter(lambda p: p.sign is None)
numeric = printed.filter(lambda p: p.status is None)
grades = st.sampled_from(["any", "unknown", "3", "3-4", ">=3"]).map(r.Grade.parse)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return the strategy, or absence."""
    return st.none() | strategy


records: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        r.Source, slug=slugs, kind=st.sampled_from(SourceKind), title=words, doi=maybe(words),
        published=maybe(dates), journal=maybe(words), licence=maybe(words),
        text_sha256=maybe(words), complete_for=sets,
    ),
    st.builds(
        r.Study, slug=slugs, label=words, design=st.sampled_from(StudyDesign), phase=maybe(words),
        registration=maybe(words), sites=maybe(counts), countries=texts, start=maybe(dates),
        end=maybe(dates), conditions=sets, drugs=sets, report_of=maybe(slugs),
        pools_studies=sets, may_overlap=sets, official_title=maybe(words), status=maybe(words),
        sponsor=maybe(words), allocation=maybe(words), intervention_model=maybe(words),
        masking=maybe(words), enrollment=maybe(counts), eligibility=maybe(words), sex=maybe(words),
        minimum_age=maybe(words), maximum_age=maybe(words),
        indexed_with=st.lists(iris, max_size=3, unique=True).map(lambda s: tuple(sorted(s))),
        database=maybe(words), drug_role=maybe(words), term_level=maybe(words),
        deduplication=maybe(words), counting=maybe(st.sampled_from(Counting)),
    ),
    st.builds(
        r.Group, slug=slugs, study=slugs, label=words, kind=st.sampled_from(GroupKind),
        size=maybe(counts), subgroup_of=maybe(slugs), pools=sets, regimen=maybe(slugs),
        arm=maybe(words), criteria=sets,
    ),
    st.builds(r.Drug, slug=slugs, label=words, alt=texts),
    st.builds(
        r.DoseStep, slug=slugs, amount=numbers, unit=words, day=maybe(counts), cycle=maybe(words),
        condition=maybe(words),
    ),
    st.builds(
        r.Regimen, slug=slugs, label=words, drug=slugs, route=maybe(words),
        cycle_total=maybe(numbers), cycle_total_unit=maybe(words), cycle_days=maybe(words),
        steps=sets,
    ),
    st.builds(
        r.Variable, slug=slugs, label=words, kind=st.sampled_from(VariableKind), broader=sets,
        concerns=sets, concerns_variables=sets, alt=texts,
    ),
    st.builds(
        r.Definition, slug=slugs, study=slugs, variable=slugs, label=words, origin=maybe(words),
        events=maybe(words), threshold=maybe(words), method=maybe(words),
    ),
    st.builds(
        r.OnsetWindow, slug=slugs, label=words, start=maybe(words), origin=maybe(words),
        days=maybe(counts),
    ),
    st.builds(
        r.Result, slug=slugs, source=slugs, study=slugs, group=slugs, variable=slugs,
        statistic=st.sampled_from(Statistic), directness=st.sampled_from(Directness),
        printed=words, locator=words, line=counts, occurrence=counts, comparator=maybe(slugs),
        definition=maybe(slugs), value=maybe(printed), unit=maybe(words | st.just("%")),
        events=maybe(counts), total=maybe(counts), total_not_stated=st.booleans(),
        interval_kind=maybe(st.sampled_from(IntervalKind)), interval_low=maybe(unsigned),
        interval_high=maybe(unsigned), interval_level=maybe(numbers), p_value=maybe(numeric),
        timepoint=maybe(numbers), timepoint_unit=maybe(st.sampled_from(["months", "year", "cycle"])),
        grade=maybe(grades), grade_basis=maybe(st.sampled_from(GradeBasis)),
        seriousness=maybe(st.sampled_from(Seriousness)), causality=maybe(st.sampled_from(Causality)),
        count_unit=maybe(st.sampled_from(CountUnit)), onset_window=maybe(slugs),
        predictor=maybe(words), increment=maybe(words), adjustment=maybe(words),
        time_dependence=maybe(words), pointer=maybe(words), derived_from=maybe(slugs),
        interval_sides=maybe(counts), dispersion=maybe(unsigned),
        dispersion_kind=maybe(st.sampled_from(DispersionKind)), method=maybe(words),
        hypothesis=maybe(words), frequency_threshold=maybe(numbers), cell_b=maybe(counts),
        cell_c=maybe(counts), cell_d=maybe(counts), cited_reference=maybe(words), printed_term=maybe(words),
        printed_code=maybe(words), printed_soc=maybe(words), printed_group=maybe(words),
        note=maybe(words),
    ),
    st.builds(
        r.Rule, slug=slugs, statement=words, severity=st.sampled_from(Severity),
        tolerance=maybe(words), origin=maybe(words),
    ),
    st.builds(
        r.Check, slug=slugs, checks=sets, rule=slugs,
        verdict=st.sampled_from(Verdict), severity=st.sampled_from(Severity), inputs=words, computed=maybe(words), note=maybe(words),
    ),
    st.builds(
        r.Discrepancy, slug=slugs, type=st.sampled_from(DiscrepancyType), results=sets, note=words,
        supports=maybe(slugs),
    ),
    st.builds(
        r.PooledResult, slug=slugs, inputs=sets, variables=sets, statistic=words, value=numbers,
        low=numbers, high=numbers, level=numbers, method=words, asked=words, unit=maybe(words),
        events=maybe(counts), patients=maybe(counts), prediction_low=maybe(numbers),
        prediction_high=maybe(numbers), tau_squared=maybe(numbers), i_squared=maybe(numbers),
        heterogeneity=maybe(words), heterogeneity_p=maybe(numbers), caveats=texts,
        despite=maybe(words), fingerprint=maybe(words),
    ),
    st.builds(r.ReportingItem, slug=slugs, label=words, guideline=words, number=words),
    st.builds(
        r.ItemAssessment, slug=slugs, source=slugs, item=slugs,
        status=st.sampled_from(ItemStatus), locator=maybe(words), line=maybe(counts),
        note=maybe(words),
    ),
    st.builds(
        r.Mention, slug=slugs, source=slugs, type=words, text=words, identifier=maybe(words),
        label=maybe(words), aliases=maybe(words), printed=words, locator=words, line=counts,
        occurrence=counts, document=maybe(words), start=maybe(counts), end=maybe(counts),
        annotator=maybe(words), identifies=maybe(iris), flags=texts, reasons=texts,
        screening=maybe(st.sampled_from(["passed", "unchecked", "doubtful", "wrong"])),
        proposed=st.lists(iris, max_size=3, unique=True).map(lambda s: tuple(sorted(s))),
    ),
)  # fmt: skip
