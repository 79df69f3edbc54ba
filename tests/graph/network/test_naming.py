"""What a user writes, and the thing it means in the shipped corpus."""

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.network import (
    AmbiguousNameError,
    UnknownNameError,
    near_names,
    thing_named,
    things_named,
)

#: NCT03677596 is the registration the phase IV paper prints; D006504 is MeSH's heading "Hepatic
#: Veno-Occlusive Disease", one of whose entry terms is "Sinusoidal Obstruction Syndrome".
MEANT = {
    "kr-pms": "study:kr-pms",
    "study:kr-pms": "study:kr-pms",
    "https://w3id.org/evikg/study/kr-pms": "study:kr-pms",
    "ozcan-2025-l147-2": "result:ozcan-2025-l147-2",
    "NCT03677596": "study:phase4-lowdose",
    "10.3324/haematol.2024.286091": "source:ozcan-2025",
    "mesh:D006504": "MESH:D006504",
    "http://id.nlm.nih.gov/mesh/D006504": "MESH:D006504",
    "CHEBI:753370": "CHEBI:753370",  # joined to, though nothing else is said of it
    "Defibrotide": "drug:defibrotide",
    " defibrotide ": "drug:defibrotide",
    # A synonym of two variables, one of which stands within the other.
    "VOD": "variable:vod-sos",
    # A name that only terms have, all of them the same as one variable.
    "sinusoidal obstruction syndrome": "variable:vod-sos",
}


@pytest.mark.parametrize(("text", "curie"), MEANT.items())
def test_a_text_means_one_thing(corpus: EmbeddedStore, text: str, curie: str) -> None:
    assert thing_named(corpus, text).curie == curie


def test_what_is_misspelt_is_guessed(corpus: EmbeddedStore) -> None:
    with pytest.raises(UnknownNameError) as error:
        thing_named(corpus, "defibrotid")
    assert str(error.value) == (
        "nothing in the graph is called 'defibrotid'; nearest: defibrotide, defibrotide-use"
    )


@pytest.mark.parametrize("text", ["", "nope:1", "a\nb", "https://example.org/x y", "<>", "?"])
def test_what_means_nothing_is_told_so(corpus: EmbeddedStore, text: str) -> None:
    with pytest.raises(UnknownNameError):
        thing_named(corpus, text)
    assert things_named(corpus, text) == []


def test_a_name_of_several_unrelated_things_lists_them() -> None:
    store = EmbeddedStore()
    store.update(
        """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        INSERT DATA { GRAPH <https://w3id.org/evikg/graph/g> {
          <https://w3id.org/evikg/drug/x> rdfs:label "water"@en .
          <https://w3id.org/evikg/variable/y> rdfs:label "water"@en } }"""
    )
    with pytest.raises(AmbiguousNameError) as error:
        thing_named(store, "water")
    assert str(error.value) == (
        "'water' may mean 2 things; name one: drug:x (water), variable:y (water)"
    )


def test_names_that_begin_with_what_was_typed_are_near(corpus: EmbeddedStore) -> None:
    # the drug of evidence/catalogue.yaml, of which a user types the first word
    assert "inotuzumab ozogamicin" in near_names(corpus, "inotuzumab")
    assert near_names(corpus, "phase4")[0] == "phase4-lowdose"
