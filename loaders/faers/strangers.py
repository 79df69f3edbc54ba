"""Files that are no extract of FAERS: what they are instead."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import IO

from evikg.loaders.faults import WEB_PAGE, Fault, is_web_page

_START = 4096


def complaint(path: Path, stream: IO[bytes]) -> Fault:
    """Return what is wrong with a file that is no table of FAERS.

    :param stream: the file from its beginning
    """
    start = stream.read(_START)
    return Fault(path, 0, 0, "", "", _words(path, start))


def _words(path: Path, start: bytes) -> str:
    if not start.strip():
        return "is empty"
    if is_web_page(start):
        return WEB_PAGE
    text = start.decode("utf-8-sig", "replace")
    for pattern, agency in _agencies():
        if pattern.search(text):
            return f"is of {agency}, not a quarterly extract of FAERS"
    if path.suffix.lower() in (".sgm", ".sgml"):
        return "is SGML of AERS, which is not read; take the ASCII extract of the quarter"
    return (
        "is no quarterly extract of FAERS; expected a zip archive such as faers_ascii_2022Q4.zip,"
        " a folder of its tables, ADR22Q4.xml, or a CSV file of CASEID, DRUG and AE with the"
        " quarter in its name"
    )


@cache
def _agencies() -> list[tuple[re.Pattern[str], str]]:
    with (Path(__file__).parent / "agencies.csv").open(encoding="utf-8", newline="") as stream:
        return [(re.compile(row["pattern"]), row["agency"]) for row in csv.DictReader(stream)]
