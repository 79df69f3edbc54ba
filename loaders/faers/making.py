"""Cases made from kept tables: de-duplicated, with codes for drugs and events."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import ibis
from ibis import BaseBackend
from ibis.expr import types as ir

from . import deduplication
from .engine import hold, kept_table
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
        #: Rows of a quarter that belong to a report whose newest copy stands in another.
        self.stale: ir.Table | None = None

    def make(self) -> dict[str, Any]:
        self.progress("de-duplicating reports")
        demo = self._reports()
        kept = self._kept(demo)
        self.progress("standardising drug names")
        codes, found = self._drug_names(kept)
        events = self._terms()
        cases = self._hold(facts(demo.semi_join(kept, "primaryid"), self.choices.regions))
        if self.choices.alike:
            self.progress("looking for reports that tell the same")
            drugs, reactions = self._drugs(kept, codes), self._reactions(kept, events)
            again = self._hold(deduplication.alike(cases, self._hold(drugs), self._hold(reactions)))
            cases = self._hold(cases.anti_join(again, "primaryid"))
            kept = self._hold(kept.anti_join(again, "primaryid"))
            self._step("alike", _ALIKE, cases, cases)
        self.progress("writing cases")
        self._write("cases", cases.drop("fda_dt", "bad_age", "bad_weight"))
        self._write("drugs", self._drugs(kept, codes))
        self._write("reactions", self._reactions(kept, events))
        self._others(kept)
        bad = cases.aggregate(
            ages=cases.bad_age.sum().fill_null(0), weights=cases.bad_weight.sum().fill_null(0)
        ).to_pyarrow().to_pylist()[0]  # fmt: skip
        return {
            "steps": [asdict(step) for step in self.steps],
            "drug_names": found,
            "implausible": {"age": bad["ages"], "weight": bad["weights"]},
        }

    def _hold(self, rows: ir.Table) -> ir.Table:
        """Work rows out once."""
        return hold(self.backend, rows)

    def _reports(self) -> ir.Table:
        """Return the reports of all quarters, one row each."""
        demo = kept_table(self.backend, self.folder, "demo", quarter=True)
        found = demo.aggregate(
            rows=demo.count(), reports=demo.primaryid.nunique(), cases=_case(demo).nunique()
        )
        rows, reports, cases = found.to_pyarrow().to_pylist()[0].values()
        self.steps.append(Step("read", _READ, rows, cases))
        if rows != reports:
            again = self._hold(deduplication.repeated(demo))
            newest = self._hold(deduplication.newest_copies(demo, again))
            places = demo.semi_join(again, "primaryid").select("primaryid", "quarter").distinct()
            self.stale = self._hold(places.anti_join(newest, ["primaryid", "quarter"]))
            demo = newest
        self.steps.append(Step("repeated", _REPEATED, reports, cases))
        return demo

    def _kept(self, demo: ir.Table) -> ir.Table:
        """Return the reports that stay by the rule of the FDA."""
        deleted = kept_table(self.backend, self.folder, "deleted")
        live = deduplication.live(demo, deleted)
        kept = self._hold(deduplication.latest(live))
        self._step("deleted", _DELETED, live, kept)
        self._step("latest", _LATEST, kept, kept)
        return kept

    def _step(self, name: str, rule: str, reports: ir.Table, cases: ir.Table) -> None:
        """Count a step; `cases` has one row a case."""
        left = [int(table.count().to_pyarrow().as_py()) for table in (reports, cases)]
        self.steps.append(Step(name, rule, *left))

    def _table(self, name: str) -> ir.Table:
        """Return a table of all quarters, less the older copies of reports."""
        if self.stale is None:
            return kept_table(self.backend, self.folder, name)
        table = kept_table(self.backend, self.folder, name, quarter=True)
        return table.anti_join(self.stale, ["primaryid", "quarter"]).drop("quarter")

    def _drug_table(self, kept: ir.Table) -> ir.Table:
        drug = self._table("drug").semi_join(kept, "primaryid")
        return drug.mutate(drugname=drug.drugname.fill_null(""), prod_ai=drug.prod_ai.fill_null(""))

    def _drug_names(self, kept: ir.Table) -> tuple[ir.Table, dict[str, Any]]:
        """Write what drugs are called and are, and return the code of each way to name them."""
        counted = self._drug_table(kept).group_by("drugname", "prod_ai")
        found = counted.agg(rows=ibis._.count()).to_pyarrow().to_pylist()
        names = sorted((DrugName(**row) for row in found), key=lambda n: (n.drugname, n.prod_ai))
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
        self._write_rows("drugnames", rows, schema | more)
        short = [{name: row[name] for name in schema} for row in rows]
        return ibis.memtable(short, schema=ibis.schema(schema)), _found(meant, origin is not None)

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
        drug = self._drug_table(kept).inner_join(codes, ["drugname", "prod_ai"])
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
    ) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pylist(rows, ibis.schema(schema).to_pyarrow())
        pq.write_table(table, self.draft / f"{name}.parquet")


def _case(demo: ir.Table) -> ir.IntegerValue:
    return demo.caseid.fill_null(-demo.primaryid)


def _found(meant: Sequence[Meant], named: bool) -> dict[str, Any]:
    """Return how many names and rows were standardised in which way."""
    names: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for each in meant:
        names[each.how] += 1
        rows[each.how] += each.name.rows
    how = {each: {"names": names[each], "rows": rows[each]} for each in sorted(names)}
    return {"by": "UNII names" if named else "prod_ai and drugname alone", "how": how}
