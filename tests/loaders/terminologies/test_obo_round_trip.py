"""What other tools write is read back, in each of the three formats of an ontology."""

import pytest
from hypothesis import given, settings

from evikg.loaders.terminologies.obo_family import read_obo_family
from evikg.ontology.terms import Term

from .writers import as_json, as_obo, as_owl, ontologies


@settings(max_examples=15, deadline=None)
@given(terms=ontologies())
def test_what_other_tools_write_is_read_back(
    terms: list[Term], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("written")
    for suffix, write in (("obo", as_obo), ("json", as_json), ("owl", as_owl)):
        path = folder / f"hp.{suffix}"
        path.write_text(write(terms), encoding="utf-8")
        release, terms_read = read_obo_family("hp", path)
        found = sorted(terms_read, key=lambda term: term.iri)
        assert release.version == "2025-01-16"
        assert found == terms
