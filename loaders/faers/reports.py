"""Analysis-ready cases: made from the kept FAERS tables, and opened as Ibis tables.

`prepare` de-duplicates the reports of all quarters, gives drugs and reactions their codes and
writes `cases/`. It is a link to a folder of its own that is put in its place in one step when all
of it is there: whoever reads the cases before goes on to.
"""

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from ibis import BaseBackend
from ibis.expr import types as ir

from evikg.loaders.faults import EvidenceError, Fault

from .engine import embedded, parquet, quarters
from .folder import changing
from .making import ROLES, Choices, Step, make
from .names import Progress, keep_names, kept_origin

CASES, STEPS = "cases", "steps.json"


@dataclass(frozen=True, slots=True)
class Reports:
    """De-duplicated reports as Ibis tables of one engine, and how they were made.

    `cases` has one row a case; `drugs` (`primaryid`, `drug_seq`, `role`, `drug`) and `reactions`
    (`primaryid`, `event`; no row twice) hold codes, which `substances` and `terms` name;
    `exposures` has each drug of a case once, with its roles in `roles` (see `exposed`);
    `drugnames` tells how names became substances. `made` is what `steps.json` holds.
    """

    cases: ir.Table
    drugs: ir.Table
    exposures: ir.Table
    reactions: ir.Table
    substances: ir.Table
    drugnames: ir.Table
    terms: ir.Table
    outcomes: ir.Table
    indications: ir.Table
    therapies: ir.Table
    backend: BaseBackend
    made: Mapping[str, Any]

    @property
    def steps(self) -> list[Step]:
        """The steps of de-duplication, in order."""
        return [Step(**step) for step in self.made["steps"]]

    def exposed(self, roles: Collection[str]) -> ir.Table:
        """Return `primaryid` and `drug` of the drugs that cases have in any of some roles, once.

        :param roles: PS, SS, C or I
        """
        wanted = sum(ROLES[role] for role in set(roles))
        table = self.exposures
        return table.filter((table.roles & wanted) != 0).select("primaryid", "drug")


#: The tables of `Reports`, each a Parquet file, or a folder of such, of its name.
TABLES = (
    "cases", "drugs", "exposures", "reactions", "substances", "drugnames", "terms", "outcomes",
    "indications", "therapies",
)  # fmt: skip


def open_reports(folder: Path, backend: BaseBackend | None = None) -> Reports:
    """Open the cases of a FAERS folder.

    :param backend: the engine that works on them; a DuckDB of its own where none is given
    :raises EvidenceError: if cases have not been made
    """
    place = (folder / CASES).resolve()
    if not (place / STEPS).is_file():
        words = "holds no cases: evikg load faers FILE makes them"
        raise EvidenceError([Fault(folder, 0, 0, "", "", words)])
    engine = backend or embedded()
    tables = {name: parquet(engine, place / f"{name}.parquet") for name in TABLES}
    made = json.loads((place / STEPS).read_text(encoding="utf-8"))
    return Reports(**tables, backend=engine, made=made)


def prepare(
    folder: Path,
    progress: Progress = lambda _: None,
    choices: Choices | None = None,
    backend: BaseBackend | None = None,
) -> list[Step]:
    """Make the cases of a FAERS folder from its tables, if these or the choices have changed.

    :param folder: holds `tables/`
    :param backend: the engine that does it; a DuckDB of its own where none is given
    :returns: the steps of de-duplication
    :raises EvidenceError: if there are no reports, or a file of the choices is at fault; the cases
        made before stay
    :raises RuntimeError: if another process is changing the folder
    """
    choices = choices or Choices()
    if not quarters(folder, "demo"):
        words = "holds no reports: evikg load faers FILE reads them"
        raise EvidenceError([Fault(folder, 0, 0, "", "", words)])
    with changing(folder):
        if choices.names is not None:
            keep_names(folder, choices.names, progress)
        made_of = _made_of(folder, choices)
        place = folder / CASES
        if (place / STEPS).is_file():
            before = json.loads((place / STEPS).read_text(encoding="utf-8"))
            if before["made_of"] == made_of:
                return [Step(**step) for step in before["steps"]]
        current = place.resolve()
        numbers = [0]
        for path in folder.glob(f"{CASES}-[0-9]*"):
            numbers.append(int(path.name.partition("-")[2]))
            if path.resolve() != current:
                shutil.rmtree(path, ignore_errors=True)
        draft = folder / f"{CASES}-{max(numbers) + 1}"
        draft.mkdir()
        try:
            made = _make(backend, folder, draft, choices, progress)
            held = [file.stem for file in quarters(folder, "demo")]
            note = json.dumps({"made_of": made_of, "quarters": held, **made}, indent=2)
            (draft / STEPS).write_text(f"{note}\n", encoding="utf-8")
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        link = folder / f"{CASES}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(draft.name, target_is_directory=True)
        if place.is_dir() and not place.is_symlink():  # a copy of the folder may hold it as such
            shutil.rmtree(place)
        link.replace(place)
        return [Step(**step) for step in made["steps"]]


def _make(
    backend: BaseBackend | None, folder: Path, draft: Path, choices: Choices, progress: Progress
) -> dict[str, Any]:
    if backend is not None:
        return make(backend, folder, draft, choices, progress)
    own = embedded(draft)
    try:
        return make(own, folder, draft, choices, progress)
    finally:
        own.disconnect()


def _made_of(folder: Path, choices: Choices) -> dict[str, Any]:
    """Return what cases are made of, so that a change of it is seen."""
    digest = sha256()
    for path in sorted((folder / "tables").glob("*/*.parquet")):
        facts = path.stat()
        digest.update(
            f"{path.parent.name}/{path.name} {facts.st_size} {facts.st_mtime_ns}".encode()
        )
    shipped = sha256()
    for path in sorted(Path(__file__).parent.glob("*.csv")):
        shipped.update(path.read_bytes())
    origin = kept_origin(folder)
    return {
        "tables": digest.hexdigest(),
        "made": list(TABLES),
        "makes": list(TABLES),
        "rules": shipped.hexdigest(),
        "alike": choices.alike,
        "names": asdict(origin) if origin else None,
        "regions": _digest(choices.regions),
        "meddra": _digest(choices.meddra),
    }


def _digest(place: Path | None) -> str | None:
    if place is None:
        return None
    digest = sha256()
    for path in sorted(place.rglob("*.asc")) if place.is_dir() else [place]:
        with path.open("rb") as stream:
            digest.update(file_digest(stream, "sha256").digest())
    return digest.hexdigest()
