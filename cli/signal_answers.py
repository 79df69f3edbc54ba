"""How `evikg signals` gives its answers: as a table, a file, a picture, or a set in the graph."""

from pathlib import Path
from typing import TYPE_CHECKING

from .common import folder_of, out, say, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evikg.loaders.faers.signals import Database, Exposure, Row


def write_rows(rows: "Sequence[Row]", columns: "Sequence[str]", format_: str) -> None:
    """Write rows: measures as `signals.csv` has them, empty where they are not defined."""
    from pyoxigraph import Literal, NamedNode

    from evikg.loaders.faers.recording import printed
    from evikg.queries import Answer, write

    xsd = "http://www.w3.org/2001/XMLSchema#"

    def cell(name: str, value: object) -> Literal | None:
        if value is None:
            return None
        if isinstance(value, float):
            text = printed(name, value)
            return Literal(text, datatype=NamedNode(f"{xsd}decimal")) if text else None
        if isinstance(value, int):
            return Literal(str(value), datatype=NamedNode(f"{xsd}integer"))
        return Literal(str(value))

    terms = tuple(tuple(cell(name, row.get(name)) for name in columns) for row in rows)
    out(write(Answer(tuple(columns), terms), format_, width=width()))


def write_all(database: "Database", minimum: int, output: Path) -> None:
    """Write all pairs of drug and event to a file .parquet or .csv, in one step."""
    from evikg.loaders.faers.signals import all_pairs

    table = all_pairs(database, minimum=minimum, progress=lambda step: say(f"{step} …"))
    draft = output.with_name(f"{output.name}.new")
    if output.suffix == ".csv":
        from pyarrow import csv

        csv.write_csv(table, draft)
    else:
        from pyarrow import parquet

        parquet.write_table(table, draft)
    draft.replace(output)
    say(f"{table.num_rows} pairs in {output}")


def draw(
    database: "Database", exposures: "Sequence[Exposure]", rows: "Sequence[Row]", plot: Path
) -> None:
    """Draw the pairs that have a reporting odds ratio."""
    from evikg.figures.saving import save
    from evikg.figures.signals import Signal, Signals, draw_signals
    from evikg.loaders.faers.sets import title_of

    drawn = tuple(
        Signal(row["event"], row["ror"], row["ror_low"], row["ror_high"], row["a"], row["drug"])
        for row in rows
        if row["ror"] is not None
    )
    if not drawn:
        say("nothing to draw: no pair has a reporting odds ratio")
        return
    subtitle = f"{title_of(database, exposures)}; {database.selection.counting.value}"
    save(draw_signals(Signals("Signals of disproportionate reporting", drawn, subtitle)), plot)
    say(f"picture in {plot}")


def record_signals(
    database: "Database",
    found: "Sequence[tuple[Exposure, Sequence[Row]]]",
    output: Path | None,
    store: str | None,
    evidence: Path | None,
) -> None:
    """Write the folder of a set of signals, or put it into the graph."""
    import tempfile

    from evikg.loaders.build import build
    from evikg.loaders.evidence import read_corpus, shipped_evidence
    from evikg.loaders.faers.recording import write_set
    from evikg.loaders.faers.sets import described
    from evikg.loaders.keeping import evidence_of, kept_sources
    from evikg.queries.examples import examples

    rows = [row for _, own in found for row in own]
    if output is not None:
        declared = read_corpus(evidence or shipped_evidence(), without={output.name}).declared
        said = described(database, found, declared, output.name)
        write_set(output, said, rows, declared)
        say(f"{len(rows)} pairs in {output}")
        return
    place = folder_of(store)
    curated = evidence or evidence_of(place)
    before = kept_sources(place)
    slug = described(database, found, read_corpus(curated, before).declared).slug
    others = [path for path in before if path.name != slug]
    declared = read_corpus(curated, others).declared
    with tempfile.TemporaryDirectory(prefix="evikg-") as folder:
        target = Path(folder) / slug
        write_set(target, described(database, found, declared), rows, declared)
        build(curated, place, lambda step: say(f"{step} …"), added=[target], examples=examples())
    say(f"{len(rows)} pairs recorded as {slug}")
