"""The `plot` entry of a question's header: which picture its answer makes, from which columns.

    #+ plot: {kind: signals, title: Signals, event: event, ratio: ror, low: low, high: high,
    #+   reports: reports}

Every value but `kind`, `title` and those said otherwise names a column of the answer. A part of a
label may be words with a column in braces, as `from {origin}`.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

#: Fields that hold words or numbers, not columns.
_WORDS = frozenset({"kind", "title", "measure", "scale", "percent", "reference", "favours"})


def columns_in(part: str) -> list[str]:
    """Return the columns that a part of a label names: itself, or those in braces."""
    return re.findall(r"\{(\w+)\}", part) or [part]


class _Plot(BaseModel):
    """What every plot has: a title and columns."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    title: str = Field(min_length=1)

    def columns(self) -> Iterator[str]:
        """Yield every column the plot takes."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name not in _WORDS and value is not None:
                for part in [value] if isinstance(value, str) else value:
                    yield from columns_in(part)


class ForestPlot(_Plot):
    """Rows with an estimate and its interval; what is not printed is computed from n and N."""

    kind: Literal["forest"]
    measure: str  # heading of the estimates
    label: list[str] = Field(min_length=1)
    section: str | None = None
    estimate: str
    low: str
    high: str
    level: str | None = None
    unit: str | None = None  # with `percent`: a number in any other unit is a fraction
    events: str | None = None
    total: str | None = None
    part_of: str | None = None
    drug: str | None = None  # named in the title where all rows have one
    time: str | None = None  # of a landmark, named in the title
    time_unit: str | None = None
    result: str | None = None
    doubt: str | None = None  # reasons to doubt the number, parted by semicolons
    scale: Literal["linear", "log"] = "linear"
    percent: bool = False  # the axis runs from 0 to 100 %
    reference: float | None = None
    favours: list[str] | None = Field(default=None, min_length=2, max_length=2)


class CoveragePlot(_Plot):
    """Studies by variables; without `state`, a row says that the variable is reported."""

    kind: Literal["coverage"]
    study: str
    variable: str
    state: str | None = None
    count: str | None = None


class SignalsPlot(_Plot):
    """Reporting odds ratios with their intervals and numbers of reports."""

    kind: Literal["signals"]
    event: str
    ratio: str
    low: str
    high: str
    level: str | None = None
    reports: str
    section: str | None = None
    study: str | None = None  # named below the title: its label says drug, database and period


class GradesPlot(_Plot):
    """Events by grade, one column a grade from 1 to 5; a panel for each study and unit."""

    kind: Literal["grades"]
    study: str
    panel: list[str] = Field(min_length=1)  # what a bar is about besides its event
    seriousness: str | None = None  # said where it is not any
    event: str
    unit: str
    grades: list[str] = Field(min_length=5, max_length=5)
    total: str | None = None


class SurvivalPlot(_Plot):
    """Probabilities of survival at landmarks, with their intervals."""

    kind: Literal["survival"]
    measure: str  # name of the axis
    group: str
    size: str | None = None
    time: str
    time_unit: str
    value: str
    unit: str
    low: str
    high: str
    level: str | None = None


Plot = Annotated[
    ForestPlot | CoveragePlot | SignalsPlot | GradesPlot | SurvivalPlot,
    Field(discriminator="kind"),
]

PLOT: TypeAdapter[Plot] = TypeAdapter(Plot)
