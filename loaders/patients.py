"""Times of single patients, as read off a printed survival curve: `survival.csv` of a source."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evikg.analysis.observations import Observations, ObservationsError, read_observations
from evikg.graph.records import Group, Variable

from .faults import Fault, read_text
from .models import SurvivalModel

#: The columns of the file: slug of the group, time of follow-up, 1 where the event came then.
COLUMNS = ["group", "time", "event"]

_ROW = re.compile(r"row (\d+): ")


@dataclass(frozen=True, slots=True)
class PatientTimes:
    """Times and events of the patients of some groups; they are estimates, not the trial's data."""

    source: str
    variable: str
    unit: str  # of the times
    groups: Mapping[str, Observations]
    path: Path


def read_patients(
    path: Path, source: str, described: SurvivalModel, faults: list[Fault]
) -> PatientTimes | None:
    """Read `survival.csv`; None, and every fault, if it is no such file."""
    text = read_text(path, faults)
    if text is None:
        return None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if reader.fieldnames != COLUMNS:
        faults.append(Fault(path, 1, 1, "", "", f"expected the columns {','.join(COLUMNS)}"))
        return None
    try:
        groups = read_observations(list(reader))
    except (ObservationsError, csv.Error) as error:
        for words in getattr(error, "faults", (str(error),)):
            found = _ROW.match(words)
            # Row 1 stands below the header.
            line = int(found[1]) + 1 if found else 1
            faults.append(Fault(path, line, 1, "", "", _ROW.sub("", words)))
        return None
    return PatientTimes(source, described.variable, described.unit, groups, path)


def check_patients(
    found: PatientTimes,
    groups: Mapping[str, Group],
    variables: Mapping[str, Variable],
    faults: list[Fault],
) -> None:
    """Note a fault for a variable or group that is not declared, and for groups of another size.

    All groups must be of one study.
    """

    def fault(name: str, value: str, words: str) -> None:
        faults.append(Fault(found.path, 1, 1, name, value, words))

    if found.variable not in variables:
        fault("variable", found.variable, "is no known variable; declare it in source.yaml")
    for slug, observations in found.groups.items():
        group, count = groups.get(slug), len(observations.times)
        if group is None:
            fault("group", slug, "is no known group; declare it in source.yaml")
        elif group.size is not None and group.size != count:
            fault("group", slug, f"has {count} patients here, but the group has {group.size}")
    studies = {groups[slug].study for slug in found.groups if slug in groups}
    if len(studies) > 1:
        fault("group", ", ".join(found.groups), f"are groups of {len(studies)} studies, not of one")
