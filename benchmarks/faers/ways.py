"""The ways from quarterly extracts to all pairs, each in a process of its own.

`python -m benchmarks.faers.ways NAME EXTRACTS KEPT PAIRS` goes one way: from the folder EXTRACTS, or
for `parquet` from the folder KEPT that `ascii` wrote before, to a Parquet file of PAIRS with columns
drug, event, a, b, c, d, ror, ror_low, ror_high: pairs reported in three cases or more, all roles.
The command that compares them starts it; nobody else needs to.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

LEAST, NORMAL_QUANTILE = 3, 1.96
_SQL = Path(__file__).with_name("pairs.sql")


def sql(extracts: Path, _kept: Path, pairs: Path) -> None:
    """Go by DuckDB: `pairs.sql`."""
    import duckdb

    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute("SET temp_directory = ?", [spill])
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET VARIABLE folder = ?", [str(extracts)])
        connection.execute(_SQL.read_text(encoding="utf-8"))
        connection.table("pairs").write_parquet(str(pairs))


def pandas(extracts: Path, _kept: Path, pairs: Path) -> None:
    """Go by pandas, with categories for names."""
    import numpy as np
    import pandas as pd

    def read(table: str, columns: dict[str, str]) -> pd.DataFrame:
        files = sorted(extracts.glob(f"*/ASCII/{table}*.txt"))
        parts = [
            pd.read_csv(file, sep="$", quoting=3, usecols=list(columns), dtype=columns)
            for file in files
        ]
        return pd.concat(parts, ignore_index=True)

    reports = read("DEMO", {"primaryid": "int64", "caseid": "int64", "fda_dt": "str"})
    lists = sorted(extracts.glob("*/Deleted/DELETE*.txt"))
    deleted = pd.concat([pd.read_csv(file, names=["caseid"]) for file in lists])
    reports = reports[~reports.caseid.isin(deleted.caseid)]
    reports = reports.sort_values(["caseid", "fda_dt", "primaryid"])
    cases = reports.drop_duplicates("caseid", keep="last").primaryid

    def distinct(table: str, name: str) -> tuple[pd.DataFrame, pd.Index]:
        rows = read(table, {"primaryid": "int64", name: "str"})
        rows = rows[rows.primaryid.isin(cases)]
        codes, names = pd.factorize(rows[name])
        found = pd.DataFrame({"primaryid": rows.primaryid, name: codes.astype("int32")})
        return found[codes >= 0].drop_duplicates(), names

    drugs, substances = distinct("DRUG", "prod_ai")
    reactions, terms = distinct("REAC", "pt")
    both = drugs.merge(reactions, on="primaryid")
    found = both.groupby(["prod_ai", "pt"], sort=False).size().rename("a").reset_index()
    found = found[found.a >= LEAST]
    of_drug = drugs.prod_ai.value_counts().reindex(found.prod_ai).to_numpy()
    of_event = reactions.pt.value_counts().reindex(found.pt).to_numpy()
    a = found.a.to_numpy()
    b, c = of_drug - a, of_event - a
    d = len(cases) - a - b - c
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((b > 0) & (c > 0) & (d > 0), a * d / (b * c), np.nan)
        error = NORMAL_QUANTILE * np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
        low, high = np.exp(np.log(ratio) - error), np.exp(np.log(ratio) + error)
    pd.DataFrame(
        {"drug": substances[found.prod_ai], "event": terms[found.pt], "a": a, "b": b, "c": c, "d": d}
        | {"ror": ratio, "ror_low": low, "ror_high": high}
    ).to_parquet(pairs)  # fmt: skip


def spark(extracts: Path, _kept: Path, pairs: Path) -> None:
    """Go by PySpark on two processors of this machine."""
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as f

    with tempfile.TemporaryDirectory() as scratch:
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.memory", "3g")
            .config("spark.local.dir", scratch)
            .config("spark.log.level", "ERROR")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "8")
            .getOrCreate()
        )

        def files(pattern: str) -> list[str]:
            return sorted(map(str, extracts.glob(pattern)))

        def read(table: str, *columns: str) -> DataFrame:
            rows = session.read.csv(files(f"*/ASCII/{table}*.txt"), sep="$", header=True, quote="")
            return rows.select(f.col("primaryid").cast("bigint"), *columns)

        lists = session.read.csv(files("*/Deleted/DELETE*.txt"), schema="caseid string")
        reports = read("DEMO", "caseid", "fda_dt").join(lists, "caseid", "left_anti")
        latest = f.max(f.struct("fda_dt", "primaryid")).alias("latest")
        cases = reports.groupBy("caseid").agg(latest).select("latest.primaryid").cache()
        drug, event = f.col("prod_ai").alias("drug"), f.col("pt").alias("event")
        drugs = read("DRUG", "prod_ai").join(cases, "primaryid", "left_semi")
        drugs = drugs.select("primaryid", drug).dropna().distinct().cache()
        reactions = read("REAC", "pt").join(cases, "primaryid", "left_semi")
        reactions = reactions.select("primaryid", event).dropna().distinct().cache()
        both = drugs.join(reactions, "primaryid").groupBy("drug", "event")
        found = both.agg(f.count("*").alias("a")).where(f.col("a") >= LEAST)
        found = found.join(drugs.groupBy("drug").agg(f.count("*").alias("of_drug")), "drug")
        found = found.join(reactions.groupBy("event").agg(f.count("*").alias("of_event")), "event")
        found = found.select(
            "drug", "event", "a", f.expr("of_drug - a AS b"), f.expr("of_event - a AS c"),
            (f.lit(cases.count()) - f.col("of_drug") - f.col("of_event") + f.col("a")).alias("d"),
        )  # fmt: skip
        ratio = f.expr("CASE WHEN b > 0 AND c > 0 AND d > 0 THEN a * d / (b * c) END")
        found = found.withColumn("ror", ratio).withColumn(
            "error",
            f.expr(f"CASE WHEN ror > 0 THEN {NORMAL_QUANTILE} * sqrt(1/a + 1/b + 1/c + 1/d) END"),
        )
        found.select(
            "drug", "event", "a", "b", "c", "d", "ror",
            f.expr("exp(ln(ror) - error) AS ror_low"), f.expr("exp(ln(ror) + error) AS ror_high"),
        ).write.parquet(str(pairs))  # fmt: skip
        session.stop()


def ascii(extracts: Path, kept: Path, pairs: Path) -> None:
    """Go by EviKG from the extracts: load them with its command, then count what it kept."""
    from evikg.cli.main import cli

    with redirect_stdout(sys.stderr):
        cli(["load", "faers", str(extracts), "--faers", str(kept)], standalone_mode=False)
    parquet(extracts, kept, pairs)


def parquet(_extracts: Path, kept: Path, pairs: Path) -> None:
    """Go by EviKG from what an earlier load kept."""
    from evikg.analysis.disproportionality.counts import Reports, pair_counts
    from evikg.analysis.disproportionality.measures import with_ror
    from evikg.loaders.faers.making import ROLES
    from evikg.loaders.faers.reports import open_reports

    made = open_reports(kept)
    counted = Reports(made.cases, made.exposed(ROLES), made.reactions, distinct=True)
    found = with_ror(pair_counts(counted, minimum=LEAST))
    named = found.join(made.substances, "drug").join(made.terms, "event")
    rest = [name for name in found.columns if name not in {"drug", "event"}]
    named = named.select(*rest, drug=named.substance, event=named.term)
    made.backend.to_parquet(named, str(pairs))


#: Every way by its name; the first is what the others are compared to.
WAYS: dict[str, Callable[[Path, Path, Path], None]] = {
    "sql": sql,
    "pandas": pandas,
    "spark": spark,
    "ascii": ascii,
    "parquet": parquet,
}


def main() -> None:
    """Go one way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faers.ways", description=__doc__)
    parser.add_argument("way", choices=list(WAYS))
    for name in ("extracts", "kept", "pairs"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    WAYS[arguments.way](arguments.extracts, arguments.kept, arguments.pairs)


if __name__ == "__main__":
    main()
