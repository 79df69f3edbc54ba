"""A computed set of signals as a folder of evidence: `source.yaml`, `signals.csv`, `reporting.csv`."""

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from pathlib import Path
from typing import Any

from evikg.analysis.disproportionality.thresholds import THRESHOLDS
from evikg.graph.records import Drug, Record, Regimen, Variable
from evikg.loaders.evidence import REPORTING, SIGNALS, SOURCE
from evikg.loaders.signals_csv import CELLS, COLUMNS, MEASURES

from .reporting import reporting_text

#: The variable that a definition of a signal is about.
_SIGNALS = "positive-signals"
#: What may be below 0; of all else small numbers keep three significant digits.
_SIGNED = {"ic", "ic025", "ic975"}


@dataclass(frozen=True, slots=True)
class Exposed:
    """A drug of a set, with how many units (cases or events) have it and how many are compared."""

    name: str  # as the column drug has it
    drug: Drug
    size: int  # a + b
    others: int  # c + d
    compared_with: str = "reports of all other drugs"


@dataclass(frozen=True, slots=True)
class Described:
    """What a set of signals says of itself."""

    slug: str  # of the source and of its study
    title: str
    database: str
    drug_role: str
    term_level: str
    deduplication: str
    counting: str
    start: str  # months, such as 2022-07
    end: str
    drugs: tuple[Exposed, ...]
    note: str = ""  # what a reader must know, a line or several


def printed(column: str, number: float | None) -> str:
    """Return a measure as `signals.csv` has it: three decimals, below 1 three significant digits.

    >>> printed("ror", 12.2008), printed("ror_low", 0.0681728), printed("ic", -0.02), printed("prr", None)
    ('12.201', '0.0682', '-0.020', '')
    """
    if number is None or not isfinite(number):
        return ""
    decimals = 3
    if column not in _SIGNED and 0 < number < 1:
        decimals = max(3, 2 - floor(log10(number)))
    return f"{number:.{decimals}f}"


def signals_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return `signals.csv`: rows by drug, most reports first, then by event."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda row: (row["drug"], -row["a"], row["event"])):
        cells = [row["drug"], row["event"], *(str(row[name]) for name in CELLS)]
        measures = COLUMNS[len(cells) :]
        writer.writerow([*cells, *(printed(name, row.get(name)) for name in measures)])
    return text.getvalue()


def source_document(
    described: Described, sha256: str, declared: Collection[Record] = ()
) -> dict[str, Any]:
    """Return what `source.yaml` holds: all that it needs and no other evidence declares.

    :param sha256: of `signals.csv`, in hexadecimal
    :param declared: by the evidence that it is to stand beside
    """
    known = {(type(record), record.slug) for record in declared}
    slug = described.slug
    unit = "cases" if described.counting == "case-level" else "events"
    groups: list[dict[str, Any]] = []
    regimens: list[dict[str, Any]] = []
    drugs = []
    for item in described.drugs:
        own, others = f"{slug}-{item.drug.slug}", f"{slug}-{item.drug.slug}-others"
        regimen = f"{item.drug.slug}-as-reported"
        if (Regimen, regimen) not in known:
            label = f"{item.drug.label}, doses as reported"
            regimens.append({"slug": regimen, "label": label, "drug": item.drug.slug})
        words = f"{described.database}, {item.name}"
        groups.append({"slug": own, "study": slug, "label": f"{words}: {unit}", "kind": unit,
                       "size": item.size, "regimen": regimen})  # fmt: skip
        kind = "reports" if unit == "cases" else "events"
        groups.append({"slug": others, "study": slug, "kind": kind, "size": item.others,
                       "label": f"{words}: {item.compared_with}"})  # fmt: skip
        drugs.append({"drug": item.name, "group": own, "comparator": others})
    rule = THRESHOLDS["ror"]
    document: dict[str, Any] = {
        "source": {"slug": slug, "kind": "database release", "title": described.title,
                   "licence": "public domain (U.S. Government work)", "text_sha256": sha256},
        "drugs": [
            {"slug": item.drug.slug, "label": item.drug.label}
            for item in described.drugs if (Drug, item.drug.slug) not in known
        ],
        "studies": [{
            "slug": slug, "label": described.title,
            "design": "pharmacovigilance database study",
            "start": described.start, "end": described.end,
            "drugs": sorted({item.drug.slug for item in described.drugs}),
            "database": described.database, "drug_role": described.drug_role,
            "term_level": described.term_level, "deduplication": described.deduplication,
            "counting": described.counting,
        }],
        "groups": groups,
        "regimens": regimens,
        "variables": [] if (Variable, _SIGNALS) in known else [
            {"slug": _SIGNALS, "label": "positive signals", "kind": "reporting"}
        ],
        "definitions": [{
            "slug": f"{slug}-signal", "study": slug, "variable": _SIGNALS,
            "label": f"signal of disproportionate reporting: {rule.rule}",
            "threshold": rule.rule,
        }],
        "signals": {"study": slug, "definition": f"{slug}-signal", "drugs": drugs},
    }  # fmt: skip
    return {key: value for key, value in document.items() if value}


def write_set(
    folder: Path,
    described: Described,
    rows: Sequence[Mapping[str, Any]],
    declared: Collection[Record] = (),
) -> None:
    """Write a set of signals as a source's folder; one that is there is replaced.

    :param declared: by the evidence that it is to stand beside
    :raises FileExistsError: if the folder holds something that is no set of signals
    """
    import yaml

    own = {SOURCE, SIGNALS, REPORTING}
    if folder.exists() and (unknown := {path.name for path in folder.iterdir()} - own):
        raise FileExistsError(
            f"{folder} holds {', '.join(sorted(unknown))}: give the name of a new folder"
        )
    text = signals_text(rows)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    document = source_document(described, sha256, declared)
    words = "".join(f"# {line}\n" for line in described.note.splitlines())
    body = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SIGNALS).write_text(text, encoding="utf-8", newline="\n")
    (folder / SOURCE).write_text(words + body, encoding="utf-8", newline="\n")
    reporting = reporting_text(_stated(described, rows))
    (folder / REPORTING).write_text(reporting, encoding="utf-8", newline="\n")


def _stated(described: Described, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what a set says of itself, by the fields that a reporting guideline asks for."""
    names = (
        "database", "start", "end", "drug_role", "term_level", "deduplication", "counting"
    )  # fmt: skip
    computed = [
        measure.statistic.value
        for measure in MEASURES
        if any(row.get(measure.column) is not None for row in rows)
    ]
    return {name: getattr(described, name) for name in names} | {
        "drug": "; ".join(item.name for item in described.drugs),
        "measures": ", ".join(computed),
        "threshold": THRESHOLDS["ror"].rule,
        "reports": "; ".join(f"{item.size} and {item.others}" for item in described.drugs),
    }
