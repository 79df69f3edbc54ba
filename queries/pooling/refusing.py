"""A refusal to pool: what can be chosen instead, and the reasons, for people and for programs."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evikg.graph.comparability import Candidate, assess

from .request import Request
from .selection import CONTAINED, select
from .synthesis import NotComparableError

#: A reader takes in no more reasons than these; `evikg compare` lists all.
_TOLD = 12
#: Of more results than these it is told how many have a value, not which.
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """Values of facets by which some of the results can be chosen."""

    only: Mapping[str, str]
    results: int  # that are left to be pooled
    bars: int | None = None  # that are left with them; None if that was not looked at

    def told(self) -> str:
        """Write the choice as a command has it."""
        words = " ".join(f"--only {_quoted(f'{name}={v}')}" for name, v in self.only.items())
        left = {None: "", 0: ", nothing bars them"}.get(self.bars, f", {self.bars} reasons left")
        return f"  {words}   ({self.results} results{left})"


def choices(error: NotComparableError) -> list[Choice]:
    """Return the commonest value of each facet that bars, and what they come to together."""
    found = []
    for item in error.assessment.differences:
        value, results = max(item.values, key=lambda value: len(value[1]))
        if item.bars and len(results) > 1:
            found.append(Choice({item.facet: value}, len(results)))
    together = _together(error.found, error.request)
    return [*found, together] if together is not None and len(together.only) > 1 else found


def _together(found: Sequence[Candidate], request: Request) -> Choice | None:
    """Narrow facet by facet to the commonest value until none bars; None if too few are left."""
    only: dict[str, str] = {}
    while True:
        wanted = {name: frozenset([value]) for name, value in only.items()}
        chosen = select(found, replace(request, only={**request.only, **wanted})).chosen
        if len(chosen) < 2:
            return None
        judged = assess(chosen)
        barring = next((i for i in judged.differences if i.bars and i.facet not in only), None)
        if barring is None:
            return Choice(only, len(chosen), len(judged.bars))
        only[barring.facet] = max(barring.values, key=lambda value: len(value[1]))[0]


def refusal(error: NotComparableError) -> str:
    """Write what can be chosen instead, then why the results are not pooled."""
    found = error.assessment
    chosen = choices(error)
    barring = [item for item in found.differences if item.bars]
    bars = list(found.bars)
    if len(found.results) > _NAMED:
        bars[: len(barring)] = [item.brief() for item in barring]
    lines = [f"{error}:"]
    if chosen:
        lines = [f"{error}; choose what is to be pooled, for example:"]
        lines += [*(choice.told() for choice in chosen), "reasons:"]
    lines += [f"  - {bar}" for bar in bars[:_TOLD]]
    if len(bars) > _TOLD:
        lines.append(f"  and {len(bars) - _TOLD} more: `evikg compare` lists all")
    return "\n".join([*lines, *_remedies(error)])


def refused(error: NotComparableError) -> dict[str, object]:
    """Return a refusal for programs: every reason, and the choices as facets with their values."""
    return {
        "refused": True,
        "reasons": list(error.assessment.bars),
        "choices": [
            {"only": dict(choice.only), "results": choice.results} for choice in choices(error)
        ],
    }


def _remedies(error: NotComparableError) -> Iterator[str]:
    found = error.assessment
    within = sum(item.reason.startswith(CONTAINED) for item in error.left_out)
    if within:
        yield (
            f"{within} results are left out because others contain them; --only may bring them"
            " back, where it narrows those others away"
        )
    if found.overlaps:
        yield "leave one of each pair out: --exclude RESULT"
    if any(bars for _, bars, _ in found.faults):
        yield "leave out what fails a critical check: --exclude RESULT"
    if found.incommensurable:
        yield "no reason can put numbers of different sorts together"
    else:
        yield "or say why it may be done all the same: --despite REASON"


def _quoted(word: str) -> str:
    quoted = shlex.quote(word)
    return quoted if quoted != word else f"'{word}'"
