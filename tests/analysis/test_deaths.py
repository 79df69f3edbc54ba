"""Deaths are bounded by the survival curve."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.deaths import most_deaths
from evikg.analysis.rounding import Span


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40))
def test_a_simulated_curve_leaves_room_for_its_deaths(patients: list[tuple[int, bool]]) -> None:
    """Estimate a curve by its definition (Kaplan and Meier 1958) and count the deaths."""
    survival = Decimal(1)
    for time in sorted({time for time, _ in patients}):
        at_risk = sum(1 for other, _ in patients if other >= time)
        died = sum(1 for other, dead in patients if dead and other == time)
        survival *= 1 - Decimal(died) / at_risk
    deaths = sum(dead for _, dead in patients)
    assert deaths <= most_deaths(len(patients), Span.exact(survival)) + Decimal("1e-9")
