"""Which drug of the reports a name means: a substance, or a name under which it is reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
from ibis.expr import types as ir

from .names import NAMES, key, look_up
from .reports import Reports

#: How many letters a name may be off to be named as near.
_NEAR = 0.4
_NAMED = 3


class UnknownDrugError(LookupError):
    """No report names such a drug, or the name means several."""


@dataclass(frozen=True, slots=True)
class ReportedDrug:
    """A substance of the reports."""

    code: int  # the value of the column `drug`
    name: str  # lower case, where it is all in capitals
    unii: str | None


def find_drug(folder: Path, reports: Reports, name: str) -> ReportedDrug:
    """Find the drug that a name means: a substance, a brand, or any way in which reports write it.

    Case, punctuation and what the UNII names hold of other names make no difference.

    :param folder: of the FAERS tables, for the UNII names kept there
    :raises UnknownDrugError: with the nearest names, or with the parts of a combination
    """
    wanted = key(name)
    substances = reports.substances.mutate(key=_key(reports.substances.substance))
    found = _substances(substances.filter(substances.key == wanted))
    if not found:
        names = reports.drugnames
        written = names.filter((_key(names.drugname) == wanted) | (_key(names.prod_ai) == wanted))
        found = _substances(reports.substances.semi_join(written, "drug"))
    if not found and (folder / NAMES).is_file():
        meant = look_up(folder, [wanted])
        named = meant.names.get(wanted) or meant.brands.get(wanted) or ()
        codes = [substance.unii for substance in named if substance.unii]
        found = _substances(reports.substances.filter(reports.substances.unii.isin(codes)))
    if len(found) > 1:
        parts = " and ".join(drug.name for drug in found)
        raise UnknownDrugError(f"{name!r} is reported as {parts}: name one of them, or each")
    if not found:
        near = ", ".join(_nearest(reports, wanted))
        hint = f"; did you mean {near}?" if near else ""
        raise UnknownDrugError(f"no report names a drug {name!r}{hint}")
    return found[0]


def unmapped_names(reports: Reports, limit: int | None = None) -> Sequence[tuple[str, str, int]]:
    """Return names of drugs that no substance is known for, and the rows with them, most first."""
    names = reports.drugnames
    left = names.filter(names.how == "unmapped").group_by("drugname", "prod_ai")
    rows = left.agg(rows=names.rows.max()).order_by(ibis.desc("rows"), "drugname", "prod_ai")
    table = (rows if limit is None else rows.limit(limit)).to_pyarrow().to_pylist()
    return [(row["drugname"] or "", row["prod_ai"] or "", row["rows"]) for row in table]


def _key(name: ir.StringValue) -> ir.StringValue:
    """Return what `names.key` does, of names in ASCII."""
    return name.upper().re_replace("[^0-9A-Z+]+", " ").strip()


def _substances(table: ir.Table) -> list[ReportedDrug]:
    rows = table.select("drug", "substance", "unii").distinct().order_by("drug")
    return [
        ReportedDrug(row["drug"], _spelled(row["substance"]), row["unii"])
        for row in rows.to_pyarrow().to_pylist()
    ]


def _spelled(name: str) -> str:
    return name.lower() if name.isupper() else name


def _nearest(reports: Reports, wanted: str) -> list[str]:
    written = reports.drugnames.select(name=_key(reports.drugnames.drugname))
    standard = reports.substances.select(name=_key(reports.substances.substance))
    names = written.union(standard, distinct=True)
    far = names.mutate(far=names.name.levenshtein(wanted))
    near = far.filter(far.far <= max(1, int(_NEAR * len(wanted)))).order_by("far", "name")
    return [str(name).lower() for name in near.limit(_NAMED).name.to_pyarrow().to_pylist()]
