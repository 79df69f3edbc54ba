"""Canonical N-Quads: sorted by code point, each line once, whatever part is in memory."""

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from evikg.graph.canonical import nquad_line, sorted_lines

#: Text that holds what other readers take for the end of a line.
BODIES = st.text(st.sampled_from("ab \r\x0b\x85\u2028é\U0001f600\ufffd"), max_size=4)


@given(st.lists(BODIES.map(lambda text: f"{text}\n"), max_size=40), st.integers(1, 7))
def test_parts_on_disk_give_what_sorting_in_memory_gives(lines: list[str], chunk: int) -> None:
    assert list(sorted_lines(lines, chunk)) == sorted(set(lines))


def test_the_order_is_that_of_the_bytes() -> None:
    # U+FFFD stands before U+1F600 by code point and in UTF-8, and after it in UTF-16.
    assert list(sorted_lines(["\U0001f600\n", "\ufffd\n"])) == ["\ufffd\n", "\U0001f600\n"]


def test_a_line_has_the_escapes_of_the_canonical_form() -> None:
    # RDF 1.2 N-Quads, "A Canonical form of N-Quads": \t \n \" \\ by name, other control
    # characters and DEL by \u and upper-case digits, all else as it is.
    quad = Quad(
        BlankNode("b"), NamedNode("http://x/é"), Literal('\t\n"\\\x01\x7fé'), NamedNode("http://g")
    )
    assert nquad_line(quad) == '_:b <http://x/é> "\\t\\n\\"\\\\\\u0001\\u007Fé" <http://g> .\n'
