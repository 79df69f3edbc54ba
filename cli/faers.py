"""`evikg load faers`: the quarterly extracts of the FDA, read once and kept."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import InputFile, out, say, width

if TYPE_CHECKING:
    from evikg.loaders.faers.loading import Loaded

FAERS_OPTION = click.option(
    "--faers",
    "faers_",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder in which FAERS is kept.  [default: $EVIKG_FAERS, else in the user's data folder]",
)


@click.command("faers")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE|FOLDER...",
    type=click.Path(exists=True, path_type=Path),
)  # fmt: skip
@FAERS_OPTION
@click.option("--replace", is_flag=True, help="Read quarters anew that are there already.")
@click.option(
    "--names",
    type=InputFile(),
    metavar="FILE",
    help="UNII_Names.txt, by which drugs get the names of substances; kept for later loads.",
)
@click.option("--alike", is_flag=True, help="Also drop reports that tell the same as another.")
@click.option(
    "--regions",
    type=InputFile(),
    metavar="FILE",
    help="CSV of code, region and names of countries, in place of the shipped one.",
)
@click.option(
    "--meddra", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="A release of MedDRA of your own, for organ classes.",
)  # fmt: skip
def faers(
    files: tuple[Path, ...], faers_: Path | None, replace: bool, names: Path | None, alike: bool,
    regions: Path | None, meddra: Path | None,
) -> None:  # fmt: skip
    """Load quarterly extracts of FAERS: zip archives as downloaded, or folders; ASCII or XML.

    A load adds its quarters to those that are there. Rows that are broken are mended or rejected,
    and counted; of a file that cannot be read, nothing is kept.
    """
    from evikg.loaders.faers.folder import default_folder
    from evikg.loaders.faers.loading import load
    from evikg.loaders.faers.making import Choices
    from evikg.loaders.faers.reports import prepare

    folder = faers_ or default_folder()
    loaded = load(files, folder, lambda step: say(f"{step} …"), replace=replace)
    if loaded.counts:
        out(_table(loaded))
    for quarter, tables in loaded.counts.items():
        for name, counts in tables.items():
            for example in counts.examples[:2]:
                say(f"{quarter} {name.upper()} line {example}")
    if loaded.again:
        say(f"there already, from the same files: {', '.join(loaded.again)}")
    if not loaded.counts:
        say("nothing new")
    if loaded.shared:
        say(f"{loaded.shared} cases have reports in more than one quarter, as is normal")
    choices = Choices(alike=alike, names=names, regions=regions, meddra=meddra)
    for step in prepare(folder, lambda step: say(f"{step} …"), choices):
        say(f"{step.step}: {step.reports} reports, {step.cases} cases; {step.rule}")
    say(f"{len(loaded.quarters)} quarter(s) in {folder}: {', '.join(loaded.quarters)}")


def _table(loaded: "Loaded") -> str:
    from io import StringIO

    from rich.console import Console
    from rich.table import Table

    table = Table("quarter", "table", *("read", "kept", "mended", "rejected", "why"))
    for quarter, tables in loaded.counts.items():
        for name, counts in tables.items():
            reasons = [*counts.mended_by_reason.items(), *counts.rejected.items()]
            reasons += [(f"no date in {column}", n) for column, n in counts.dates.items()]
            why = "; ".join(f"{reason}: {number}" for reason, number in sorted(reasons))
            rejected = sum(counts.rejected.values())
            numbers = (counts.read, counts.kept, counts.mended, rejected)
            table.add_row(quarter, name, *map(str, numbers), why)
    text = StringIO()
    Console(file=text, width=width() or 120).print(table)
    return text.getvalue()
