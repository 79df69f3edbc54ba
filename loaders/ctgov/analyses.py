"""Statistical analyses of outcome measures: estimates, p-values, and which groups they compare."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from evikg.graph import records as r
from evikg.ontology import GroupKind, Statistic

from .draft import Draft, joined, noted
from .measures import Table
from .numbers import dispersion, interval, printed, probability
from .readings import Reading
from .results_section import Analysis
from .structure import text_at
from .tables import estimated, term

_SIDES = {"ONE_SIDED": 1, "TWO_SIDED": 2}
#: What stands between the two sides of a comparison whose direction is said.
_BETWEEN = re.compile(
    r"\s+(?:vs\.?|versus|minus|over|compared (?:with|to)|relative to|[-\u2013\u2212])\s+|\s*/\s*"
)
#: Texts of an analysis, in which its direction may be said.
_TEXTS = (
    "paramType",
    "estimateComment",
    "groupDescription",
    "statisticalComment",
    "otherAnalysisDescription",
)


def read_analysis(draft: Draft, table: Table, number: int, analysis: Analysis) -> None:
    """Add the result of an analysis: an estimate with its interval and p, or a p-value alone.

    Of two groups it compares the one with the other only where the record says which with which.
    Else it is about all tested groups together, and the treatment group is its predictor.
    """
    pointer, place = f"{table.pointer}/analyses/{number}", f"{table.place}-a{number + 1}"
    estimate, p_text = analysis.get("paramValue"), analysis.get("pValue")
    p_value = probability(p_text)
    if estimate is None and p_value is None:
        if p_text:
            words = f"{p_text!r} is no p-value, and left out"
            draft.notes.append(f"{draft.number} {pointer}/pValue: {words}")
        return
    tested = analysis.get("groupIds", [])
    titles = [table.titles.get(name, name) for name in tested]
    comments = [f"p: {p_text}" if p_text and p_value is None else None]
    comments += [
        text_at(analysis, key)
        for key in ("pValueComment", "ciLowerLimitComment", "ciUpperLimitComment")
    ]
    fields: dict[str, Any] = {"statistic": Statistic.COMPARISON}
    tokens: list[str | None] = []
    if estimate is not None:
        low, high = analysis.get("ciLowerLimit"), analysis.get("ciUpperLimit")
        fields = {
            "statistic": estimated(analysis.get("paramType", "")),
            "value": printed(estimate, analysis.get("estimateComment")),
            **dispersion(analysis.get("dispersionValue"), analysis.get("dispersionType")),
            **interval(low, high, f"{analysis.get('ciPctValue', '')}%", comments[-1]),
        }
        if "interval_kind" in fields:
            fields["interval_sides"] = _SIDES.get(analysis.get("ciNumSides", ""))
        if fields["statistic"] is Statistic.DIFFERENCE:
            fields["unit"] = _unit(table, analysis.get("paramType", ""))
        tokens = [estimate, analysis.get("dispersionValue"), low, high]
    said = direction(table.titles, tested, [text_at(analysis, key) or "" for key in _TEXTS])
    if said is not None:
        fields |= {
            "group": table.columns.people[said[0]],
            "comparator": table.columns.people[said[1]],
        }
    else:
        fields |= {"group": _together(draft, table, tested), "predictor": "treatment group"}
        comments.append(f"tested: {'; '.join(titles)}" if titles else None)
    fields |= {key: value for key, value in table.fields.items() if key != "definition"}
    fields |= {
        "variable": table.variable,
        "definition": draft.declare(_definition(draft, table, number, analysis)),
        "p_value": p_value,
        "method": analysis.get("statisticalMethod"),
        "hypothesis": term("hypothesis", analysis.get("nonInferiorityType")),
        "printed_term": analysis.get("paramType"),
        "note": noted(*comments),
    }
    draft.result(
        place,
        pointer,
        (analysis, "paramValue" if estimate is not None else "pValue"),
        [token for token in (*tokens, p_text) if token],
        joined(*table.locator, f"analysis {number + 1}"),
        fields,
    )


def direction(titles: Any, tested: Sequence[str], texts: Sequence[str]) -> tuple[str, str] | None:
    """Return group and comparator where texts say which of two groups is compared with which.

    A side is said by the title of a group, or by the words it begins with where the other's begins
    with others. None where nothing says it, or texts say both.
    """
    if len(tested) != 2 or any(name not in titles for name in tested):
        return None
    one, two = (_plain(titles[name]) for name in tested)
    names = list(_names(one, two)), list(_names(two, one))
    found = set()
    for text in map(_plain, texts):
        for between in _BETWEEN.finditer(text):
            before, after = text[: between.start()], text[between.end() :]
            for first, second in ((0, 1), (1, 0)):
                if _ends(before, names[first]) and _begins(after, names[second]):
                    found.add((tested[first], tested[second]))
    return found.pop() if len(found) == 1 else None


def _names(title: str, other: str) -> Iterator[str]:
    """Yield a title and all its first words that are not the first words of the other."""
    words = title.split()
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length])
        told = not f"{other} ".startswith(f"{name} ")
        if told and any(c.isalpha() for c in name):
            yield name


def _ends(text: str, names: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}$", text) for name in names)


def _begins(text: str, names: Sequence[str]) -> bool:
    return any(re.match(rf"{re.escape(name)}(?!\w)", text) for name in names)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _together(draft: Draft, table: Table, tested: Sequence[str]) -> str:
    """Return the group of all tested groups; patients may be in several, as in a crossover."""
    groups = [table.columns.people[name] for name in tested if name in table.columns.people]
    if len(groups) == 1:
        return groups[0]
    titles = " and ".join(table.titles[name] for name in tested if name in table.columns.people)
    return draft.group(
        "-".join([table.place, *(name.lower() for name in tested)]),
        f"{titles or 'all groups'} ({table.locator[0].partition(' (')[0].lower()}, compared)",
        GroupKind.ASSESSED,
        within=draft.everyone,
    )


def _unit(table: Table, parameter: str) -> str | None:
    """Return the unit of a difference: that of the numbers.

    What counts differ in is a share, and only its name may say whether in percent.
    """
    reading = Reading.of(table.measure, table.columns.unit)
    if reading.statistic is Statistic.COUNT:
        return "%" if re.search("percent|%", parameter, re.IGNORECASE) else None
    return reading.unit


def _definition(draft: Draft, table: Table, number: int, analysis: Analysis) -> r.Definition:
    texts = (
        analysis.get("groupDescription"),
        analysis.get("statisticalComment"),
        analysis.get("otherAnalysisDescription"),
        analysis.get("estimateComment"),
        analysis.get("nonInferiorityComment"),
    )
    return r.Definition(
        slug=f"{draft.source}-{table.place}-a{number + 1}",
        study=draft.study,
        variable=table.variable,
        label=f"{draft.number}, {table.locator[0]}, analysis {number + 1}",
        method="\n\n".join(filter(None, texts)) or None,
    )
