"""Numbers of a picture: checked before they are drawn, written as a journal writes them."""

from math import ceil, floor, isfinite, log10


def require_finite(name: str, *numbers: float | None) -> None:
    """Refuse what is no number; None stands for a number that is not reported.

    :raises ValueError: naming what the number belongs to
    """
    for number in numbers:
        if number is not None and not isfinite(number):
            raise ValueError(f"{name}: {number} is not a finite number and cannot be drawn")


def require_ordered(name: str, low: float | None, high: float | None) -> None:
    """Refuse an interval whose bounds are the wrong way round.

    :raises ValueError: naming what the interval belongs to
    """
    if low is not None and high is not None and low > high:
        raise ValueError(f"{name}: the interval from {low} to {high} runs backwards")


def p_text(p: float) -> str:
    """Write a p value: two significant digits, none below 0.001.

    >>> p_text(0.0277), p_text(0.5), p_text(0.00001)
    ('p = 0.028', 'p = 0.50', 'p < 0.001')
    """
    if p < 0.001:
        return "p < 0.001"
    digits = 2 if p >= 0.1 else 3
    return f"p = {p:.{digits}f}"


def tick_text(number: float) -> str:
    """Write a tick without needless zeros, thousands with a comma.

    >>> [tick_text(x) for x in (0.05, 1.0, 2.5, 10000.0)]
    ['0.05', '1', '2.5', '10,000']
    """
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:g}"


def log_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Return round numbers between two positive bounds for a logarithmic axis."""
    decades = range(floor(log10(low)) - 1, floor(log10(high)) + 2)
    ticks: list[float] = []
    for steps in ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        ticks = [
            float(f"{step * 10.0**decade:.12g}")
            for decade in decades
            for step in steps
            if low <= step * 10.0**decade <= high
        ]
        if len(ticks) <= most:
            return ticks
    every = -(-len(ticks) // most)
    return ticks[::every]


def linear_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers between two bounds for a linear axis."""
    span = high - low
    unit = 10.0 ** floor(log10(span / most))
    step = next(unit * factor for factor in (1, 2, 5, 10, 20) if span / (unit * factor) <= most)
    first = ceil(low / step - 1e-9)
    last = floor(high / step + 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]
