"""The XML extract: reports after ICH E2B(R2), written as the same tables as the ASCII extract.

Elements and codes stand in `icsr.csv` and `icsr_codes.csv` (source: ICH E2B(R2) of 2001, sections A.1
to B.4 and attachments 1 and 2; the README of the extracts, sections G and I).
"""

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element  # the type; defusedxml reads

from evikg.loaders.faults import EvidenceError, Fault

from .counts import Counts
from .finding import Member
from .layouts import DELETED, TABLES
from .strangers import complaint
from .tables import TableWriter

#: What the XML extract does not tell, for the manifest.
UNKNOWN = (
    "sources of reports (RPSR), which suspect drug is the primary one (the first is taken), initial"
    " or follow-up, date of the report, outcome RI"
)
Row = dict[str, str | int | None]
_BATCH = 20_000
_NUMBER = re.compile(r"(\d+)(-[\dX])?")
_EVENT_DATE = re.compile(r"CASE EVENT DATE:\s*(\d{4,8})")
_SUSPECT, _CONCOMITANT, _INTERACTING = "1", "2", "3"
_YES = "1"


@dataclass(frozen=True, slots=True)
class _Field:
    column: str
    element: str
    codes: dict[str, str]


def write_xml(members: list[Member], targets: dict[str, Path], counts: dict[str, Counts]) -> None:
    """Write the tables of the XML files of one quarter; memory stays flat.

    :param targets: the Parquet files by table, DELETED among them
    :param counts: by table
    :raises EvidenceError: if a file is no XML of FAERS, or ends early
    """
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(TableWriter(name, target, counts[name]))
            for name, target in targets.items()
        }
        waiting: dict[str, list[Row]] = {name: [] for name in targets}
        for member in members:
            before = counts["demo"].read
            with member.open() as stream:
                for number, report in enumerate(_reports(member.path, stream), start=1):
                    _add(report, number, waiting, counts)
                    for name, rows in waiting.items():
                        if len(rows) >= _BATCH:
                            writers[name].write_rows(rows)
                            rows.clear()
            if counts["demo"].read == before:
                words = "holds no report of FAERS"
                raise EvidenceError([Fault(member.path, 0, 0, "", "", words)])
        for name, rows in waiting.items():
            writers[name].write_rows(rows)


def check_xml(member: Member) -> None:
    """Read the beginning.

    :raises EvidenceError: if it is no XML of ICH E2B
    """
    with member.open() as stream:
        start = stream.read(4096)
    if b"<ichicsr" not in start:
        from io import BytesIO

        fault = complaint(member.path, BytesIO(start))
        if "expected" in fault.expected:
            fault = Fault(member.path, 0, 0, "", "", "expected XML with the root ichicsr")
        raise EvidenceError([fault])


def _reports(path: Path, stream: IO[bytes]) -> Iterator[Element]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    try:
        steps = iterparse(stream, events=("start", "end"))
        _, root = next(steps)
        for event, element in steps:
            if event == "end" and element.tag == "safetyreport":
                yield element
                root.clear()
    except ParseError as error:
        line, column = error.position
        words = f"is not well-formed XML, or cut short: {error}; download it again"
        raise EvidenceError([Fault(path, line, column + 1, "", "", words)]) from error
    except DefusedXmlException as error:
        words = f"declares entities, which are not read: {type(error).__name__}"
        raise EvidenceError([Fault(path, 0, 0, "", "", words)]) from error


def _add(
    report: Element, number: int, waiting: dict[str, list[Row]], counts: dict[str, Counts]
) -> None:
    """Add the rows of a report to those that wait to be written."""
    match = _NUMBER.fullmatch(_text(report, "safetyreportid"))
    if match is None:
        counts["demo"].reject(number, "safetyreportid is no number of FAERS")
        return
    caseid, version = int(match[1]), _text(report, "safetyreportversion")
    if match[2]:  # an ISR with its check digit: AERS does not tell the case
        key: Row = {"primaryid": caseid}
    else:
        key = {"primaryid": int(f"{caseid}{version}") if version.isdigit() else caseid}
        key["caseid"] = caseid
    if _text(report, "casenullification") == _YES:
        counts[DELETED].read += 1
        waiting[DELETED].append({"caseid": caseid})
        return
    made: dict[str, list[Row]] = {name: [] for name in TABLES}
    made["demo"] = [_demo(report)]
    outcomes = (f.column for f in _fields("outc") if _text(report, f.element) == _YES)
    made["outc"] = [{"outc_cod": code} for code in outcomes]
    _add_drugs(report, made)
    recurred = {
        element.text.strip().upper()
        for element in report.iterfind("patient/drug/drugrecurrence/drugrecuraction")
        if element.text
    }
    for reaction in report.iterfind("patient/reaction"):
        row = _row("reac", reaction)
        if row and str(row["pt"]).upper() in recurred:
            row["drug_rec_act"] = row["pt"]
        made["reac"] += [row] if row else []
    for name, rows in made.items():
        counts[name].read += len(rows)
        waiting[name] += ({**key, **row} for row in rows)


def _demo(report: Element) -> Row:
    row = _row("demo", report)
    dates = [d for d in (_text(report, "receivedate"), _text(report, "receiptdate")) if d]
    if dates:
        # The README and E2B disagree on which of the two is the first: the earlier one is.
        row["init_fda_dt"], row["fda_dt"] = min(dates), max(dates)
    if event := _EVENT_DATE.search(_text(report, "patient/summary/narrativeincludeclinical")):
        row["event_dt"] = event[1]
    if "wt" in row:
        row["wt_cod"] = "KG"
    return row


def _add_drugs(report: Element, made: dict[str, list[Row]]) -> None:
    suspects = 0
    for sequence, drug in enumerate(report.iterfind("patient/drug"), start=1):
        code = _text(drug, "drugcharacterization")
        suspects += code == _SUSPECT
        first = "PS" if suspects == 1 else "SS"
        row = _row("drug", drug)
        row["drug_seq"] = sequence
        row["role_cod"] = {_SUSPECT: first, _CONCOMITANT: "C", _INTERACTING: "I"}.get(code)
        names = [
            n.text.strip() for n in drug.iterfind("activesubstance/activesubstancename") if n.text
        ]
        row["prod_ai"] = "\\".join(names) or None
        made["drug"].append(row)
        for table in ("ther", "indi"):
            if found := _row(table, drug):
                made[table].append({"drug_seq": sequence, **found})


def _row(table: str, element: Element) -> Row:
    """Return the columns of a table that an element tells."""
    row: Row = {}
    for field in _fields(table):
        if text := _text(element, field.element):
            row[field.column] = field.codes.get(text, text)
    return row


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


@cache
def _fields(table: str) -> tuple[_Field, ...]:
    codes: dict[str, dict[str, str]] = {}
    for row in _rows("icsr_codes.csv"):
        codes.setdefault(row["codes"], {})[row["code"]] = row["value"]
    return tuple(
        _Field(row["column"], row["element"], codes.get(row["codes"], {}))
        for row in _rows("icsr.csv")
        if row["table"] == table
    )


def _rows(name: str) -> list[dict[str, Any]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
