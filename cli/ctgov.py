"""`evikg load ctgov`: records of ClinicalTrials.gov."""

from pathlib import Path

import click

from .common import FOLDER_OPTION, SAME_EVIDENCE_OPTION, InputFile, folder_of, out, say


@click.command("ctgov")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=InputFile(folders=True),
    metavar="FILE...",
)
@FOLDER_OPTION
@SAME_EVIDENCE_OPTION
def ctgov(files: tuple[Path, ...], store: str | None, evidence: Path | None) -> None:
    """Load records of ClinicalTrials.gov: JSON of the API v2, as downloaded.

    A FILE is a record, a page or a list of records, a record a line (NDJSON), or a zip of those;
    a folder stands for all such files in it. Later builds keep the records; a newer version of a
    record takes the place of the older. A record whose NCT number is the registration of a study of
    the evidence becomes another source of that study.
    """
    from evikg.loaders.build import build
    from evikg.loaders.keeping import evidence_of
    from evikg.queries.examples import examples

    place = folder_of(store)
    finished = build(
        evidence or evidence_of(place), place, lambda step: say(f"{step} …"),
        records=files, examples=examples(),
    )  # fmt: skip
    for number in finished.numbers:
        out(number)
    for note in finished.notes:
        say(note)
    say(f"{len(finished.numbers)} records, {finished.triples} triples in {place}")
