"""DuckDB and Spark make the same cases."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evikg.loaders.faers.making import Choices
from evikg.loaders.faers.reports import TABLES, open_reports, prepare

from .kept import keep, read

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Ibis asks DuckDB and pandas by names that they have given up, and Spark leaves sockets open.
pytestmark = pytest.mark.filterwarnings("ignore")
UNII = Path(__file__).parents[2] / "data" / "faers" / "UNII_Names.txt"


def quarters(folder: Path) -> None:
    """Keep two quarters that meet every rule: a report in both, a deleted case, two alike."""
    same: dict[str, Any] = {
        "fda_dt": "20220101", "event_dt": "20190101", "sex": "F", "age": "61", "age_cod": "YR",
        "reporter_country": "FRANCE",
    }  # fmt: skip
    keep(
        folder, "2012q4",
        demo=[{"primaryid": 4271953, "caseid": 1, "fda_dt": "2012"}, {"primaryid": 12, "caseid": 1},
              {"primaryid": 21, "caseid": 2, "wt": "9e9", "wt_cod": "KG", "fda_dt": "201210"},
              {"primaryid": 22, "caseid": 2, "age": "x", "age_cod": "MON", "fda_dt": "20121"}],
        drug=[{"primaryid": 4271953, "drug_seq": 1, "role_cod": "PS", "drugname": "CMC-544"},
              {"primaryid": 21, "drug_seq": 1, "role_cod": "SS", "drugname": None}],
        reac=[{"primaryid": 4271953, "pt": "RASH"}, {"primaryid": 21, "pt": None}],
    )  # fmt: skip
    keep(
        folder, "2013q1",
        demo=[{"primaryid": 4271953, "caseid": 1, "fda_dt": "20120102", "age": "18", "age_cod": "MON"},
              {"primaryid": 31, "caseid": 3, **same}, {"primaryid": 41, "caseid": 4, **same},
              {"primaryid": 51, "caseid": 5, "fda_dt": None}],
        drug=[{"primaryid": n, "drug_seq": s, "role_cod": "PS", "drugname": name, "prod_ai": ai}
              for n, s, name, ai in [(4271953, 1, "Besponsa", None), (31, 1, "A", None),
                                     (31, 2, "PERCOCET", r"OXYCODONE\ACETAMINOPHEN"),
                                     (41, 1, "Percocet", r"ACETAMINOPHEN\OXYCODONE"), (41, 2, "a.", None)]],
        reac=[{"primaryid": n, "pt": term} for n, term in
              [(4271953, "Rash"), (31, "Rash"), (31, "Pyrexia"), (41, "PYREXIA"), (41, "rash")]],
        outc=[{"primaryid": 31, "outc_cod": "DE"}, {"primaryid": 41, "outc_cod": "HO"}],
        indi=[{"primaryid": 41, "drug_seq": 1, "indi_pt": "Pain"}],
        ther=[{"primaryid": 41, "drug_seq": 1, "start_dt": "202001", "end_dt": None}],
        deleted=[{"caseid": 5}],
    )  # fmt: skip


def test_spark_makes_the_cases_that_duckdb_makes(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> None:
    import ibis

    choices = Choices(alike=True, names=UNII)
    made = []
    for name, backend in (("duckdb", None), ("spark", ibis.pyspark.connect(spark))):
        folder = tmp_path_factory.mktemp(name)
        quarters(folder)
        steps = prepare(folder, choices=choices, backend=backend)
        # Each reads what the other wrote, too: here DuckDB does.
        reports = open_reports(folder)
        made.append((steps, {table: read(getattr(reports, table)) for table in TABLES}))
        found = read(open_reports(folder, backend).cases)
        assert found == made[-1][1]["cases"]
    assert made[0] == made[1]
    steps, tables = made[0]
    assert [(step.reports, step.cases) for step in steps] == [
        (8, 5), (7, 5), (6, 4), (4, 4), (3, 3),
    ]  # fmt: skip
    assert {row["primaryid"] for row in tables["cases"]} == {4271953, 22, 41}
