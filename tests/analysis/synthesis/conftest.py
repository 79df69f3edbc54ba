"""Published data on which other software prints its results.

The counts and estimates are those of the R package metadat, which took them from the papers named.
"""

from math import log

import pytest

from evikg.analysis.synthesis.effects import Effect, Proportion, Ratio


def log_risk_ratio(label: str, a: int, n1: int, c: int, n2: int) -> Effect:
    """Return log risk ratio and variance of a events among n1 against c among n2 (Katz 1978)."""
    return Effect(label, log(a * n2 / (c * n1)), 1 / a - 1 / n1 + 1 / c - 1 / n2)


@pytest.fixture(scope="session")
def bcg() -> list[Effect]:
    """Colditz et al. 1994: tuberculosis with and without vaccination (dat.bcg)."""
    counts = [
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
        (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
        (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ]  # fmt: skip
    return [
        log_risk_ratio(str(number), a, a + b, c, c + d)
        for number, (a, b, c, d) in enumerate(counts, 1)
    ]


@pytest.fixture(scope="session")
def bassler() -> dict[str, list[Effect]]:
    """Bassler et al. 2004: ten trials of ketotifen by blinding (dat.bassler2004)."""
    adequate = [(1, 10, 6, 10), (31, 68, 38, 65), (16, 52, 19, 51)]
    unclear = [
        (19, 39, 17, 36), (7, 34, 35, 41), (10, 18, 15, 18), (6, 20, 14, 20), (6, 16, 8, 15),
        (8, 28, 16, 34), (9, 25, 20, 25),
    ]  # fmt: skip
    return {
        name: [log_risk_ratio(f"{name} {i}", *counts) for i, counts in enumerate(trials)]
        for name, trials in (("adequate", adequate), ("unclear", unclear))
    }


@pytest.fixture(scope="session")
def raudenbush() -> list[Effect]:
    """Raudenbush 1985: expectancy of teachers and ability of pupils (dat.raudenbush1985)."""
    rows = [
        (0.03, 0.0156), (0.12, 0.0216), (-0.14, 0.0279), (1.18, 0.1391), (0.26, 0.1362),
        (-0.06, 0.0106), (-0.02, 0.0106), (-0.32, 0.0484), (0.27, 0.0269), (0.80, 0.0630),
        (0.54, 0.0912), (0.18, 0.0497), (-0.02, 0.0835), (0.23, 0.0841), (-0.18, 0.0253),
        (-0.06, 0.0279), (0.30, 0.0193), (0.07, 0.0088), (-0.07, 0.0303),
    ]  # fmt: skip
    return [Effect(str(number), y, v) for number, (y, v) in enumerate(rows, 1)]


@pytest.fixture(scope="session")
def haeuser() -> list[Effect]:
    """Häuser et al. 2009: pain under antidepressants, standardised (dat.haeuser2009)."""
    rows = [
        (-0.2302, 0.0687), (-0.7113, 0.0967), (-1.0258, 0.0746), (-1.6250, 0.1330),
        (-1.0728, 0.1121), (-0.7310, 0.1069), (-0.2559, 0.0672), (-0.2512, 0.0651),
        (-0.1598, 0.2926), (0.0000, 0.1778), (-0.3556, 0.0852), (-0.4450, 0.1172),
        (-0.5273, 0.0177), (-0.5340, 0.0179), (-0.2110, 0.0197), (-0.8789, 0.1186),
        (0.1756, 0.0956), (-0.1930, 0.0474), (-0.3137, 0.0198), (-0.2155, 0.0137),
        (-0.3265, 0.0139), (-0.4672, 0.0469),
    ]  # fmt: skip
    return [Effect(str(number), y, v) for number, (y, v) in enumerate(rows, 1)]


@pytest.fixture(scope="session")
def curtin() -> list[Effect]:
    """Curtin et al. 2002: potassium and diastolic blood pressure, mean and SE (dat.curtin2002)."""
    rows = [
        (-4.5, 2.1), (-0.5, 1.7), (-4, 1.9), (-2.4, 1.1), (-1, 3.4), (0, 1.9), (-5.8, 1.6), (-3, 3),
        (-3, 1.5), (-1.5, 1.4), (2, 2.2), (-0.3, 1.5), (-8, 2.2), (3, 2), (1.4, 2), (-13.1, 0.7),
        (-3, 2), (-0.6, 0.6), (3, 2), (-1.7, 2.5), (-6, 2.5),
    ]  # fmt: skip
    return [Effect(str(number), y, error**2) for number, (y, error) in enumerate(rows, 1)]


@pytest.fixture(scope="session")
def clasp() -> list[Effect]:
    """DerSimonian and Kacker 2007, Table 1: log odds ratios of pre-eclampsia under aspirin."""
    counts = [
        (5, 156, 8, 74), (5, 303, 17, 303), (12, 565, 9, 477), (69, 1570, 94, 1565),
        (9, 103, 11, 105), (313, 4659, 352, 4650),
    ]  # fmt: skip
    return [
        Effect(
            f"{a}/{n1}",
            log(a * (n2 - c) / (c * (n1 - a))),
            1 / a + 1 / (n1 - a) + 1 / c + 1 / (n2 - c),
        )
        for a, n1, c, n2 in counts
    ]


@pytest.fixture(scope="session")
def pritz() -> list[Proportion]:
    """Zhou et al. 1999: improvement under hyperdynamic therapy (dat.pritz1997)."""
    counts = [
        (16, 17), (10, 12), (4, 8), (43, 58), (10, 10), (25, 42), (13, 14), (12, 12), (22, 41),
        (4, 5), (5, 6), (18, 23), (58, 68), (6, 10),
    ]  # fmt: skip
    return [Proportion(f"study {number}", x, n) for number, (x, n) in enumerate(counts, 1)]


@pytest.fixture(scope="session")
def nielweise() -> dict[str, list[Proportion]]:
    """Niel-Weise et al. 2007: bloodstream infections by catheter (dat.nielweise2007)."""
    rows = [
        (3, 117, 0, 116), (3, 35, 1, 44), (9, 195, 2, 208), (7, 136, 0, 130), (6, 157, 5, 151),
        (4, 139, 1, 98), (3, 177, 1, 174), (2, 39, 1, 74), (19, 103, 1, 97), (2, 122, 1, 113),
        (7, 64, 0, 66), (1, 58, 0, 70), (5, 175, 3, 188), (11, 180, 6, 187), (0, 105, 0, 118),
        (1, 262, 0, 252), (3, 362, 1, 345), (1, 69, 4, 64),
    ]  # fmt: skip
    return {
        "standard": [Proportion(f"{i}", c, n2) for i, (c, n2, _, _) in enumerate(rows)],
        "anti-infective": [Proportion(f"{i}", a, n1) for i, (_, _, a, n1) in enumerate(rows)],
    }


@pytest.fixture(scope="session")
def miller() -> list[Proportion]:
    """Miller 1978, page 138: four proportions (doi:10.1080/00031305.1978.10479283)."""
    return [Proportion(f"{x}/{n}", x, n) for x, n in ((3, 11), (6, 17), (10, 21), (1, 6))]


@pytest.fixture(scope="session")
def hazards() -> list[Ratio]:
    """Three ratios with 95 % intervals that are symmetric about log 0.5, log 0.8 and log 1."""
    return [Ratio("a", 0.5, 0.25, 1.0), Ratio("b", 0.8, 0.4, 1.6), Ratio("c", 1.0, 0.5, 2.0)]
