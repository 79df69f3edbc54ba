"""Rule on the names of arms: a place may name one that its study does not have."""

import re
from collections.abc import Iterator

from evikg.ontology import Verdict

from .material import Material, told
from .rules import Finding, rules


def arm_labels(material: Material) -> Iterator[Finding]:
    """Look up the label by which a place names an arm among the arms and groups of the study.

    Only where it is not the curated group's own is a label given (`printed_group`).
    """
    rule = rules()["arm-label"]
    arms: dict[str, dict[str, str]] = {}
    names: dict[str, set[str]] = {}
    for group in material.groups.values():
        names.setdefault(group.study, set()).add(_plain(group.label))
        if group.arm:
            arms.setdefault(group.study, {}).setdefault(_plain(group.arm), group.arm)
    for result in material.results:
        group_of = material.groups.get(result.group)
        if not result.printed_group or group_of is None or group_of.arm is None:
            continue
        known = arms[result.study]
        if _plain(result.printed_group) in known.keys() | names[result.study]:
            yield rule.passed([result])
        else:
            yield rule.check(
                Verdict.INCONSISTENT,
                [result],
                f"{result.printed_group}: {told(result)}",
                note="no such arm; the study has " + "; ".join(known.values()),
            )


def _plain(label: str) -> str:
    """Return a label without what may be written in several ways: case, spaces, m², and, +."""
    label = re.sub(r"<(/?)su[pb]>|\^", "", label.casefold().replace("²", "2"))
    label = re.sub(r"\bmg\s*/\s*m\s*2", "mg/m2", label)
    label = re.sub(r"\s+and\s+|\s*&\s*|\s*\+\s*", " + ", label)
    return " ".join(label.split())
