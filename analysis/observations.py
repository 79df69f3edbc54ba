"""What is observed of patients: how long each was followed, and whether the event came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

_COLUMNS = ("group", "time", "event")


class ObservationsError(ValueError):
    """Times or events are no data of survival; one line a fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Hold every fault."""
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Observations:
    """Patients of one group: how long each was followed, and whether the event came then.

    :raises ObservationsError: if there is no patient, or a time is negative or no number
    """

    times: tuple[float, ...]
    events: tuple[bool, ...]  # False: censored at that time

    def __post_init__(self) -> None:
        """Check the numbers."""
        faults = [
            f"patient {place}: {time!r} is no time of follow-up"
            for place, time in enumerate(self.times, start=1)
            if not isfinite(time) or time < 0
        ]
        if len(self.times) != len(self.events):
            faults.append(f"{len(self.times)} times, but {len(self.events)} events")
        if not self.times:
            faults.append("a group needs at least one patient")
        if faults:
            raise ObservationsError(faults)


def read_observations(
    rows: Iterable[Mapping[str, str | None]],
) -> dict[str, Observations]:
    """Return the patients of each group from rows with `group`, `time` and `event` (0 or 1).

    :raises ObservationsError: with every fault and its row, counted from 1 below the header
    """
    groups: dict[str, tuple[list[float], list[bool]]] = {}
    faults: list[str] = []
    for place, row in enumerate(rows, start=1):
        if absent := [name for name in _COLUMNS if name not in row]:
            faults.append(f"there is no column {', '.join(absent)}")
            break
        missing = [name for name in _COLUMNS if not (row.get(name) or "").strip()]
        if missing:
            faults.append(f"row {place}: {', '.join(missing)} is empty")
            continue
        group, time, event = (str(row[name]).strip() for name in _COLUMNS)
        number = _number(time)
        if number is None or number < 0:
            faults.append(f"row {place}: time {time!r} is no number from 0 on")
        if event not in ("0", "1"):
            faults.append(f"row {place}: event {event!r} is neither 0 (censored) nor 1")
        times, events = groups.setdefault(group, ([], []))
        times.append(number or 0.0)
        events.append(event == "1")
    if not groups and not faults:
        faults.append("no patient: expected rows with group, time and event")
    if faults:
        raise ObservationsError(faults)
    return {name: Observations(tuple(t), tuple(e)) for name, (t, e) in groups.items()}


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
