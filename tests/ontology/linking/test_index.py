"""The index finds names by every form it promises."""

from hypothesis import given
from hypothesis import strategies as st

from evikg.ontology.curie import expand
from evikg.ontology.linking import TermIndex, normaliser
from evikg.ontology.linking.comparison import Step, keeps_order, steps_between
from evikg.ontology.terms import SemanticType, Term

NAMES = st.lists(
    st.text(alphabet="abcdegilmnorstuy -12", min_size=3, max_size=24).filter(str.strip),
    min_size=1,
    max_size=8,
    unique=True,
)


@given(NAMES, st.data())
def test_every_name_is_found_whatever_the_order_of_its_words(
    names: list[str], data: st.DataObject
) -> None:
    terms = [Term(iri=expand(f"MONDO:{n:07}"), label=name) for n, name in enumerate(names)]
    index = TermIndex.of(terms)
    name = data.draw(st.sampled_from(names))
    words = data.draw(st.permutations(normaliser().strict(name)))
    found = {index.names[number] for number in index.strict(tuple(words))}
    assert (name in found) == bool(words)


@given(NAMES)
def test_wider_forms_find_at_least_what_narrower_ones_find(names: list[str]) -> None:
    terms = [Term(iri=expand(f"MONDO:{n:07}"), label=name) for n, name in enumerate(names)]
    index = TermIndex.of(terms)
    for name in names:
        words = normaliser().strict(name)
        strict = set(index.strict(words)) if words else set()
        if words and not normaliser().widens(words):
            assert strict <= set(index.loose(words))


def test_one_hyphen_or_blank_makes_no_difference() -> None:
    index = TermIndex.of([Term(iri=expand("MONDO:0018908"), label="non-Hodgkin lymphoma")])
    n = normaliser()
    for text in ("nonhodgkin lymphoma", "non hodgkin lympho ma"):
        assert index.joined(n.strict(text)), text
    assert not index.joined(n.strict("nonhodgkinlymphoma"))  # two blanks
    index = TermIndex.of([Term(iri=expand("MESH:D016559"), label="FK 506")])
    assert index.joined(n.strict("FK506"))


def test_types_come_from_the_terminology_or_the_trees(index: TermIndex) -> None:
    sodium = index.find(expand("MESH:D012964"))
    edema = index.find(expand("HP:0000969"))
    assert sodium is not None
    assert edema is not None
    assert index.types(sodium) == {SemanticType.CHEMICAL}
    assert index.types(edema) == {SemanticType.DISEASE}


def test_what_differs_is_said() -> None:
    n = normaliser()
    assert steps_between("Edema", "Edema", n) == ()
    assert steps_between("edema", "Edema", n) == (Step.CASE,)
    assert steps_between("Oedema", "Edema", n) == (Step.SPELLING,)
    assert steps_between("TNF-α", "TNF-alpha", n) == (Step.GREEK,)
    assert Step.ORDER in steps_between("acute leukemia", "Leukemia, Acute", n)


def test_locants_keep_their_order() -> None:
    n = normaliser()
    assert not keeps_order("2-methyl-3-ethylpyridine", "3-methyl-2-ethylpyridine", n)
    assert keeps_order("Hepatitis A, Acute", "acute hepatitis A", n)
    assert not keeps_order("A hepatitis acute", "acute hepatitis A", n)
    assert keeps_order("acute leukemia", "leukemia acute", n)
