"""Errors planted in a trial that has none: for each rule, rows without and with the error.

The numbers are small enough to be computed by hand; those of a paper are named.
"""

from dataclasses import replace
from typing import Any

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.graph.records import Grade
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    GradeBasis,
    GroupKind,
    IntervalKind,
    Seriousness,
    Statistic,
    VariableKind,
)


def group(slug: str, size: int | None, **more: Any) -> r.Group:
    return r.Group(slug=slug, study="trial", label=slug, kind=GroupKind.TREATED, size=size, **more)


GROUPS = [
    group("all", 40, pools=("arm-a", "arm-b")),
    group("arm-a", 25, subgroup_of="all", arm="1.2 mg/m2/cycle (run-in + randomized)"),
    group("arm-b", 15, subgroup_of="all", arm="1.8 mg/m2/cycle (randomized)"),
    group("prior", 30, subgroup_of="all", criteria=("prior-hsct",)),
    group("twelve", 12),
    group("no-prior", 10, subgroup_of="all", criteria=("no-prior-hsct",)),
]
VARIABLES = [
    r.Variable(slug=slug, label=slug, kind=VariableKind.EFFICACY, broader=broader)
    for slug, broader in {
        "survival": (),
        "overall-survival": ("survival",),
        "event-free-survival": ("survival",),
        "progression-free-survival": ("survival",),
    }.items()
]


def row(slug: str, variable: str = "cr-cri", where: str = "all", **more: Any) -> r.Result:
    """Return a result, by default a count of patients that is not printed as a percentage."""
    events, low, high = more.pop("events", None), more.pop("low", None), more.pop("high", None)
    value = more.pop("value", None if events is None else str(events))
    bounds: dict[str, Any] = {}
    if low is not None:
        kind = more.pop("kind", IntervalKind.CONFIDENCE)
        bounds = {"interval_low": Printed.parse(low), "interval_high": Printed.parse(high)}
        bounds["interval_kind"] = kind
    if "p" in more:
        more["p_value"] = Printed.parse(more.pop("p"))
    if "grade" in more:
        more["grade"] = Grade.parse(more["grade"])
    more.setdefault("statistic", Statistic.COUNT)
    if more["statistic"].is_frequency:
        more.setdefault("count_unit", CountUnit.PATIENTS)
    return r.Result(
        slug=slug, source="paper", study="trial", group=where, variable=variable,
        directness=Directness.OWN, printed=value or "", locator="Table 1", line=1, events=events,
        value=None if value is None else Printed.parse(value), **bounds, **more,
    )  # fmt: skip


def percent(slug: str, value: str, variable: str = "cr-cri", **more: Any) -> r.Result:
    return row(slug, variable, statistic=Statistic.PERCENT, value=value, unit="%", **more)


def survival(slug: str, value: str, months: int, variable: str = "overall-survival") -> r.Result:
    return row(
        slug, variable, statistic=Statistic.SURVIVAL_PROBABILITY, value=value, unit="%",
        timepoint=months, timepoint_unit="months",
    )  # fmt: skip


def hazard(slug: str, value: str, low: str, high: str, **more: Any) -> r.Result:
    more.setdefault("statistic", Statistic.HAZARD_RATIO)
    return row(slug, "overall-survival", "arm-a", comparator="arm-b", value=value, low=low,
               high=high, interval_level=95, **more)  # fmt: skip


def median(slug: str, value: str, variable: str, unit: str = "months", **more: Any) -> r.Result:
    return row(slug, variable, statistic=Statistic.MEDIAN, value=value, unit=unit, **more)


def event(slug: str, events: int, **more: Any) -> r.Result:
    more = {"causality": Causality.ALL, "seriousness": Seriousness.ALL, "grade": "any", **more}
    more.setdefault("count_unit", CountUnit.EVENTS)
    return row(slug, "nausea", events=events, **more)


def term(slug: str, name: str, code: str, soc: str) -> r.Result:
    return row(slug, slug, events=3, count_unit=CountUnit.REPORTS, printed_term=name,
               printed_code=code, printed_soc=soc)  # fmt: skip


def of_twelve(*values: str) -> list[r.Result]:
    return [replace(survival(f"s{i}", value, 6 * (i + 1)), group="twelve")
            for i, value in enumerate(values)]  # fmt: skip


def reporting(slug: str, events: int, *numbers: str) -> r.Result:
    return hazard(slug, *numbers, statistic=Statistic.REPORTING_ODDS_RATIO, events=events)


