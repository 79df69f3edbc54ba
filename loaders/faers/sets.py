"""What a computed set of signals says of itself, and where it goes: a folder, or the graph."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from itertools import pairwise

from evikg.analysis.disproportionality.counts import Counting
from evikg.graph import records as r
from evikg.loaders.ctgov.names import Names, slug_of

from .engine import kept_table, quarters
from .folder import read_manifest
from .recording import Described, Exposed
from .signals import ROLES, Database, Exposure, Row

#: First and last month of a quarter.
_MONTHS = {"1": ("01", "03"), "2": ("04", "06"), "3": ("07", "09"), "4": ("10", "12")}


def described(
    database: Database,
    found: Sequence[tuple[Exposure, Sequence[Row]]],
    declared: Collection[r.Record],
    slug: str | None = None,
) -> Described:
    """Describe a set of signals: database, period, roles, rule of de-duplication, counting.

    :param found: each exposure with its rows, at least one
    :param declared: by the evidence that it is to stand beside, whose names of drugs it takes
    :param slug: of the source; one that says what the set holds where it is not given
    :raises ValueError: if an exposure has no row
    """
    names = Names(declared)
    exposed = []
    for exposure, rows in found:
        if not rows:
            raise ValueError(f"{exposure.name} has no pair to record; --min-count 1 takes them all")
        row = rows[0]
        words = "reports of all other drugs"
        if exposure.against:
            words = f"reports of {' or '.join(drug.name for drug in exposure.against)}"
        if database.selection.counting is Counting.EVENT:
            words = f"events of {words}"
        drug = names.drug(exposure.name)
        size, others = row["a"] + row["b"], row["c"] + row["d"]
        exposed.append(Exposed(exposure.name, drug, size, others, words))
    first, last = database.period()
    choice = database.selection
    name = f"FAERS {_period(database)}"
    against = _against([exposure for exposure, _ in found])
    parts = [
        "faers",
        first if first == last else f"{first}-{last}",
        *(e.drug.slug for e in exposed),
    ]
    parts += ["against", *map(slug_of, against)] if against else []
    parts += [] if choice.roles == ("PS",) else [role.lower() for role in choice.roles]
    parts += [slug_of(choice.indication)] if choice.indication else []
    parts += [] if choice.counting.value == "case-level" else [choice.counting.value]
    database_name = name + (f", indication {choice.indication}" if choice.indication else "")
    return Described(
        slug=slug or "-".join(parts),
        title=title_of(database, [exposure for exposure, _ in found]),
        database=database_name,
        drug_role=_roles(database),
        term_level="preferred term, as given",
        deduplication=_rules(database),
        counting=choice.counting.value,
        start=f"{first[:4]}-{_MONTHS[first[-1]][0]}",
        end=f"{last[:4]}-{_MONTHS[last[-1]][1]}",
        drugs=tuple(exposed),
        note="\n".join([*unknown(database), *_prior(database, found)]),
    )


def title_of(database: Database, exposures: Sequence[Exposure]) -> str:
    """Return the period, the roles, the drugs, what they are compared with, and the indication."""
    whom = " and ".join(exposure.name for exposure in exposures)
    title = f"FAERS {_period(database)}, {_roles(database)}, {whom}"
    if against := _against(exposures):
        title += f" against {' or '.join(against)}"
    indication = database.selection.indication
    return f"{title}, indication {indication}" if indication else title


def unknown(database: Database) -> list[str]:
    """Return what the files of the quarters that count do not say, a line each."""
    first, last = database.period()
    said = read_manifest(database.folder)["unknown"]
    return [
        f"Unknown of {_quarter(quarter)}: {words}"
        for quarter, words in sorted(said.items())
        if first <= quarter <= last and words
    ]


def steps(database: Database) -> list[str]:
    """Return the steps of de-duplication with the reports and cases after each, a line each.

    What was chosen of all cases follows, and how many a choice of quarters leaves out since their
    latest report is of a later one; before it, quarters whose load was broken off before cases
    were made of them.
    """
    lines = [
        f"{step.step}: {step.reports:,} reports, {step.cases:,} cases; {step.rule}"
        for step in database.reports.steps
    ]
    if without := _not_among(database):
        lines.append(
            f"not among the cases: {', '.join(without)}; the same evikg load faers again adds them"
        )
    if chosen := _chosen(database):
        lines.append(f"chosen: {_size(database):,} cases; {chosen}")
    if out := _followed_up(database):
        lines.append(
            f"followed up later: {out:,} cases have a report of these quarters, and are out as "
            "their latest is of a later one; to count them, load these quarters alone, into "
            "another folder"
        )
    return lines


def _rules(database: Database) -> str:
    """Return the rules of de-duplication with what each removed, and what was chosen then."""
    made = database.reports.steps
    told = [
        f"{after.rule} ({before.reports - after.reports:,} reports out)"
        for before, after in pairwise(made)
    ]
    if chosen := _chosen(database):
        told.append(f"{chosen} ({made[-1].cases - _size(database):,} cases out)")
    if out := _followed_up(database):
        told[-1] += f", of them {out:,} followed up later"
    return "; ".join(told)


def _not_among(database: Database) -> list[str]:
    """Return the quarters that there are tables of, but no cases yet."""
    held = [file.stem for file in quarters(database.folder, "demo")]
    made = database.reports.made.get("quarters", held)
    return [_quarter(quarter) for quarter in held if quarter not in made]


def _chosen(database: Database) -> str:
    """Return which of all cases count; empty where all do."""
    choice = database.selection
    words = []
    if choice.first is not None or choice.last is not None:
        words.append(f"cases whose latest report is of {_period(database)}")
    if choice.indication is not None:
        words.append(f"cases that give the indication {choice.indication}")
    return " and ".join(words)


def _size(database: Database) -> int:
    return int(database.counted.cases.count().to_pyarrow().as_py())


def _followed_up(database: Database) -> int:
    """Return how many cases have reports of the quarters chosen, and their latest after these."""
    first, last = database.selection.first, database.selection.last
    cases = database.reports.cases
    if last is None:
        return 0
    later = cases.filter(cases.quarter > last).select("caseid")
    demo = kept_table(database.reports.backend, database.folder, "demo", quarter=True)
    of_these = demo.filter(demo.quarter >= (first or ""), demo.quarter <= last)
    return int(later.semi_join(of_these, "caseid").count().to_pyarrow().as_py())


def _prior(database: Database, found: Sequence[tuple[Exposure, Sequence[Row]]]) -> list[str]:
    """Return what the empirical Bayes geometric means rest on, where there are any."""
    if all(row.get("ebgm") is None for _, rows in found for row in rows):
        return []
    prior = database.prior()
    values = ", ".join(f"{name} {value:.4g}" for name, value in asdict(prior).items())
    return [f"Prior of the empirical Bayes geometric mean, fitted to all pairs: {values}"]


def _roles(database: Database) -> str:
    return " or ".join(ROLES[role] for role in database.selection.roles)


def _against(exposures: Sequence[Exposure]) -> list[str]:
    return sorted({drug.name for exposure in exposures for drug in exposure.against})


def _period(database: Database) -> str:
    first, last = database.period()
    return _quarter(first) if first == last else f"{_quarter(first)} to {_quarter(last)}"


def _quarter(name: str) -> str:
    return f"{name[:4]} Q{name[-1]}"
