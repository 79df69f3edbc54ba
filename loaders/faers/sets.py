"""What a computed set of signals says of itself, and where it goes: a folder, or the graph."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from itertools import pairwise

from evikg.graph import records as r
from evikg.loaders.ctgov.names import Names, slug_of

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
        drug = names.drug(exposure.name)
        size, others = row["a"] + row["b"], row["c"] + row["d"]
        exposed.append(Exposed(exposure.name, drug, size, others, words))
    first, last = database.period()
    choice = database.selection
    name = f"FAERS {_quarter(first)}" + (f" to {_quarter(last)}" if last != first else "")
    roles = " or ".join(ROLES[role] for role in choice.roles)
    whom = " and ".join(item.name for item in exposed)
    against = sorted({drug.name for exposure, _ in found for drug in exposure.against})
    title = f"{name}, {roles}, {whom}"
    title += f" against {' or '.join(against)}" if against else ""
    title += f", indication {choice.indication}" if choice.indication else ""
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
        title=title,
        database=database_name,
        drug_role=roles,
        term_level="preferred term, as given",
        deduplication=_rules(database),
        counting=choice.counting.value,
        start=f"{first[:4]}-{_MONTHS[first[-1]][0]}",
        end=f"{last[:4]}-{_MONTHS[last[-1]][1]}",
        drugs=tuple(exposed),
        note="\n".join([*unknown(database), *_prior(database, found)]),
    )


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
    """Return the steps of de-duplication with the reports and cases after each, a line each."""
    return [
        f"{step.step}: {step.reports:,} reports, {step.cases:,} cases; {step.rule}"
        for step in database.reports.steps
    ]


def _rules(database: Database) -> str:
    """Return the rules of de-duplication with what each removed."""
    made = database.reports.steps
    told = [
        f"{after.rule} ({before.reports - after.reports:,} reports out)"
        for before, after in pairwise(made)
    ]
    return "; ".join(told)


def _prior(database: Database, found: Sequence[tuple[Exposure, Sequence[Row]]]) -> list[str]:
    """Return what the empirical Bayes geometric means rest on, where there are any."""
    if all(row.get("ebgm") is None for _, rows in found for row in rows):
        return []
    prior = database.prior()
    values = ", ".join(f"{name} {value:.4g}" for name, value in asdict(prior).items())
    return [f"Prior of the empirical Bayes geometric mean, fitted to all pairs: {values}"]


def _quarter(name: str) -> str:
    return f"{name[:4]} Q{name[-1]}"
