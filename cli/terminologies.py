"""`evikg load` and `evikg slice`: releases of terminologies, whole or cut to the evidence."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import (
    EVIDENCE_OPTION,
    SAME_EVIDENCE_OPTION,
    STORE_OPTION,
    InputFile,
    folder_of,
    out,
    say,
)

if TYPE_CHECKING:
    from evikg.loaders.weaving import FullRelease

_FILES = click.argument("files", nargs=-1, required=True, type=InputFile())
_RELEASE = click.option(
    "--release", metavar="VERSION", help="Version of the release, where the file names none."
)


@click.group()
def load() -> None:
    """Load releases as their makers publish them; the graph before stays in force until it is done.

    A release that is loaded in full takes the place of the shipped slice, and later builds keep it.
    """


def _loader(name: str, words: str) -> click.Command:
    @click.command(name, help=words)
    @_FILES
    @_RELEASE
    @STORE_OPTION
    @SAME_EVIDENCE_OPTION
    @click.option("--part", is_flag=True, help="Load it although terms of the graph are missing.")
    def command(
        files: tuple[Path, ...], release: str | None, store: str | None, evidence: Path | None,
        part: bool,
    ) -> None:  # fmt: skip
        from evikg.loaders.terminologies.checking import holding
        from evikg.loaders.terminologies.releases import read_release
        from evikg.loaders.terminologies.slices import shipped_terms
        from evikg.loaders.weaving import full_release

        header, terms = read_release(name, files, release, say)
        if not part:
            terms = holding(files[0], terms, shipped_terms(name), say)
        _rebuild(store, evidence, [full_release(header, terms, files)])

    return command


for _name, _words in (
    ("mondo", "Mondo disease ontology: mondo.obo, mondo.json (OBO Graphs) or mondo.owl."),
    ("hp", "Human Phenotype Ontology: hp.obo, hp.json (OBO Graphs) or hp.owl."),
    ("mesh", "MeSH: desc20XX.xml with or without supp20XX.xml, or mesh.nt; plain, gzip or zstd."),
    ("unii", "Names of substances of the FDA: UNII_Names.txt."),
    ("ctcae", "CTCAE terms with their grades, as JSON."),
):
    load.add_command(_loader(_name, _words))


@load.command()
@_FILES
@STORE_OPTION
@SAME_EVIDENCE_OPTION
def sssom(files: tuple[Path, ...], store: str | None, evidence: Path | None) -> None:
    """Load mapping sets in SSSOM TSV, positive and negative."""
    _rebuild(store, evidence, [], files)


def _rebuild(
    store: str | None,
    evidence: Path | None,
    loaded: "list[FullRelease]",
    mapping_sets: tuple[Path, ...] = (),
) -> None:
    from evikg.loaders.build import build
    from evikg.loaders.keeping import evidence_of
    from evikg.queries.examples import examples

    place = folder_of(store)
    finished = build(
        evidence or evidence_of(place), place, lambda step: say(f"{step} …"), loaded,
        mapping_sets=mapping_sets, examples=examples(),
    )  # fmt: skip
    for release in loaded:
        out(f"{release.name} {release.version}")
    say(f"{finished.triples} triples in {place}")


@click.command("slice")
@click.argument("name", type=click.Choice(["mondo", "hp", "mesh", "ctcae"]))
@_FILES
@_RELEASE
@EVIDENCE_OPTION
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, file_okay=False),
    help="Folder of slices with their manifest.",
)  # fmt: skip
@click.option("--note", default="", help="What a reader must know of the files, for the manifest.")
def slice_(
    name: str, files: tuple[Path, ...], release: str | None, evidence: Path | None, output: Path,
    note: str,
) -> None:  # fmt: skip
    """Cut a full release to the terms the evidence links to, with everything above them."""
    from evikg.loaders.evidence import read_corpus, shipped_evidence
    from evikg.loaders.terminologies.releases import read_release
    from evikg.loaders.terminologies.slices import cut, write_slice
    from evikg.loaders.terminologies.wanted import CUT, wanted_terms

    header, _ = read_release(name, files, release, say)
    wanted = wanted_terms(read_corpus(evidence or shipped_evidence()).mentions)
    terms = cut(lambda: read_release(name, files, release, say)[1], wanted)
    made = write_slice(output, header, terms, files, CUT, note)
    out(f"{made.sha256}  {output / made.file}")
    say(f"{made.terms} terms of {made.title} {made.version}")
