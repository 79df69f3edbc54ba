"""Generate quarterly extracts of any size: `python -m benchmarks.faers.generate --help`.

Four quarters in the ASCII layout of the FDA, unpacked: seven tables and a list of deleted cases
each. At scale 1 there are 2 million cases in 2.2 million reports (a follow-up is a report of its
own, in the same or a later quarter), 8 million rows of drugs and 7 million of reactions; the other
four tables are small. The same arguments give the same bytes.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from .tables import Array, Quarter, Random, write

SEED = 1
CASES, REPORTS, DRUG_ROWS, REACTION_ROWS = 2_000_000, 2_200_000, 8_000_000, 7_000_000
OTHER_ROWS = {"OUTC": 500_000, "RPSR": 50_000, "THER": 200_000, "INDI": 200_000}
#: Cases of the extracts that the last list of deleted cases names; the others name none of them.
DELETED = 1_000
QUARTERS = {"22Q1": "2022-01-01", "22Q2": "2022-04-01", "22Q3": "2022-07-01", "22Q4": "2022-10-01"}
_FIRST_CASE, _NO_CASE = 10_000_000, 9_000_000  # caseids, of cases and of none
_DAYS = 90  # of a quarter
#: One follow-up in so many is of a case that has one already.
_THIRD = 10


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports by case and version, one an entry of each array."""

    case: Array  # its number, from 0
    version: Array  # from 1
    quarter: Array  # the file, from 0
    day: Array  # of FDA_DT in its quarter, from 0


def generate(folder: Path, scale: float = 1.0, seed: int = SEED) -> dict[str, int]:
    """Write the extracts of four quarters, `faers_ascii_2022Q1` and so on, to a folder.

    :param scale: times the sizes above; 0.001 gives 2,000 cases
    :returns: rows of each table over all quarters, and of the lists as DELETED
    """
    random = np.random.default_rng(seed)
    sizes = [round(size * scale) for size in (CASES, REPORTS, DRUG_ROWS, REACTION_ROWS)]
    cases, reports, drug_rows, reaction_rows = sizes
    drawn = _reports(cases, reports - cases, random)
    caseids = _FIRST_CASE + np.cumsum(random.integers(1, 9, cases))
    drugs, reactions = (_split(rows, reports, random) for rows in (drug_rows, reaction_rows))
    deleted = random.choice(caseids, round(DELETED * scale), replace=False)
    starts = np.array(list(QUARTERS.values()), "datetime64[D]")
    dates = starts[drawn.quarter] + drawn.day
    # Reports stand by case, the first version first: where it is, for each.
    first_dates = dates[np.arange(reports) - (drawn.version - 1)]
    counts: dict[str, int] = {}
    for number, name in enumerate(QUARTERS):
        here = np.flatnonzero(drawn.quarter == number)
        ids = caseids[drawn.case[here]]
        key = pl.DataFrame({"primaryid": ids * 10 + drawn.version[here], "caseid": ids})
        quarter = Quarter(key, random)
        tables = {"DEMO": quarter.demo(drawn.version[here], dates[here], first_dates[here])}
        tables["DRUG"], suspects = quarter.drug(drugs[here])
        tables["REAC"] = quarter.reac(reactions[here], suspects)
        tables |= quarter.others({n: round(rows * scale / 4) for n, rows in OTHER_ROWS.items()})
        last = number == len(QUARTERS) - 1
        gone = np.sort(deleted) if last else _NO_CASE + 4 * np.arange(len(deleted)) + number
        tables["DELETED"] = pl.DataFrame({"caseid": gone})
        _write(folder / f"faers_ascii_20{name}", name, tables)
        for table, rows in tables.items():
            counts[table] = counts.get(table, 0) + len(rows)
    return counts


def _reports(cases: int, follow_ups: int, random: Random) -> Reports:
    """Draw in which quarters and on which days the versions of each case come."""
    third = follow_ups // _THIRD
    followed = random.permutation(cases)[: follow_ups - third]
    versions = np.ones(cases, np.int64)
    versions[followed] = 2
    versions[followed[:third]] = 3
    quarters = [random.integers(0, len(QUARTERS), cases)]
    days = [random.integers(0, _DAYS // 2, cases)]
    for _ in range(2):
        later = random.choice(3, cases, p=[0.4, 0.4, 0.2])
        quarter = np.minimum(quarters[-1] + later, len(QUARTERS) - 1)
        # Of one quarter: the same day for some, so that the higher primaryid decides.
        same = np.minimum(days[-1] + random.integers(0, 10, cases), _DAYS - 1)
        days.append(np.where(quarter == quarters[-1], same, random.integers(0, _DAYS, cases)))
        quarters.append(quarter)
    case = np.repeat(np.arange(cases), versions)
    version = np.arange(len(case)) - np.repeat(np.cumsum(versions) - versions, versions)
    return Reports(
        case, version + 1, np.stack(quarters)[version, case], np.stack(days)[version, case]
    )


def _split(rows: int, reports: int, random: Random) -> Array:
    """Give each report at least one of the rows, and a few of them many."""
    weights = random.lognormal(0, 0.9, reports)
    shares = weights / weights.sum() * (rows - reports)
    split: Array = 1 + shares.astype(np.int64)
    split[random.permutation(reports)[: rows - split.sum()]] += 1
    return split


def _write(root: Path, quarter: str, tables: dict[str, pl.DataFrame]) -> None:
    (root / "ASCII").mkdir(parents=True, exist_ok=True)
    (root / "Deleted").mkdir(exist_ok=True)
    for name, table in tables.items():
        if name == "DELETED":
            table.write_csv(root / "Deleted" / f"DELETE{quarter}.txt", include_header=False)
        else:
            write(table, root / "ASCII" / f"{name}{quarter}.txt")


def main() -> None:
    """Generate extracts and say what they hold."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.faers.generate", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 2 million cases (1)")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    start = time.perf_counter()
    counts = generate(arguments.folder, arguments.scale, arguments.seed)
    print(", ".join(f"{name} {rows:,}" for name, rows in counts.items()))
    print(f"{time.perf_counter() - start:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
