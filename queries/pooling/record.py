"""A synthesis as the record that the graph keeps of it."""

import hashlib
from decimal import Decimal

from evikg.analysis.synthesis.effects import SynthesisError
from evikg.graph.records import PooledResult

from .synthesis import Synthesis

#: Decimal places that are kept: more than any printed input has, fewer than a float invents.
_PLACES = Decimal("0.000001")


def record(found: Synthesis) -> PooledResult:
    """Return the record of a pooled result: shares in percent, the rest in the unit of its inputs.

    :raises SynthesisError: if nothing was pooled, as of medians that were only described
    """
    pooled = found.pooled
    shown = pooled.shown if pooled is not None else found.median
    if shown is None:
        raise SynthesisError("nothing was pooled: there is no result to record")
    scale = found.factor

    def kept(value: float, factor: int = 1) -> Decimal:
        return (Decimal(repr(value)) * factor).quantize(_PLACES).normalize()

    method = pooled.method if pooled is not None else "weighted median of medians"
    inputs = tuple(sorted(candidate.slug for candidate in found.chosen))
    events, patients = (pooled.counts if pooled is not None else None) or (None, None)
    spread = pooled.heterogeneity if pooled is not None else None
    prediction = pooled.prediction if pooled is not None else None
    key = "\x1f".join([method, str(found.request.level), *inputs])
    return PooledResult(
        slug=hashlib.sha256(key.encode()).hexdigest()[:16],
        inputs=inputs,
        variables=tuple(sorted({candidate.variable.slug for candidate in found.chosen})),
        statistic=found.statistic,
        value=kept(shown.value, scale),
        low=kept(shown.low, scale),
        high=kept(shown.high, scale),
        level=kept(found.level, 100),
        method=method,
        asked=found.request.asked,
        unit=found.unit,
        events=events,
        patients=patients,
        prediction_low=kept(prediction[0], scale) if prediction else None,
        prediction_high=kept(prediction[1], scale) if prediction else None,
        tau_squared=kept(spread.tau2) if spread else None,
        i_squared=kept(spread.i2) if spread and spread.i2 is not None else None,
        heterogeneity=f"{spread.test} {spread.statistic:.2f}, df {spread.df}" if spread else None,
        heterogeneity_p=kept(spread.p_value) if spread else None,
        caveats=tuple(sorted(found.caveats)),
        despite=found.despite,
        fingerprint=found.fingerprint,
    )
