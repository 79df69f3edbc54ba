"""Two-by-two tables of several strata taken together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

from evikg.analysis.disproportionality.counts import whole
from evikg.analysis.disproportionality.measures import NORMAL_95


def adjusted(strata: ir.Table) -> ir.Table:
    """Return drug, event, a, expected, ror, ror_low, ror_high, adjusted for the strata.

    `ror` is the Mantel-Haenszel odds ratio Σ(ad/N) / Σ(bc/N), its interval by the variance of
    Robins, Breslow and Greenland 1986, doi:10.2307/2531052; NULL if either sum is 0. `expected` is
    Σ (a + b)(a + c) / N, with which `with_ic` and `ebgm` give their stratified measures (DuMouchel
    1999, doi:10.1080/00031305.1999.10474456). b, c and d are left out: what is summed
    over the strata of a drug is no two-by-two table of the database.

    :param strata: drug, event, stratum, a, b, c, d (`counts.stratum_counts`); strata without the
        drug or the event may be absent, they add nothing
    """
    a, b, c, d = (strata[name].cast("float64") for name in ("a", "b", "c", "d"))
    n = (a + b + c + d).nullif(0.0)
    concordant, discordant = (a + d) / n, (b + c) / n
    r, s = a * d / n, b * c / n
    sums = (
        strata.mutate(
            _expected=(a + b) * (a + c) / n,
            _r=r,
            _s=s,
            _pr=concordant * r,
            _cross=concordant * s + discordant * r,
            _qs=discordant * s,
        )
        .group_by("drug", "event")
        .agg(
            a=lambda t: whole(t.a.sum()),
            expected=lambda t: t["_expected"].sum(),
            r=lambda t: t["_r"].sum().nullif(0.0),
            s=lambda t: t["_s"].sum().nullif(0.0),
            pr=lambda t: t["_pr"].sum(),
            cross=lambda t: t["_cross"].sum(),
            qs=lambda t: t["_qs"].sum(),
        )
    )
    ratio = sums.r / sums.s
    variance = (
        sums.pr / (2.0 * sums.r * sums.r)
        + sums.cross / (2.0 * sums.r * sums.s)
        + sums.qs / (2.0 * sums.s * sums.s)
    )
    half = NORMAL_95 * variance.sqrt()
    return sums.select(
        "drug",
        "event",
        "a",
        "expected",
        ror=ratio,
        ror_low=(ratio.ln() - half).exp(),
        ror_high=(ratio.ln() + half).exp(),
    )
