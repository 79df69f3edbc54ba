"""Generated tables with planted breaks and separators are read back as they were."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.loaders.faers.counts import Counts
from evikg.loaders.faers.layouts import shape
from evikg.loaders.faers.tables import convert

from .written import HEADERS

COLUMNS = HEADERS["drug"].replace("$", " ").split()
#: Characters of a text: what is not a separator, not the end of a line to any reader, and no blank
#: at an end, since the joint of two lines is one blank.
CHARACTERS = st.characters(codec="utf-8", exclude_characters="$\r\n\0\x0b\x0c\x1c\x1d\x1e\x85  ",
                           exclude_categories=("Cs", "Zs", "Cc"))  # fmt: skip
WORDS = st.lists(st.text(CHARACTERS, min_size=1, max_size=6), min_size=1, max_size=4)
TEXT = WORDS.map(" ".join)


def number() -> st.SearchStrategy[str]:
    return st.integers(10**6, 10**18 - 1).map(str)


ROW = st.fixed_dictionaries(
    {
        "primaryid": number(), "caseid": number(), "drug_seq": number(),
        "role_cod": st.sampled_from(["PS", "SS", "C", "I"]), "drugname": TEXT, "prod_ai": TEXT,
        "val_vbm": st.sampled_from("12"), "route": st.sampled_from(["Oral", "Intravenous drip"]),
        "dose_vbm": TEXT, "dechal": st.sampled_from("YNUD"), "nda_num": st.integers(1).map(str),
        "dose_form": TEXT | st.just(""),
    }
)  # fmt: skip
#: A plant: None, a line break for the n-th blank of the row, or a separator in a column.
PLANT = st.none() | st.tuples(st.just("break"), st.integers(0, 20)) | st.sampled_from(
    [("stray", "drugname"), ("stray", "dose_vbm")]
)  # fmt: skip
Row = dict[str, str]


@settings(max_examples=60)
@given(st.lists(st.tuples(ROW, PLANT), min_size=1, max_size=6), st.sampled_from([b"\n", b"\r\n"]))
def test_what_was_written_is_read(
    rows: list[tuple[Row, tuple[str, object] | None]], end: bytes
) -> None:
    expected: list[Row] = []
    lines, strays = [HEADERS["drug"].encode()], 0
    for row, plant in rows:
        written = dict(row)
        if plant is not None and plant[0] == "stray":
            name = str(plant[1])
            written[name] = f"{row[name]}$x"
            strays += 1
        line = "$".join(written.get(name, "") for name in COLUMNS).encode()
        if plant is not None and plant[0] == "break":
            line = _broken(line, int(str(plant[1])))
        lines.append(line)
        expected.append({name: value for name, value in written.items() if value})
    data = end.join(lines) + end
    kept, counts = _read(data)
    assert counts.read == len(rows) == counts.kept + sum(counts.rejected.values())
    if strays == 0:
        assert counts.rejected == {}
    # A stray separator may be ambiguous, and the row rejected; but no row is read otherwise.
    for row in kept:
        assert row in expected
        expected.remove(row)
    assert len(expected) <= strays


def _broken(line: bytes, place: int) -> bytes:
    """Break a line at a blank, if it has any."""
    words = line.split(b" ")
    if len(words) == 1:
        return line
    at = place % (len(words) - 1) + 1
    return b" ".join(words[:at]) + b"\n" + b" ".join(words[at:])


def _read(data: bytes) -> tuple[list[Row], Counts]:
    head = [line.rstrip(b"\r") for line in data.split(b"\n") if line.strip()]
    of, faults = shape(Path("DRUG22Q4.txt"), "drug", "2022q4", head)
    assert of is not None, faults
    counts = Counts()
    with TemporaryDirectory() as folder:
        target = Path(folder) / "drug.parquet"
        convert(lambda: io.BytesIO(data), of, target, counts)
        rows = pq.read_table(target).to_pylist()
    return [{name: str(row[name]) for name in row if row[name] is not None} for row in rows], counts
