"""Cases made from kept tables: de-duplicated, with codes for drugs and events."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import ibis
from ibis import BaseBackend
from ibis.expr import operations as ops
from ibis.expr import types as ir

from . import deduplication
from .engine import hold, kept_table, parquet
from .facts import facts
from .meddra import read_meddra
from .names import Progress, kept_origin, look_up
from .substances import DrugName, Meant, no_names, standardise
from .terms import event_terms, term_key


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user chooses of how cases are made.

    `alike` adds the second stage of de-duplication; `names` is a file of UNII names, which is kept
    and holds from then on; `regions` a list of countries in place of the shipped one; `meddra` the
    folder of a MedDRA release.
    """

    alike: bool = False
    names: Path | None = None
    regions: Path | None = None
    meddra: Path | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of de-duplication: what it does, and the reports and cases that are left after it."""

    step: str
    rule: str
    reports: int
    cases: int


#: Roles of a drug in a report, and the bit of each in `exposures`.
ROLES = {"PS": 1, "SS": 2, "C": 4, "I": 8}

_READ = "rows of the table demo, of all quarters"
_REPEATED = "of a report that stands in several rows, that of the newest quarter"
_DELETED = "cases that a list of deleted cases names are out"
_LATEST = "of each case the report with the latest FDA_DT, then with the highest PRIMARYID"
_ALIKE = (
    "of reports with the same full date of the event, sex, age, country, drugs and reactions, the "
    "one with the latest FDA_DT, then with the highest PRIMARYID"
)


def make(
    backend: BaseBackend, folder: Path, draft: Path, choices: Choices, progress: Progress
) -> dict[str, Any]:
    """Write the analysis tables of a FAERS folder, and return what was counted.

    :param draft: an empty folder, for the tables
    """
    return _Making(backend, folder, draft, choices, progress).make()


class _Making:
    def __init__(
        self, backend: BaseBackend, folder: Path, draft: Path, choices: Choices, progress: Progress
    ) -> None:
        self.backend, self.folder, self.draft = backend, folder, draft
        self.choices, self.progress = choices, progress
        self.steps: list[Step] = []
        self.rows = self.reports = 0
        #: Rows of a quarter that belong to a report whose newest copy stands in another.
        self.stale: ir.Table | None = None
        self.tables: dict[str, ir.Table] = {}

    def make(self) -> dict[str, Any]:
        self.progress("de-duplicating reports")
        demo = self._reports()
        kept = self._kept(demo)
        self.progress("standardising drug names")
        codes, found = self._drug_names()
        events = self._terms()
        reports = demo.semi_join(kept, "primaryid")
        cases = facts(reports, self.choices.regions)
        if self.choices.alike:
            self.progress("looking for reports that tell the same")
            kept = self._unlike(kept, cases, codes, events)
            reports, cases = (table.semi_join(kept, "primaryid") for table in (reports, cases))
        self.progress("writing cases")
        self._write("cases", cases)
        self._write("drugs", self._drugs(kept, codes))
        drugs = parquet(self.backend, self.draft / "drugs.parquet")
        bitwise = self.backend.has_operation(ops.BitOr)
        self._write("exposures", exposures(drugs, bitwise=bitwise))
        self._write("reactions", self._reactions(kept, events))
        self._others(kept)
        return {
            "steps": [asdict(step) for step in self.steps],
            "drug_names": found,
            "unusable": self._unusable(reports),
        }

    def _unlike(
        self, kept: ir.Table, cases: ir.Table, codes: ir.Table, events: ir.Table
    ) -> ir.Table:
        """Return the reports that are left when those that tell the same are out."""
        again = deduplication.alike(
            self._hold(cases), self._hold(self._drugs(kept, codes)),
            self._hold(self._reactions(kept, events)),
        )  # fmt: skip
        kept = self._hold(kept.anti_join(again, "primaryid"))
        [left] = _numbers(kept.aggregate(kept.count()))
        self.steps.append(Step("alike", _ALIKE, left, left))
        return kept

    def _unusable(self, reports: ir.Table) -> dict[str, int]:
        """Return how many ages and weights of cases cannot be, or have no unit."""
        given = reports.aggregate([reports.age.count(), reports.wt.count()])
        cases = parquet(self.backend, self.draft / "cases.parquet")
        used = cases.aggregate([cases.age_years.count(), cases.weight_kg.count()])
        lost = [a - b for a, b in zip(_numbers(given), _numbers(used), strict=True)]
        return dict(zip(("age", "weight"), lost, strict=True))

    def _hold(self, rows: ir.Table) -> ir.Table:
        """Work rows out once."""
        return hold(self.backend, rows)

    def _reports(self) -> ir.Table:
        """Return the reports of all quarters, one row each."""
        demo = kept_table(self.backend, self.folder, "demo", quarter=True)
        rows, reports = _numbers(demo.aggregate([demo.count(), demo.primaryid.nunique()]))
        if rows != reports:
            again = self._hold(deduplication.repeated(demo))
            newest = self._hold(deduplication.newest_copies(demo, again))
            places = demo.semi_join(again, "primaryid").select("primaryid", "quarter").distinct()
            self.stale = self._hold(places.anti_join(newest, ["primaryid", "quarter"]))
            demo = newest
        self.rows, self.reports = rows, reports
        return demo

    def _kept(self, demo: ir.Table) -> ir.Table:
        """Return the reports that stay by the rule of the FDA."""
        deleted = kept_table(self.backend, self.folder, "deleted")
        live = deduplication.live(demo, deleted)
        kept = self._hold(deduplication.latest(live))
        [gone] = _numbers(demo.semi_join(deleted, "caseid").aggregate(ibis._.caseid.nunique()))
        [reports], [cases] = (_numbers(each.aggregate(each.count())) for each in (live, kept))
        self.steps = [
            Step("read", _READ, self.rows, cases + gone),
            Step("repeated", _REPEATED, self.reports, cases + gone),
            Step("deleted", _DELETED, reports, cases),
            Step("latest", _LATEST, cases, cases),
        ]
        return kept

    def _table(self, name: str) -> ir.Table:
        """Return a table of all quarters, less the older copies of reports."""
        if name not in self.tables:
            again = self.stale is not None
            table = kept_table(self.backend, self.folder, name, quarter=again)
            if again:
                table = table.anti_join(self.stale, ["primaryid", "quarter"]).drop("quarter")
            self.tables[name] = table
        return self.tables[name]

    def _drug_table(self) -> ir.Table:
        drug = self._table("drug")
        return drug.mutate(drugname=drug.drugname.fill_null(""), prod_ai=drug.prod_ai.fill_null(""))

    def _drug_names(self) -> tuple[ir.Table, dict[str, Any]]:
        """Write what drugs are called and are, and return the code of each way to name them."""
        counted = self._drug_table().group_by("drugname", "prod_ai")
        found = counted.agg(rows=ibis._.count()).to_pyarrow()
        columns = (found[name].to_pylist() for name in ("drugname", "prod_ai", "rows"))
        names = [DrugName(*row) for row in sorted(zip(*columns, strict=True))]
        origin = kept_origin(self.folder)
        meant = standardise(names, partial(look_up, self.folder) if origin else no_names)
        substances = sorted(
            {one for each in meant for one in each.substances}, key=lambda s: (s.name, s.unii or "")
        )
        code = {substance: number for number, substance in enumerate(substances, start=1)}
        rows = [
            {"drugname": each.name.drugname, "prod_ai": each.name.prod_ai, "drug": code[one],
             "how": each.how, "rows": each.name.rows}
            for each in meant for one in each.substances
        ]  # fmt: skip
        self._write_rows(
            "substances", [{"drug": code[one], "substance": one.name, "unii": one.unii} for one in substances],
            {"drug": "int32", "substance": "string", "unii": "string"},
        )  # fmt: skip
        schema = {"drugname": "string", "prod_ai": "string", "drug": "int32"}
        more = {"how": "string", "rows": "int64"}
        written = self._write_rows("drugnames", rows, schema | more)
        return ibis.memtable(written.select(list(schema))), _found(meant, origin is not None)

    def _terms(self) -> ir.Table:
        """Write the terms of reactions, and return the code of each way to write them."""
        reac = self._table("reac")
        counted = reac.filter(reac.pt.notnull()).group_by("pt").agg(rows=ibis._.count())
        terms = event_terms((row["pt"], row["rows"]) for row in counted.to_pyarrow().to_pylist())
        places = read_meddra(self.choices.meddra) if self.choices.meddra else {}
        rows, written = [], []
        for event, term in enumerate(terms, start=1):
            place = places.get(term_key(term.term))
            rows.append(
                {"event": event, "term": term.term,
                 "preferred_term": place.preferred_term if place else None,
                 "organ_class": place.organ_class if place else None}
            )  # fmt: skip
            written += [{"pt": way, "event": event} for way in term.written]
        schema = dict.fromkeys(("term", "preferred_term", "organ_class"), "string")
        self._write_rows("terms", rows, {"event": "int32"} | schema)
        return ibis.memtable(written, schema=ibis.schema({"pt": "string", "event": "int32"}))

    def _drugs(self, kept: ir.Table, codes: ir.Table) -> ir.Table:
        drug = (
            self._drug_table()
            .semi_join(kept, "primaryid")
            .inner_join(codes, ["drugname", "prod_ai"])
        )
        return drug.select("primaryid", "drug_seq", role=drug.role_cod, drug=drug.drug)

    def _reactions(self, kept: ir.Table, events: ir.Table) -> ir.Table:
        reac = self._table("reac").semi_join(kept, "primaryid").inner_join(events, "pt")
        return reac.select("primaryid", "event").distinct()

    def _others(self, kept: ir.Table) -> None:
        outc, indi, ther = (
            self._table(name).semi_join(kept, "primaryid") for name in ("outc", "indi", "ther")
        )
        self._write("outcomes", outc.select("primaryid", outcome=outc.outc_cod).distinct())
        self._write("indications", indi.select("primaryid", "drug_seq", indication=indi.indi_pt))
        self._write("therapies", ther)

    def _write(self, name: str, rows: ir.Table) -> None:
        self.backend.to_parquet(rows, str(self.draft / f"{name}.parquet"))

    def _write_rows(
        self, name: str, rows: Sequence[Mapping[str, object]], schema: Mapping[str, str]
    ) -> Any:
        """Write a small table, and return it as an Arrow table."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pylist(rows, ibis.schema(schema).to_pyarrow())
        pq.write_table(table, self.draft / f"{name}.parquet")
        return table


