"""What is said of a pooled number: that nobody prints it, its method, its inputs, its limits."""

from dataclasses import replace
from decimal import Decimal

from evikg.graph.pooled_chain import pooled_lines
from evikg.graph.records import PooledResult

# The pool of CR/CRi of the README: 321 of 433 patients are 74.13 %
POOLED = PooledResult(
    slug="8ffebee258a1600f",
    inputs=("ozcan-2025-l147-3", "yoon-2026-l276-2"),
    variables=("cr-cri",),
    statistic="proportion",
    value=Decimal("74.133949"),
    low=Decimal("69.801161"),
    high=Decimal("78.040659"),
    level=Decimal(95),
    method="random-intercept logistic model",
    asked="response-by-regimen",
    unit="%",
    events=321,
    patients=433,
    caveats=("the regimens differ",),
)


def test_a_pooled_number_names_its_inputs_and_limits() -> None:
    text = "\n".join(pooled_lines(POOLED))
    assert text.startswith(
        "8ffebee258a1600f: pooled proportion 74.133949 % [95 % CI 69.801161 to 78.040659]\n"
    )
    for words in (
        "printed nowhere",
        "321 of 433",
        "    yoon-2026-l276-2",
        "    the regimens differ",
    ):
        assert words in text
    assert "DESPITE" not in text


def test_a_pool_that_something_barred_says_so() -> None:
    text = "\n".join(pooled_lines(replace(POOLED, despite="to compare with an older review")))
    assert "  DESPITE     to compare with an older review\n" in text
