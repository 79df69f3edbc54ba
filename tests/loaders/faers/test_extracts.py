"""Real extracts: what is kept is what other tools read from the same files."""

import io
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from evikg.loaders.faers.layouts import TABLES, columns
from evikg.loaders.faers.loading import Loaded, load

from .written import AERS, FAERS_2017, FAERS_2022, kept

#: Lines that `wc -l` counts, less the header and plus a last line without an end; of the list of
#: deleted cases less the blank first line.
COUNTED = {
    "2004q1": {"demo": 100, "drug": 386, "reac": 416, "outc": 93, "rpsr": 119, "ther": 145,
               "indi": 124, "deleted": 0},
    "2017q2": {"demo": 100, "drug": 328, "reac": 286, "outc": 75, "rpsr": 2, "ther": 142,
               "indi": 232, "deleted": 0},
    "2022q4": {"demo": 258, "drug": 209, "reac": 974, "outc": 1206, "rpsr": 386, "ther": 500,
               "indi": 607, "deleted": 3624},
}  # fmt: skip
#: New names of columns of AERS, by hand from ASC_NTS, section G.
RENAMED = {
    "isr": "primaryid", "case": "caseid", "foll_seq": "caseversion", "i_f_cod": "i_f_code",
    "gndr_cod": "sex", "dsg_drug_seq": "drug_seq", "indi_drug_seq": "drug_seq",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Loaded]:
    place = tmp_path_factory.mktemp("faers")
    return place, load([AERS, FAERS_2017, FAERS_2022], place)


def test_every_row_is_kept_and_counted(folder: tuple[Path, Loaded]) -> None:
    loaded = folder[1]
    found = {
        quarter: {name: counts.kept for name, counts in of.items()}
        for quarter, of in loaded.counts.items()
    }
    assert found == COUNTED
    assert all(c.read == c.kept for of in loaded.counts.values() for c in of.values())
    assert loaded.quarters == ["2004q1", "2017q2", "2022q4"]


@pytest.mark.parametrize("archive", [AERS, FAERS_2017, FAERS_2022], ids=lambda path: path.stem)
@pytest.mark.parametrize("table", TABLES)
def test_values_are_those_that_pandas_reads(
    folder: tuple[Path, Loaded], archive: Path, table: str
) -> None:
    quarter = archive.stem[-6:].lower()
    with zipfile.ZipFile(archive) as opened:
        name = next(n for n in opened.namelist() if Path(n).name.lower().startswith(table))
        data = opened.read(name)
    read = pd.read_csv(io.BytesIO(data), sep="$", dtype=str, keep_default_na=False, quoting=3)
    read = read.drop(columns=[name for name in read if name.startswith("v") and name[1:].isdigit()])
    read = read.rename(columns=RENAMED)
    rows = [
        {n: int(v) if n in ("primaryid", "caseid", "drug_seq") else v for n, v in row.items() if v}
        for row in read.to_dict("records")
    ]
    place = folder[0]
    assert _bag(kept(place, table, quarter)) == _bag(rows)
    schema = pq.read_schema(place / "tables" / table / f"{quarter}.parquet")
    assert schema.names == [column.name for column in columns(table)]


def test_deleted_cases_are_those_of_the_list(folder: tuple[Path, Loaded]) -> None:
    with zipfile.ZipFile(FAERS_2022) as archive:
        words = archive.read("Deleted/DELETE22Q4.txt").split()
    assert [row["caseid"] for row in kept(folder[0], "deleted")] == [int(word) for word in words]


def test_a_flat_table_makes_reports_suspects_and_reactions(tmp_path: Path) -> None:
    # Counted by hand: three cases, one with two events and a row twice.
    rows = (
        b"CASEID,DRUG,AE\n7,Besponsa,Sepsis\n7,Besponsa,Ascites\n"
        b'8,"A, B",Sepsis\n9,X,Pain\n9,X,Pain\n,Y,Pain\nz,Y,Pain\n'
    )
    file = tmp_path / "faers22q3_primary_suspect.csv"
    file.write_bytes(rows)
    loaded = load([file], tmp_path / "kept")
    place = tmp_path / "kept"
    assert sorted(r["primaryid"] for r in kept(place, "demo", "2022q3")) == [7, 8, 9]  # type: ignore[type-var]
    drugs = {
        (row["caseid"], row["drug_seq"], row["role_cod"], row["drugname"])
        for row in kept(place, "drug", "2022q3")
    }
    assert drugs == {(7, 1, "PS", "Besponsa"), (8, 1, "PS", "A, B"), (9, 1, "PS", "X")}
    events = sorted((r["primaryid"], r["pt"]) for r in kept(place, "reac", "2022q3"))
    assert events == [(7, "Ascites"), (7, "Sepsis"), (8, "Sepsis"), (9, "Pain")]
    counts = loaded.counts["2022q3"]["reac"]
    assert (counts.read, counts.kept) == (7, 4)
    assert counts.rejected == {"no case, drug or event": 2, "the same case and event again": 1}


def _bag(rows: list[dict[str, object]]) -> Counter[tuple[tuple[str, object], ...]]:
    return Counter(tuple(sorted(row.items())) for row in rows)
