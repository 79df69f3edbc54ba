"""The page on pooling lists the facets as the table has them."""

import csv
import re
from importlib.resources import files
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "pooling.md"


def test_the_facets_are_those_of_the_table() -> None:
    text = files("evikg.graph.comparability").joinpath("facets.csv").read_text(encoding="utf-8")
    expected = [
        (
            row["name"],
            {"pool": "bar a pool", "no": "are a caveat"}[row["bars"]],
            row["unstated"],
            row["statement"],
        )
        for row in csv.DictReader(text.splitlines())
    ]
    section = PAGE.read_text(encoding="utf-8").partition("## What is compared")[2]
    table = section.partition("\n*Open*")[0]
    assert (
        re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \| (.+?) \|$", table, re.MULTILINE) == expected
    )
