"""The chain behind a pooled number: method, inputs, and everything that limits it."""

from collections.abc import Iterator

from .records import PooledResult


def pooled_lines(pooled: PooledResult) -> Iterator[str]:
    """Write a pooled result as lines of text; each input can be explained in its turn."""
    unit = f" {pooled.unit}" if pooled.unit else ""
    yield (
        f"{pooled.slug}: pooled {pooled.statistic} {pooled.value:f}{unit}"
        f" [{pooled.level:f} % CI {pooled.low:f} to {pooled.high:f}]"
    )
    yield ""
    yield "  derived     printed nowhere: no source reports this number"
    yield f"  measured    {', '.join(pooled.variables)}"
    if pooled.events is not None and pooled.patients is not None:
        yield f"  patients    {pooled.events} of {pooled.patients}"
    yield f"  method      {pooled.method}"
    spread = [
        pooled.heterogeneity,
        f"p {pooled.heterogeneity_p:f}" if pooled.heterogeneity_p is not None else None,
        f"τ² {pooled.tau_squared:f}" if pooled.tau_squared is not None else None,
        f"I² {pooled.i_squared:f} %" if pooled.i_squared is not None else None,
    ]
    if any(spread):
        yield f"  studies     {', '.join(filter(None, spread))}"
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        yield f"  a new study {pooled.prediction_low:f} to {pooled.prediction_high:f}"
    yield f"  asked for   {pooled.asked}"
    if pooled.despite:
        yield f"  DESPITE     {pooled.despite}"
    yield ""
    yield "  inputs"
    yield from (f"    {slug}" for slug in pooled.inputs)
    yield "  caveats"
    yield from (f"    {caveat}" for caveat in pooled.caveats)
