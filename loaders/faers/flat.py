"""A published table of cases, drugs and events, one row each: CASEID, DRUG, AE.

Such tables are cut from an extract for one role of drugs, as the primary suspects of a quarter.
"""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from evikg.loaders.faults import EvidenceError, Fault

from .counts import Counts
from .finding import Member
from .layouts import headers
from .strangers import complaint
from .tables import TableWriter

#: What such a table does not tell, for the manifest.
UNKNOWN = (
    "versions of cases, dates, patients, reporters, countries, outcomes, indications and therapies;"
    " drugs in other roles than primary suspect"
)
_GZIP = b"\x1f\x8b"


def check_flat(member: Member) -> None:
    """Read the header.

    :raises EvidenceError: if it is another
    """
    expected = ",".join(headers("cases")[0].names).upper()
    with opened(member) as stream:
        start = stream.read(4096)
    first = start.partition(b"\n")[0].decode("utf-8-sig", "replace").strip()
    if first.replace('"', "").upper() == expected:
        return
    fault = complaint(member.path, io.BytesIO(start))
    if "expected" in fault.expected:
        fault = Fault(member.path, 1, 1, "", first, f"expected the header {expected}")
    raise EvidenceError([fault])


@contextmanager
def opened(member: Member) -> Iterator[IO[bytes]]:
    """Open the table for reading bytes, unpacked."""
    with member.open() as stream:
        packed = member.base.endswith(".gz")
        yield gzip.GzipFile(fileobj=stream) if packed else stream  # type: ignore[misc]


def write_flat(member: Member, targets: dict[str, Path], counts: dict[str, Counts]) -> None:
    """Write the tables DEMO, DRUG and REAC of a flat table.

    A report is a case, and a pair of a case and a drug, or of a case and an event, is one row
    however often it stands there.

    :param targets: the Parquet files by table
    :param counts: by table; the rows of the flat table count as those of REAC
    """
    import pyarrow as pa
    from pyarrow import compute, csv

    bad: list[str] = []

    def skip(row: csv.InvalidRow) -> str:
        bad.append(row.text)
        return "skip"

    with opened(member) as stream:
        table = csv.read_csv(
            stream,
            csv.ReadOptions(column_names=["caseid", "drug", "pt"], skip_rows=1),
            csv.ParseOptions(invalid_row_handler=skip, newlines_in_values=True),
            csv.ConvertOptions(
                column_types=dict.fromkeys(("caseid", "drug", "pt"), pa.string()),
                strings_can_be_null=True, null_values=[""],
            ),
        )  # fmt: skip
    numbered = compute.fill_null(
        compute.match_substring_regex(table["caseid"], r"^[0-9]{1,18}$"), False
    )
    whole = compute.and_(numbered, compute.and_(table["drug"].is_valid(), table["pt"].is_valid()))
    good = table.filter(whole)
    good = good.set_column(0, "primaryid", good["caseid"].cast(pa.int64()))
    cases = good.group_by("primaryid").aggregate([])
    drugs = good.select(["primaryid", "drug"]).group_by(["primaryid", "drug"]).aggregate([])
    drugs = drugs.sort_by([("primaryid", "ascending"), ("drug", "ascending")])
    drugs = drugs.rename_columns(["primaryid", "drugname"])
    roles = pa.array(["PS"] * drugs.num_rows, pa.string())
    made = {
        "demo": cases,
        "drug": drugs.append_column("drug_seq", _numbers(drugs["primaryid"])).append_column(
            "role_cod", roles
        ),
        "reac": good.select(["primaryid", "pt"]).group_by(["primaryid", "pt"]).aggregate([]),
    }
    for name, target in targets.items():
        count = counts[name]
        with TableWriter(name, target, count) as writer:
            if name not in made:
                continue
            rows_of = made[name].append_column("caseid", made[name]["primaryid"])
            for batch in rows_of.combine_chunks().to_batches():
                writer.write(batch)
        count.read = count.kept
    count = counts["reac"]
    count.read = table.num_rows + len(bad)
    lost = {
        "too few or too many fields": len(bad),
        "no case, drug or event": table.num_rows - good.num_rows,
        "the same case and event again": good.num_rows - count.kept,
    }
    count.rejected.update({reason: rows for reason, rows in lost.items() if rows})


def _numbers(sorted_keys: Any) -> Any:
    """Return the place of each row among those of its key, from 1."""
    import numpy as np
    import pyarrow as pa

    keys = sorted_keys.to_numpy()
    places = np.arange(len(keys))
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else places
    return pa.array(places - np.repeat(starts, np.diff(np.r_[starts, len(keys)])) + 1, pa.int64())
