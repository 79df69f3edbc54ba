"""Times of patients of a source: what is read, and every fault of a file that is none."""

from pathlib import Path
from typing import Any

import pytest

from evikg.loaders.evidence import read_corpus, shipped_evidence
from evikg.loaders.faults import EvidenceError

GOOD = "group,time,event\nsmall-responders,1.5,1\nsmall-responders,2,0\nsmall-responders,3,1\n"
BLOCK = "survival: {variable: cr-cri, unit: months}\n"


def declare(small: Any, times: str, block: str = BLOCK, size: int = 3) -> Path:
    """Add times of the responders to the small corpus."""
    source = next(small.folder.glob("*/source.yaml"))
    text = source.read_text(encoding="utf-8").replace("size: 35", f"size: {size}")
    source.write_text(text + block, encoding="utf-8")
    (source.parent / "survival.csv").write_text(times, encoding="utf-8")
    return Path(small.folder)


def test_times_are_read_by_group(small: Any) -> None:
    (found,) = read_corpus(declare(small, GOOD)).patients
    assert (found.source, found.variable, found.unit) == ("doe-2020", "cr-cri", "months")
    assert found.groups["small-responders"].times == (1.5, 2.0, 3.0)
    assert found.groups["small-responders"].events == (True, False, True)


@pytest.mark.parametrize(
    ("times", "line", "words"),
    [
        ("time,event\n1,1\n", 1, "expected the columns group,time,event"),
        (GOOD.replace("1.5", "soon"), 2, "time 'soon' is no number from 0 on"),
        (GOOD.replace("2,0", "-2,0"), 3, "time '-2' is no number from 0 on"),
        (GOOD.replace("3,1", "3,2"), 4, "event '2' is neither 0 (censored) nor 1"),
        (GOOD.replace("1.5,1", ",1"), 2, "time is empty"),
        ("group,time,event\n", 1, "no patient: expected rows with group, time and event"),
        (GOOD.replace("small-responders", "others"), 1, "is no known group"),
        (GOOD + "small-responders,4,1\n", 1, "has 4 patients here, but the group has 3"),
    ],
)
def test_a_fault_is_named_with_its_line(small: Any, times: str, line: int, words: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        read_corpus(declare(small, times))
    faults = [(f.path.name, f.line, f.expected) for f in caught.value.faults]
    assert [(name, place) for name, place, text in faults if words in text] == [
        ("survival.csv", line)
    ]


def test_all_faults_are_told_at_once(small: Any) -> None:
    with pytest.raises(EvidenceError) as caught:
        read_corpus(declare(small, GOOD.replace("1.5", "x").replace("3,1", "3,yes")))
    assert [fault.line for fault in caught.value.faults] == [2, 4]


def test_an_unknown_outcome_or_unit_is_a_fault(small: Any) -> None:
    with pytest.raises(EvidenceError, match="unit"):
        read_corpus(declare(small, GOOD, "survival: {variable: cr-cri, unit: fortnights}\n"))


def test_a_missing_file_is_a_fault(small: Any) -> None:
    folder = declare(small, GOOD)
    next(folder.glob("*/survival.csv")).unlink()
    with pytest.raises(EvidenceError, match=r"survival\.csv: cannot be read"):
        read_corpus(folder)


def test_the_digitised_curve_has_all_patients() -> None:
    # The digitised file has 326 rows: 164 of arm 1 (inotuzumab ozogamicin) with 113 events, and 162
    # with 123, counted with awk
    (found,) = read_corpus(shipped_evidence()).patients
    counts = {slug: (len(x.times), sum(x.events)) for slug, x in found.groups.items()}
    assert counts == {"ino-vate-ino-randomized": (164, 113), "ino-vate-soc-randomized": (162, 123)}
