"""Rule on citations: numbers of one study that a document cites to other references each time."""

import re
from collections import defaultdict
from collections.abc import Iterator

from evikg.graph.records import Result
from evikg.ontology import Directness, Verdict

from .material import Material, told
from .rules import Finding, rules

_RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")


def references(material: Material) -> Iterator[Finding]:
    """Look for a reference that all citations of one study in one document have in common.

    A study may have several reports, so that none in common is a question, not a contradiction.
    """
    rule = rules()["references"]
    cited: dict[tuple[str, str], dict[frozenset[int], list[Result]]] = defaultdict(dict)
    for result in material.results:
        numbers = _numbers(result.cited_reference or "")
        if result.directness is Directness.CITED and numbers:
            cited[result.source, result.study].setdefault(numbers, []).append(result)
    for (_, study), by_numbers in cited.items():
        if frozenset.intersection(*by_numbers):
            # A reference in common says nothing about the number: it has not been compared.
            continue
        # The commonest stands for itself; what is cited otherwise is named with every place.
        commonest = max(by_numbers.values(), key=len)
        others = [r for results in by_numbers.values() if results is not commonest for r in results]
        named = sorted([commonest[0], *others], key=lambda result: (result.line, result.slug))
        yield rule.check(
            Verdict.CANNOT_CHECK,
            named,
            "; ".join(f"[{result.cited_reference}] {told(result)}" for result in named),
            note=f"{study} may have several reports; if not, one of the references is wrong",
        )


def _numbers(text: str) -> frozenset[int]:
    """Return the numbers of references, those of a range too: `7, 29-31`."""
    found: set[int] = set()
    for first, last in _RANGE.findall(text):
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
