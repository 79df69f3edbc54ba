"""Whether a share can arise at all from a whole number of patients."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from .recompute import WHOLE, Outcome, Recomputed

#: Followed by the denominators of the study that give a percentage.
WITH = "reachable with the denominator"


def reachable(
    printed: Decimal, decimals: int, total: int, *, known_totals: tuple[int, ...] = ()
) -> Recomputed:
    """Tell whether some count of `total` gives the printed percentage.

    The granularity test (GRIM) of Brown and Heathers 2017, doi:10.1177/1948550616673876, for a
    share: with N patients only N + 1 percentages exist. The computed value is the nearest of them.

    :param printed: the percentage; none beyond 0 to 100 is reachable
    :param decimals: decimal places printed
    :param total: denominator, more than 0
    :param known_totals: other group sizes of the study, tried as denominators
    :raises ValueError: if total is not positive

    >>> reachable(Decimal("22.0"), 1, 27).computed
    Decimal('22.2')
    """
    if total <= 0:
        raise ValueError(f"a percentage needs a positive denominator, not {total}")
    step = Decimal(1).scaleb(-decimals)
    nearest = int((printed * total / 100).to_integral_value(ROUND_HALF_UP))
    nearest = max(
        0, min(nearest, total)
    )  # a source may print a share of more than all, or negative
    counts = [count for count in (nearest - 1, nearest, nearest + 1) if 0 <= count <= total]
    exact = [Decimal(100 * count) / Decimal(total) for count in counts]
    computed = [number.quantize(step, ROUND_HALF_UP) for number in exact]
    if printed in computed:
        return Recomputed(Outcome.CONSISTENT, printed, "")
    closest = min(computed, key=lambda number: abs(number - printed))
    finer = [number.quantize(step / 10, ROUND_HALF_UP) for number in exact]
    if any(number.quantize(step, ROUND_HALF_UP) == printed for number in finer):
        return Recomputed(Outcome.ROUNDING, closest, "rounded twice")
    if any(number.quantize(step, ROUND_DOWN) == printed for number in exact):
        return Recomputed(Outcome.ROUNDING, closest, "truncated")
    if any(abs(number - printed) <= step for number in exact):
        return Recomputed(Outcome.ROUNDING, closest, "one unit of the last printed place off")
    if decimals and any(number.quantize(Decimal(1), ROUND_HALF_UP) == printed for number in exact):
        return Recomputed(Outcome.INCONSISTENT, closest, WHOLE)
    fitting = [
        other
        for other in sorted(set(known_totals) - {total})
        if other > 0 and reachable(printed, decimals, other).outcome is Outcome.CONSISTENT
    ]
    if fitting:
        numbers = ", ".join(map(str, fitting))
        return Recomputed(Outcome.INCONSISTENT, closest, f"{WITH} {numbers}")
    return Recomputed(Outcome.INCONSISTENT, closest, "no count gives it")
