"""Measures of disproportionality that have a closed form, as Ibis expressions over a, b, c, d.

A measure that the counts do not define is NULL: nothing is added to a cell, and no infinite value
or NaN leaves this module. Zero cells are the rule's business in each function's description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

#: Quantile of the normal distribution that the interval of a ratio uses, as papers print it.
NORMAL_95 = 1.96
#: What the information component adds to the observed and to the expected number.
SHRINKAGE = 0.5
#: Counts up to which gamma quantiles are exact; beyond, log2 of them is right to 1e-6.
LOOKED_UP = 2000
_NORMAL_975 = 1.959963984540054


def with_expected(table: ir.Table) -> ir.Table:
    """Add `expected`, the a under independence: (a + b)(a + c) / N.

    A table that has `expected` (see `stratified.adjusted`) keeps it. N = 0 gives NULL.
    """
    if "expected" in table.columns:
        return table
    a, b, c, d = _cells(table)
    return table.mutate(expected=(a + b) * (a + c) / (a + b + c + d).nullif(0.0))


def with_ror(table: ir.Table) -> ir.Table:
    """Add `ror`, `ror_low`, `ror_high`: the reporting odds ratio with its 95 % interval.

    ROR = ad / bc; exp(ln ROR ± 1.96 √(1/a + 1/b + 1/c + 1/d)) by Woolf,
    doi:10.1111/j.1469-1809.1955.tb01348.x. All three are NULL if a cell is 0.
    """
    a, b, c, d = (cell.nullif(0.0) for cell in _cells(table))
    deviation = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt()
    return _with_interval(table, "ror", (a / b) * (d / c), deviation)


def with_prr(table: ir.Table) -> ir.Table:
    """Add `prr`, `prr_low`, `prr_high`, `chi2`, `chi2_yates`: the proportional reporting ratio.

    PRR = [a/(a+b)] / [c/(c+d)] with ln-interval √(1/a − 1/(a+b) + 1/c − 1/(c+d)), and Pearson's
    χ² of the table without and with Yates's correction: Evans 2001, doi:10.1002/pds.677. The PRR is
    NULL if a or c is 0, its interval also if b and d are; χ² is NULL if a margin is 0.
    """
    import ibis

    a, b, c, d = _cells(table)
    cases, others = a.nullif(0.0), c.nullif(0.0)
    ratio = (cases / (a + b).nullif(0.0)) / (others / (c + d).nullif(0.0))
    # 1/a - 1/(a+b) = b / (a (a+b)), which is never below 0.
    variance = b / (cases * (a + b).nullif(0.0)) + d / (others * (c + d).nullif(0.0))
    table = _with_interval(table, "prr", ratio, variance.nullif(0.0).sqrt())
    n = a + b + c + d
    margins = [(a + b).nullif(0.0), (c + d).nullif(0.0), (a + c).nullif(0.0), (b + d).nullif(0.0)]
    difference = (a * d - b * c).abs()
    corrected = ibis.greatest(difference - n / 2.0, 0.0)

    def chi2(numerator: ir.Value) -> ir.Value:
        # Divided one by one: the product of four margins of a large database loses digits.
        return (numerator / margins[0] / margins[1]) * (numerator / margins[2] / margins[3]) * n

    return table.mutate(chi2=chi2(difference), chi2_yates=chi2(corrected))


def with_ic(table: ir.Table) -> ir.Table:
    """Add `ic`, `ic025`, `ic975` (and `expected`): the information component, in bits.

    IC = log2((a + ½) / (E + ½)); its 95 % credibility interval: log2 of the 2.5 and 97.5 %
    quantiles of a gamma distribution with shape a + ½ and rate E + ½: Norén 2013,
    doi:10.1177/0962280211403604. The quantiles are exact, not that paper's
    approximation. Defined for every table with N > 0, zero cells or not.
    """
    import ibis

    table = with_expected(table)
    quantiles = ibis.memtable(_gamma_quantiles())
    joined = table.left_join(quantiles, table.a == quantiles.observed)
    shape = joined.a.cast("float64") + SHRINKAGE
    rate = joined.expected + SHRINKAGE
    low = ibis.coalesce(joined.low, _wilson_hilferty(shape, -_NORMAL_975))
    high = ibis.coalesce(joined.high, _wilson_hilferty(shape, _NORMAL_975))
    return joined.mutate(
        ic=(shape / rate).log2(), ic025=(low / rate).log2(), ic975=(high / rate).log2()
    ).drop("observed", "low", "high")


def with_closed_forms(table: ir.Table) -> ir.Table:
    """Add the columns of `with_ror`, `with_prr` and `with_ic`."""
    return with_ic(with_prr(with_ror(table)))


def _cells(table: ir.Table) -> list[ir.FloatingColumn]:
    # Products of counts of a large database overflow 64-bit integers.
    return [table[name].cast("float64") for name in ("a", "b", "c", "d")]


def _with_interval(table: ir.Table, name: str, ratio: ir.Value, deviation: ir.Value) -> ir.Table:
    return table.mutate(
        **{
            name: ratio,
            f"{name}_low": (ratio.ln() - NORMAL_95 * deviation).exp(),
            f"{name}_high": (ratio.ln() + NORMAL_95 * deviation).exp(),
        }
    )


def _gamma_quantiles() -> pa.Table:
    """Return observed, low, high: quantiles of gamma(observed + ½, 1), 0 to `LOOKED_UP`.

    The quantile scales with 1/rate, so that a table by the count serves every pair.
    """
    import numpy as np
    import pyarrow as pa
    from scipy.special import gammaincinv

    counts = np.arange(LOOKED_UP + 1, dtype=np.int64)
    low, high = (gammaincinv(counts + SHRINKAGE, p) for p in (0.025, 0.975))
    return pa.table({"observed": counts, "low": low, "high": high})


def _wilson_hilferty(shape: ir.Value, normal: float) -> ir.Value:
    """Return a quantile of gamma(shape, 1): its cube root is nearly normal.

    Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684.
    """
    root = 1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * shape.sqrt())
    return shape * root * root * root