def exposures(drugs: ir.Table, *, bitwise: bool = True) -> ir.Table:
    """Return one row for each drug of each case, with the bits of `ROLES` in which it is there.

    :param bitwise: whether the engine has an aggregate for bits, as DuckDB has and Spark has not
    """
    if bitwise:
        bits = ibis.cases(*((drugs.role == role, bit) for role, bit in ROLES.items()), else_=0)
        flagged = drugs.select("primaryid", "drug", bit=bits.cast("int8"))
        return flagged.group_by("primaryid", "drug").agg(roles=flagged.bit.bit_or())
    there = [(drugs.role == role).ifelse(bit, 0).max() for role, bit in ROLES.items()]
    return drugs.group_by("primaryid", "drug").agg(roles=sum(there).cast("int32"))


def _numbers(row: ir.Table) -> list[int]:
    """Return the numbers of a table of one row."""
    return [column[0].as_py() for column in row.to_pyarrow().columns]


def _found(meant: Sequence[Meant], named: bool) -> dict[str, Any]:
    """Return how many names and rows were standardised in which way."""
    names: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for each in meant:
        names[each.how] += 1
        rows[each.how] += each.name.rows
    how = {each: {"names": names[each], "rows": rows[each]} for each in sorted(names)}
    return {"by": "UNII names" if named else "prod_ai and drugname alone", "how": how}