def rifabutin(ratio: str) -> r.Result:
    return row("a", "uveitis", comparator="others", value=ratio, events=41, cell_b=14, cell_c=754,
               cell_d=591958, statistic=Statistic.PROPORTIONAL_REPORTING_RATIO,
               count_unit=CountUnit.REPORTS)  # fmt: skip


def ecog(*events: int) -> list[r.Result]:
    return [row(f"e{value}", f"ecog-{value}", events=count) for value, count in enumerate(events)]


def lines(more: int) -> list[r.Result]:
    """Return numbers of earlier lines of therapy of 40 patients, some with more than two."""
    names = {"one-prior-line": 5, "two-prior-lines": 35 - more, "more-than-two-prior-lines": more}
    return [row(f"l{i}", name, events=count) for i, (name, count) in enumerate(names.items(), 1)]


def blood(of_class: int, of_term: int, **more: Any) -> list[r.Result]:
    """Return counts of patients with any disorder of the blood, and with one of them."""
    soc = "Blood and lymphatic system disorders"
    named = {"printed_soc": soc, "causality": Causality.DRUG_RELATED, "grade": "any", **more}
    name = named.pop("name", "Anemia")
    return [row("a", "soc-blood", events=of_class, printed_term=soc, **named),
            row("b", "anemia", events=of_term, printed_term=name, **{**named, "grade": "any"})]  # fmt: skip


def column(*codes: str) -> list[r.Result]:
    """Return a table of five terms, a line each."""
    terms = zip("abcde", ("Sepsis", "Nausea", "Vomiting", "Pain", "Fatigue"), codes, strict=True)
    return [replace(term(slug, name, code, "Any"), line=line, locator=f"Table 1, {name}")
            for line, (slug, name, code) in enumerate(terms, 10)]  # fmt: skip


def series(variable: str, *events: int) -> list[r.Result]:
    places = ("all", "arm-a", "arm-b", "prior")
    return [
        row(f"{variable}-{where}", variable, where, events=count)
        for where, count in zip(places, events, strict=True)
    ]


