"""A malformed header is an error that names the file and the fault."""

import pytest

from evikg.queries.header import QuestionError, read_header

GOOD = """\
#+ summary: How many?
#+ description: Counts.
#+ tags: [count]
#+ parameters:
#+   - {name: study, kind: study, description: only this study}
#+ columns:
#+   - {name: n, description: how many}
SELECT (COUNT(?r) AS ?n)
WHERE { VALUES ?study { UNDEF } ?r ?p ?study }
"""


def test_a_good_header_is_read() -> None:
    header = read_header("good", GOOD)
    assert [(p.name, p.kind, p.default) for p in header.parameters] == [("study", "study", "")]
    assert [column.name for column in header.columns] == ["n"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("#+ tags: [count]\n", "", "needs the keys"),
        ("#+ tags: [count]\n", "#+ tags: [count\n", "is not YAML"),
        ("#+ summary", "#+ sumary", "needs the keys"),
        ("VALUES ?study { UNDEF } ", "", "needs one clause"),
        ("{name: n, description: how many}", "{name: m, description: how many}", "selects"),
        ("description: how many}", "description: how, many}", "incomplete or has more"),
        ("kind: study, ", "", "incomplete or has more"),
    ],
)
def test_a_bad_header_is_named(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(QuestionError, match=r"^bad\.rq: ") as caught:
        read_header("bad", GOOD.replace(old, new, 1))
    assert words in str(caught.value)
