"""`evikg signals`: signals of disproportionate reporting of a drug, from the files of the FDA."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import FOLDER_OPTION, FORMAT_OPTION, SAME_EVIDENCE_OPTION, say
from .faers import FAERS_OPTION
from .signal_answers import draw, record_signals, write_all, write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evikg.loaders.faers.signals import Database, Exposure, Row

#: What every answer says of itself.
CAUTION = "hypothesis-generating: a ratio of reports is no incidence, and no proof of cause"
_COUNTS = ("a", "b", "c", "d")
_ROR = ("ror", "ror_low", "ror_high")
_ALL = (
    *_COUNTS, *_ROR, "prr", "prr_low", "prr_high", "chi2", "chi2_yates", "ic", "ic025", "ic975",
    "ebgm", "eb05", "eb95",
)  # fmt: skip
#: What a table for people shows; csv, tsv and json hold everything.
_SHOWN = ("a", *_ROR, "prr", "chi2", "ic", "ic025", "ebgm", "eb05")
_ONSET = (
    "cases", "lower_quartile", "median", "upper_quartile", "scale", "scale_low", "scale_high",
    "shape", "shape_low", "shape_high",
)  # fmt: skip


def _roles(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    roles = tuple(dict.fromkeys(part.strip().upper() for part in value.split(",")))
    if not set(roles) <= {"PS", "SS", "C", "I"}:
        raise click.BadParameter(f"{value!r}: expected some of PS,SS,C,I")
    return roles


def _quarter(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    found = re.fullmatch(r"(20\d\d)[ -]?[qQ]([1-4])", value)
    if found is None:
        raise click.BadParameter(f"{value!r}: expected a quarter such as 2022q4")
    return f"{found[1]}q{found[2]}"


@click.command("signals")
@click.argument("drugs", nargs=-1, metavar="[DRUG]...")
@click.option(
    "--against",
    multiple=True,
    metavar="DRUG",
    help="Compare with the reports of this drug, not with all others; may be repeated.",
)
@click.option("--each", is_flag=True, help="Take each DRUG by itself, not all of them as one.")
@FAERS_OPTION
@click.option(
    "--role",
    metavar="ROLES",
    callback=_roles,
    default="PS",
    show_default=True,
    help="Roles of a drug that count: PS, SS, C, I, parted by commas.",
)
@click.option(
    "--counting",
    type=click.Choice(["case", "event"]),
    default="case",
    show_default=True,
    help="What one unit is: a case, or an event of a case.",
)
@click.option(
    "--threshold",
    type=click.Choice(["ror", "evans", "ic", "ebgm", "all"]),
    help="Only pairs that reach it; all: that reach every one.",
)
@click.option(
    "--measure",
    type=click.Choice(["ror", "prr", "ic", "ebgm", "a"]),
    default="ror",
    show_default=True,
    help="What the table is sorted by.",
)
@click.option(
    "--min-count",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="The least number of reports of a pair.",
)
@click.option(
    "--by",
    type=click.Choice(["age", "sex", "year", "region"]),
    help="Each stratum by itself, and adjusted for them.",
)
@click.option("--indication", metavar="TERM", help="Only cases that give this indication.")
@click.option(
    "--from", "first", metavar="QUARTER", callback=_quarter, help="First quarter, such as 2017q1."
)
@click.option("--to", "last", metavar="QUARTER", callback=_quarter, help="Last quarter.")
@click.option("--onset", "onset_", is_flag=True, help="Time to onset, and its Weibull shape.")
@click.option(
    "--reports",
    type=click.Choice(["year", "reporter", "outcome", "age", "sex", "country", "region"]),
    help="Numbers of reports by this, in place of signals.",
)
@click.option("--unmapped", is_flag=True, help="Names of drugs that no substance is known for.")
@click.option("--all", "all_", is_flag=True, help="All pairs of drug and event, into --output.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw it too: svg, png or pdf.")
@click.option(
    "--record",
    is_flag=True,
    help="Put the signals into the graph; with --output write their folder instead.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="With --record a source's folder, with --all a file .parquet or .csv.",
)
@FOLDER_OPTION
@SAME_EVIDENCE_OPTION
@FORMAT_OPTION
def signals_(
    drugs: tuple[str, ...], against: tuple[str, ...], each: bool, faers_: Path | None,
    role: tuple[str, ...], counting: str, threshold: str | None, measure: str, min_count: int,
    by: str | None, indication: str | None, first: str | None, last: str | None, onset_: bool,
    reports: str | None, unmapped: bool, all_: bool, plot: Path | None, record: bool,
    output: Path | None, store: str | None, evidence: Path | None, format_: str,
) -> None:  # fmt: skip
    """Find signals of disproportionate reporting of a DRUG in the loaded FAERS files.

    Several DRUGs are one exposure. A DRUG is a substance, a brand or any name that reports use.
    """
    from evikg.analysis.disproportionality.counts import Counting
    from evikg.loaders.faers.drugs import find_drug, unmapped_names
    from evikg.loaders.faers.folder import default_folder
    from evikg.loaders.faers.reports import open_reports
    from evikg.loaders.faers.sets import steps, unknown
    from evikg.loaders.faers.signals import Database, Exposure, Selection

    instead = [name for name, on in (("--by", by), ("--onset", onset_), ("--reports", reports),
                                     ("--unmapped", unmapped), ("--all", all_)) if on]  # fmt: skip
    if len(instead) > 1:
        raise click.UsageError(f"{' and '.join(instead)} are different answers: ask for one")
    if instead and (record or plot):
        raise click.UsageError(f"{instead[0]} is neither recorded nor drawn")
    if not drugs and not unmapped and not all_:
        raise click.UsageError("name a DRUG, or give --all or --unmapped")
    if output is not None and not record and not all_:
        raise click.UsageError("--output goes with --record or with --all")
    if all_ and (output is None or output.suffix not in {".parquet", ".csv"}):
        raise click.UsageError("--all is written to a file: --output FILE.parquet or FILE.csv")
    if first is not None and last is not None and first > last:
        raise click.UsageError(f"--from {first} is after --to {last}")
    if plot is not None:
        from evikg.figures import require_place

        require_place(plot)
    folder = faers_ or default_folder()
    opened = open_reports(folder)
    if unmapped:
        rows = [dict(zip(("name", "ingredients", "rows"), row, strict=True))
                for row in unmapped_names(opened)]  # fmt: skip
        write_rows(rows, ("name", "ingredients", "rows"), format_)
        say(f"{len(rows)} names without a substance")
        return
    exposed = [find_drug(folder, opened, name) for name in drugs]
    compared = tuple(find_drug(folder, opened, name) for name in against)
    if both := sorted({drug.name for drug in exposed} & {drug.name for drug in compared}):
        raise click.UsageError(f"{', '.join(both)} cannot be compared with itself")
    selection = Selection(role, Counting(f"{counting}-level"), first, last, indication)
    database = Database.of(folder, opened, selection)
    for line in (*steps(database), *unknown(database)):
        say(line)
    exposures = (
        [Exposure((drug,), compared) for drug in exposed] if each
        else [Exposure(tuple(dict.fromkeys(exposed)), compared)] if exposed else []
    )  # fmt: skip
    for exposure in exposures:
        _say_exposure(exposure, database)
    if all_ and output is not None:
        write_all(database, min_count, output)
    elif reports:
        _tell_tallies(database, exposures, reports, format_)
    elif onset_:
        _tell_onsets(database, exposures, min_count, format_)
    elif by:
        _tell_strata(database, exposures, by, min_count, format_)
    else:
        found = _found(database, exposures, min_count)
        shown = [row for _, rows in found for row in rows if _reaches(row, threshold)]
        shown.sort(key=lambda row: _strength(row, measure))
        columns = _SHOWN if format_ in {"table", "md"} else _ALL
        named = ("drug", "event") if each else ("event",)
        write_rows(shown, (*named, *columns, "reached"), format_)
        if plot is not None:
            draw(database, exposures, shown, plot)
        if record:
            record_signals(database, found, output, store, evidence)
    say(CAUTION)


def _say_exposure(exposure: "Exposure", database: "Database") -> None:
    names = ", ".join(
        f"{drug.name} ({drug.unii})" if drug.unii else drug.name for drug in exposure.drugs
    )
    compared = " or ".join(drug.name for drug in exposure.against) or "all other drugs"
    counting = database.selection.counting.value
    say(f"{names}, as {', '.join(database.selection.roles)}, against {compared}; {counting}")


def _found(
    database: "Database", exposures: "Sequence[Exposure]", minimum: int
) -> "list[tuple[Exposure, list[Row]]]":
    from evikg.loaders.faers.signals import signals

    found = []
    for exposure in exposures:
        rows = signals(database, exposure, minimum=minimum, progress=lambda step: say(f"{step} …"))
        if not rows:
            say(f"{exposure.name}: no event was reported {minimum} time(s) or more")
        found.append((exposure, rows))
    return found


def _reaches(row: "Row", threshold: str | None) -> bool:
    reached = row["reached"].split()
    if threshold == "all":
        wanted = {"ror", "evans", "ic"} | ({"ebgm"} if row.get("ebgm") is not None else set())
        return wanted <= set(reached)
    return threshold is None or threshold in reached


def _strength(row: "Row", measure: str) -> tuple[bool, float, int, str]:
    value = row.get(measure)
    return value is None, -(value or 0), -row["a"], row["event"]


def _tell_strata(
    database: "Database", exposures: "Sequence[Exposure]", by: str, minimum: int, format_: str
) -> None:
    from evikg.loaders.faers.signals import strata

    columns = ("drug", "event", "stratum", *_COUNTS, *_ROR, "ic", "ic025", "ic975")
    rows = [row for exposure in exposures
            for row in strata(database, exposure, by, minimum=minimum)]  # fmt: skip
    rows.sort(key=lambda row: (row["drug"], row["event"], row["stratum"]))
    write_rows(rows, columns, format_)


def _tell_onsets(
    database: "Database", exposures: "Sequence[Exposure]", minimum: int, format_: str
) -> None:
    from evikg.loaders.faers.signals import onsets

    rows = [{"drug": exposure.name, **row} for exposure in exposures
            for row in onsets(database, exposure, minimum=minimum)]  # fmt: skip
    write_rows(rows, ("drug", "event", *_ONSET, "hazard"), format_)
    if not rows:
        say("no report has both a day on which the drug began and a later day of the event")


def _tell_tallies(
    database: "Database", exposures: "Sequence[Exposure]", by: str, format_: str
) -> None:
    from evikg.loaders.faers.signals import tallies

    rows = [{"drug": exposure.name, **row} for exposure in exposures
            for row in tallies(database, exposure, by)]  # fmt: skip
    write_rows(rows, ("drug", by, "reports", "percent"), format_)
