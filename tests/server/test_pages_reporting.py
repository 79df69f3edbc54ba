"""The page of a study of spontaneous reports shows what it says of READUS-PV."""

import csv

import pytest

from evikg.loaders.evidence import shipped_evidence

from .test_pages_numbers import page, text


def test_the_page_of_a_source_shows_every_item_with_its_place(server: str) -> None:
    tree = page(server, "/source/duan-2025")
    (panel,) = tree.xpath("//section[@aria-labelledby='readus-pv']//table")
    rows = [[text(cell) for cell in row.xpath("./td")] for row in panel.xpath(".//tbody/tr")]
    path = shipped_evidence() / "duan-2025" / "reporting.csv"
    curated = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row[0] for row in rows] == [c["item"].removeprefix("readus-pv-") for c in curated]
    assert [row[2] for row in rows] == [c["status"] for c in curated]
    assert [row[4] for row in rows] == [c["line"] for c in curated]


def test_a_source_of_another_design_has_no_such_panel(server: str) -> None:
    assert not page(server, "/source/yoon-2026").xpath("//*[@id='readus-pv']")


@pytest.mark.parametrize("place", ["/item/readus-pv-7c", "/assessment/duan-2025-readus-pv-7c"])
def test_an_item_and_its_assessment_have_pages(server: str, place: str) -> None:
    assert "readus-pv-7c" in text(page(server, place))
