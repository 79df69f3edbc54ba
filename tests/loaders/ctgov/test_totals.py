"""Columns that are all the others together: what they count is not counted twice."""

from collections.abc import Callable
from typing import Any

import pytest

from evikg.graph import records as r
from evikg.loaders.ctgov import RegistryEvidence

from .counted import containers

Made = Callable[..., RegistryEvidence]


def counts(prefix: str, *values: str) -> list[dict[str, str]]:
    return [{"groupId": f"{prefix}{n:03}", "value": value} for n, value in enumerate(values)]


def table(prefix: str, last: str, *sizes: str, **more: Any) -> dict[str, Any]:
    """Return a table of three columns, of which the last is titled."""
    titles = ("Drug", "Placebo", last)
    groups = [{"id": f"{prefix}{n:03}", "title": title} for n, title in enumerate(titles)]
    denoms = [{"units": "Participants", "counts": counts(prefix, *sizes)}]
    return {"groups": groups, "denoms": denoms} | more


def measure(prefix: str, *classes: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Smoker", "paramType": "COUNT_OF_PARTICIPANTS", "classes": list(classes)}


def one_class(prefix: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"categories": [{"measurements": counts(prefix, *values)}]} | more


def pools(found: RegistryEvidence) -> dict[str, tuple[str, ...]]:
    start = f"{found.number.lower()}-"
    return {
        group.slug.removeprefix(start): tuple(part.removeprefix(start) for part in group.pools)
        for group in found.declared
        if isinstance(group, r.Group) and group.pools
    }


# "Total Title" is what NCT02552212 calls it, "Overall (n=18)" NCT03478891.
@pytest.mark.parametrize("last", ["Total Title", "Overall (n=18)", "All Participants"])
def test_parts_are_counted_in_a_total_that_its_size_proves(made: Made, last: str) -> None:
    rows = [measure("OG", one_class("OG", "3", "4", "7"))]
    whole = table("OG", last, "8", "10", "18", type="PRIMARY") | rows[0]
    found = made({"outcomeMeasuresModule": {"outcomeMeasures": [whole]}})
    assert pools(found) == {"om1-og002": ("om1-og000", "om1-og001")}
    assert containers(found) == {
        "om1-og000": ("om1-og002",),
        "om1-og001": ("om1-og002",),
        "om1-og002": (),
    }


@pytest.mark.parametrize(
    ("last", "sizes"),
    [
        ("Overall", ("18", "18", "18")),  # a crossover: everyone is in both groups
        ("All CZP", ("8", "10", "18")),  # all of one drug, as may be
        ("Totally implantable port", ("8", "10", "9")),
    ],
)
def test_what_is_not_proved_to_be_a_total_is_none(
    made: Made, last: str, sizes: tuple[str, ...]
) -> None:
    whole = table("OG", last, *sizes, type="PRIMARY") | measure(
        "OG", one_class("OG", "3", "4", "7")
    )
    found = made({"outcomeMeasuresModule": {"outcomeMeasures": [whole]}})
    assert pools(found) == {}


def test_a_class_with_its_own_numbers_analysed_has_a_total_of_its_own(made: Made) -> None:
    own = {"denoms": [{"units": "Participants", "counts": counts("BG", "7", "9", "16")}]}
    rows = measure("BG", one_class("BG", "3", "4", "7", title="Ever", **own))
    module = table("BG", "Total", "8", "10", "18", measures=[rows])
    module["groups"][2]["description"] = "Total of all reporting groups"
    found = made({"baselineCharacteristicsModule": module})
    assert pools(found)["bm1-bg002"] == ("bm1-bg000", "bm1-bg001")
    inside = containers(found)
    assert inside["bm1-bg000"] == inside["bm1-bg001"] == ("bm1-bg002",)


def test_groups_at_risk_may_have_a_total(made: Made) -> None:
    def group(number: int, title: str, affected: int, at_risk: int) -> dict[str, Any]:
        numbers = {"seriousNumAffected": affected, "seriousNumAtRisk": at_risk}
        return {"id": f"EG{number:03}", "title": title} | numbers

    groups = [group(0, "Drug", 1, 8), group(1, "Placebo", 2, 10), group(2, "Total", 3, 18)]
    found = made({"adverseEventsModule": {"eventGroups": groups}})
    inside = containers(found)
    assert inside["eg000-serious"] == inside["eg001-serious"] == ("eg002-serious",)


def test_a_class_without_a_title_names_its_groups_by_the_measure(made: Made) -> None:
    own = {"denoms": [{"units": "Participants", "counts": counts("BG", "7", "10", "17")}]}
    module = table("BG", "Other", "8", "10", "18", measures=[])
    module["measures"] = [measure("BG", one_class("BG", "3", "4", "7", **own))]
    found = made({"baselineCharacteristicsModule": module})
    labels = {g.slug: g.label for g in found.declared if isinstance(g, r.Group)}
    assert labels["nct00000001-bm1-bg000"] == "NCT00000001, Drug (baseline), Smoker"