Rows = list[r.Result]
#: Rule, rows as they should be, rows with the error, results that the finding must name.
PLANTED: list[tuple[str, Rows, Rows, set[str]]] = [
    # 30 of 40 is 75.0
    ("percentage", [percent("a", "75.0", events=30, total=40)],
     [percent("a", "78.0", events=30, total=40)], {"a"}),
    ("denominator", [row("a", events=30, total=40)], [row("a", events=30, total=39)], {"a"}),
    # 30 of 40 is 75.0, 31 is 77.5
    ("reachable", [percent("a", "75.0", total=40)], [percent("a", "76.2", total=40)], {"a"}),
    # papayannidis-2025, line 96: 83.6 of 70 by no count; 58 are 82.9, 59 are 84.3
    ("not-stated", [percent("a", "75.0", total_not_stated=True)],
     [percent("a", "76.2", total_not_stated=True)], {"a"}),
    ("group-size", [row("a", events=40)], [row("a", events=41)], {"a"}),
    # papayannidis-2025, line 48: 5.3 (9.6 to 29.8)
    ("interval", [median("a", "9.7", "overall-survival", low="9.6", high="29.8")],
     [median("a", "5.3", "overall-survival", low="9.6", high="29.8")], {"a"}),
    # papayannidis-2025, line 192: sqrt(0.73 x 2.43) is 1.33; with 3.43 it is 1.58
    ("symmetry", [hazard("a", "1.33", "0.73", "2.43")], [hazard("a", "1.33", "0.73", "3.43")],
     {"a"}),
    # The middle of -13.1 and 9.1 is -2.0 (yoon-2026, line 305)
    ("symmetry",
     [hazard("a", "-2.0", "-13.1", "9.1", statistic=Statistic.DIFFERENCE)],
     [hazard("a", "-2.0", "-13.1", "19.1", statistic=Statistic.DIFFERENCE)], {"a"}),
    # papayannidis-2025, line 192: 1 lies inside, so p is above 0.05
    ("p-value", [hazard("a", "1.33", "0.73", "2.43", p=".353")],
     [hazard("a", "1.33", "0.73", "2.43", p="<0.001")], {"a"}),
    # 1 lies outside, so p is below 0.05, also where another row prints it
    ("p-value",
     [hazard("a", "0.50", "0.30", "0.83"),
      row("p", "overall-survival", "arm-a", comparator="arm-b", statistic=Statistic.COMPARISON,
          p="0.007")],
     [hazard("a", "0.50", "0.30", "0.83"),
      row("p", "overall-survival", "arm-a", comparator="arm-b", statistic=Statistic.COMPARISON,
          p="0.60")], {"a", "p"}),
    # duan-2025, Table 4: 97 reports; with 60 the standard error is at least 1/sqrt(60) = 0.129
    ("reporting-odds-ratio",
     [hazard("a", "486.02", "395.96", "596.57", statistic=Statistic.REPORTING_ODDS_RATIO,
             events=97)],
     [hazard("a", "486.02", "395.96", "596.57", statistic=Statistic.REPORTING_ODDS_RATIO,
             events=60)], {"a"}),
    # (10 / 15) / (3 / 12) is 2.67
    ("reporting-odds-ratio",
     [row("a", "cr-cri", "arm-a", comparator="arm-b", statistic=Statistic.ODDS_RATIO, value="2.67",
          count_unit=CountUnit.PATIENTS),
      row("b", "cr-cri", "arm-a", events=10, total=25),
      row("c", "cr-cri", "arm-b", events=3, total=15)],
     [row("a", "cr-cri", "arm-a", comparator="arm-b", statistic=Statistic.ODDS_RATIO, value="3.67",
          count_unit=CountUnit.PATIENTS),
      row("b", "cr-cri", "arm-a", events=10, total=25),
      row("c", "cr-cri", "arm-b", events=3, total=15)], {"a", "b", "c"}),
    # duan-2025, line 273: three reports, a standard error of at least sqrt(1/3) = 0.5774; the bounds
    # leave at most ln(10.135 / 1.055) / 3.92 = 0.5773. With four reports it is 0.5
    ("reporting-odds-ratio", [reporting("a", 4, "3.27", "1.06", "10.13")],
     [reporting("a", 3, "3.27", "1.06", "10.13")], {"a"}),
    # The same line: sqrt(1.06 x 10.13) is 3.277
    ("symmetry", [reporting("a", 4, "3.27", "1.06", "10.13")],
     [reporting("a", 4, "3.26", "1.06", "10.13")], {"a"}),
    # Rifabutin and uveitis, the example of doi:10.1002/pds.677: (41/55) / (754/592712) is 586
    ("two-by-two", [rifabutin("586")], [rifabutin("568")], {"a"}),
    ("pool",
     [row("a", events=30), row("b", where="arm-a", events=18), row("c", where="arm-b", events=12)],
     [row("a", events=31), row("b", where="arm-a", events=18), row("c", where="arm-b", events=12)],
     {"a", "b", "c"}),
    # A bare percentage has one count: 72.0 of 25 is 18, 80.0 of 15 is 12
    ("pool",
     [row("a", events=30), percent("b", "72.0", where="arm-a", total=25),
      percent("c", "80.0", where="arm-b", total=15)],
     [row("a", events=29), percent("b", "72.0", where="arm-a", total=25),
      percent("c", "80.0", where="arm-b", total=15)], {"a", "b", "c"}),
    ("categories", [row("a", events=30), row("b", "cr", events=20), row("c", "cri", events=10)],
     [row("a", events=30), row("b", "cr", events=20), row("c", "cri", events=11)],
     {"a", "b", "c"}),
    # papayannidis-2025, lines 38 and 123-125: a whole with a bare percentage that several counts give
    ("categories", [percent("a", "75"), percent("b", "50.0", "cr", events=20, total=40),
                    percent("c", "25.0", "cri", events=10, total=40)],
     [percent("a", "78"), percent("b", "50.0", "cr", events=20, total=40),
      percent("c", "25.0", "cri", events=10, total=40)], {"a", "b", "c"}),
    ("categories", [row("a", "male-sex", events=22), row("b", "female-sex", events=18)],
     [row("a", "male-sex", events=22), row("b", "female-sex", events=19)], {"a", "b"}),
    ("categories", [percent("a", "55.0", "male-sex"), percent("b", "45.0", "female-sex")],
     [percent("a", "55.0", "male-sex"), percent("b", "47.0", "female-sex")], {"a", "b"}),
    # papayannidis-2025, line 183: 79.5 and 82.1 in the two parts, 74.0 in all
    ("strata",
     [percent("a", "80.2"), percent("b", "79.5", where="prior"),
      percent("c", "82.1", where="no-prior")],
     [percent("a", "74.0"), percent("b", "79.5", where="prior"),
      percent("c", "82.1", where="no-prior")], {"a", "b", "c"}),
    ("quartiles",
     [median("a", "50.7", "age", "years", low="48.9", high="52.1", kind=IntervalKind.INTERQUARTILE),
      median("b", "50.7", "age", "years", low="33.8", high="54.1", kind=IntervalKind.RANGE)],
     [median("a", "50.7", "age", "years", low="48.9", high="55.1", kind=IntervalKind.INTERQUARTILE),
      median("b", "50.7", "age", "years", low="33.8", high="54.1", kind=IntervalKind.RANGE)],
     {"a", "b"}),
    # papayannidis-2025, lines 136 to 139: 31, 30 and 9 with a median of 1; of 70 the 53rd is 1
    ("ordinal",
     [median("a", "1", "ecog-performance-status", "", low="0", high="1",
             kind=IntervalKind.INTERQUARTILE), *ecog(18, 17, 5)],
     [median("a", "1", "ecog-performance-status", "", low="0", high="2",
             kind=IntervalKind.INTERQUARTILE), *ecog(18, 17, 5)], {"a", "e0", "e1", "e2"}),
    ("ordinal",
     [median("a", "3", "prior-lines", "", low="1", high="12", kind=IntervalKind.RANGE), *lines(25)],
     [median("a", "3", "prior-lines", "", low="1", high="12", kind=IntervalKind.RANGE), *lines(18)],
     {"a", "l1", "l2", "l3"}),
    ("survival-falls", [survival("a", "40.2", 12), survival("b", "29.3", 24)],
     [survival("a", "40.2", 12), survival("b", "49.3", 24)], {"a", "b"}),
    ("incidence-rises",
     [survival("a", "11.1", 12, "relapse-after-hsct"), survival("b", "26.7", 18, "relapse-after-hsct")],
     [survival("a", "31.1", 12, "relapse-after-hsct"), survival("b", "26.7", 18, "relapse-after-hsct")],
     {"a", "b"}),
    ("event-order",
     [survival("a", "23.5", 12, "event-free-survival"), survival("b", "40.2", 12)],
     [survival("a", "43.5", 12, "event-free-survival"), survival("b", "40.2", 12)], {"a", "b"}),
    ("event-order",
     [median("a", "3.6", "progression-free-survival"), median("b", "10.2", "overall-survival")],
     [median("a", "13.6", "progression-free-survival"), median("b", "10.2", "overall-survival")],
     {"a", "b"}),
    # yoon-2026, line 340: followed for at most 311 days; 10.2 months are 310.5 days, 11.2 are 340.9
    ("follow-up",
     [median("a", "88.0", "follow-up", "days", low="33.0", high="311.0", kind=IntervalKind.RANGE),
      median("b", "10.2", "overall-survival")],
     [median("a", "88.0", "follow-up", "days", low="33.0", high="311.0", kind=IntervalKind.RANGE),
      median("b", "11.2", "overall-survival")], {"a", "b"}),
    # 40 x (1 - 0.60) leaves room for 16 deaths
    ("deaths",
     [row("a", "death", events=16, timepoint=12, timepoint_unit="months"),
      survival("b", "60.0", 12)],
     [row("a", "death", events=17, timepoint=12, timepoint_unit="months"),
      survival("b", "60.0", 12)], {"a", "b"}),
    ("deaths-of-curve", [row("a", "death", events=1), survival("b", "75.0", 12)],
     [row("a", "death", events=0), survival("b", "75.0", 12)], {"a", "b"}),
    # ozcan-2025, lines 186 to 190: of twelve; by hand 8/12, then 7/8 of it, then 5/6 of that
    ("deaths-of-curve", [row("a", "death", "twelve", events=6), *of_twelve("66.7", "58.3", "48.6")],
     [row("a", "death", "twelve", events=5), *of_twelve("66.7", "58.3", "48.6")],
     {"a", "s0", "s1", "s2"}),
    ("grades", [event("a", 9), event("b", 9, grade=">=3", grade_basis=GradeBasis.EVENT)],
     [event("a", 9), event("b", 10, grade=">=3", grade_basis=GradeBasis.EVENT)], {"a", "b"}),
    # papayannidis-2025, lines 212 and 242: 9 liver toxicities, by grade 2 + 3 + 5 + 2
    ("grade-sum",
     [event("a", 12), *(event(f"g{g}", n, grade=str(g), grade_basis=GradeBasis.EVENT)
                        for g, n in enumerate((2, 3, 5, 2), 1))],
     [event("a", 9), *(event(f"g{g}", n, grade=str(g), grade_basis=GradeBasis.EVENT)
                       for g, n in enumerate((2, 3, 5, 2), 1))], {"a", "g1", "g2", "g3", "g4"}),
    ("seriousness", [event("a", 9), event("b", 9, seriousness=Seriousness.SERIOUS)],
     [event("a", 9), event("b", 10, seriousness=Seriousness.SERIOUS)], {"a", "b"}),
    ("causality", [event("a", 9), event("b", 9, causality=Causality.DRUG_RELATED)],
     [event("a", 9), event("b", 10, causality=Causality.DRUG_RELATED)], {"a", "b"}),
    ("subgroup", [row("a", events=9), row("b", where="prior", events=9)],
     [row("a", events=9), row("b", where="prior", events=10)], {"a", "b"}),
    # 30 with prior therapy, 10 without: of 21 at least 11 are among the 30
    ("outside-subgroup", [row("a", events=21), row("b", where="prior", events=11)],
     [row("a", events=21), row("b", where="prior", events=10)], {"a", "b"}),
    # The trial declares event-free survival as a kind of survival: so counts of what is declared
    ("broader", [row("a", "survival", events=20), row("b", "overall-survival", events=20)],
     [row("a", "survival", events=20), row("b", "overall-survival", events=21)], {"a", "b"}),
    # yoon-2026, Table 4: patients with anemia are some of those with a disorder of the blood
    ("broader", blood(3, 3), blood(3, 4), {"a", "b"}),
    # papayannidis-2025, line 222: 21.9 of the 73, of whom 21 are Ph-positive (28.8); here 30 of 40
    ("subgroup-size", [percent("a", "75.0", "prior-hsct", total=40), row("b", "prior-hsct", events=30)],
     [percent("a", "77.5", "prior-hsct", total=40), row("b", "prior-hsct", events=30)], {"a", "b"}),
    ("patients-events", [event("a", 9), event("b", 9, count_unit=CountUnit.PATIENTS)],
     [event("a", 9), event("b", 10, count_unit=CountUnit.PATIENTS)], {"a", "b"}),
    # duan-2025, lines 222 and 233: one code for two terms
    ("code-of-term",
     [term("a", "Enterocolitis infectious", "1", "Infections"), term("b", "Infection", "2", "Infections")],
     [term("a", "Enterocolitis infectious", "1", "Infections"), term("b", "Infection", "1", "Infections")],
     {"a", "b"}),
    # duan-2025, lines 204 and 246: one term with two codes
    ("code-of-term", [term("a", "Hepatotoxicity", "1", "Liver"), term("b", "hepatotoxicity", "1", "Liver")],
     [term("a", "Hepatotoxicity", "1", "Liver"), term("b", "hepatotoxicity", "2", "Liver")],
     {"a", "b"}),
    # CTCAE 5.0: 10040047 is sepsis and 10033371 pain
    ("published-code", [term("a", "Sepsis", "10040047", "Infections")],
     [term("a", "Pain", "10040047", "Infections")], {"a"}),
    # duan-2025, lines 222 to 235: moved up by three; here by one, the last cell filled again
    ("code-column", column("10040047", "10028813", "10047700", "10033371", "10016256"),
     column("10028813", "10047700", "10033371", "10016256", "10028813"), set("abcde")),
    # yoon-2026 abbreviates a class in one table: lines 288 and 311
    ("class-of-term",
     [term("a", "Weight loss", "1", "Investigations (Lab test abnormalities)"),
      term("b", "Weight loss", "1", "Investigations (Laboratory abnormalities)")],
     [term("a", "Weight loss", "1", "Investigations"), term("b", "Weight loss", "1", "Metabolism")],
     {"a", "b"}),
    # ozcan-2025, line 135: the run-in had 1.2 mg/m2/cycle only; its text writes "and" for "+"
    ("arm-label",
     [row("a", where="arm-a", events=2, printed_group="1.2 mg/m²/cycle (run-in  and randomized)"),
      row("b", where="arm-b", events=2, printed_group="1.8 MG / m<sup>2</sup>/cycle (randomized)")],
     [row("b", where="arm-b", events=2, printed_group="1.8 mg/m2/cycle (run-in)")], {"b"}),
    ("duplicate-series", [*series("x", 20, 12, 8, 15), *series("y", 20, 12, 8, 16)],
     [*series("x", 20, 12, 8, 15), *series("y", 20, 12, 8, 15)],
     {f"{v}-{g}" for v in "xy" for g in ("all", "arm-a", "arm-b", "prior")}),
]  # fmt: skip
