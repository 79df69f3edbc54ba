"""Identifiers as annotators print them."""

import pytest

from evikg.loaders.screening.identifiers import MalformedError, parse, split


@pytest.mark.parametrize(
    ("printed", "kind", "curie"),
    [
        ("D009181", "Disease", "MESH:D009181"),
        ("MESH:C000591646", "Chemical", "MESH:C000591646"),
        ("NCBI Gene 653108", "Gene", "NCBIGENE:653108"),
        ("653108", "Gene", "NCBIGENE:653108"),
        ("taxon 9606", "Species", "NCBITAXON:9606"),
        ("PubChem CID 4489307", "Chemical", "PUBCHEM.COMPOUND:4489307"),
        ("CVCL_0291", "CellLine", "CVCL:0291"),
        ("rs1800587", "SNP", "DBSNP:rs1800587"),
    ],
)
def test_identifiers_are_read_in_the_spellings_of_annotators(
    printed: str, kind: str, curie: str
) -> None:
    assert parse(printed, kind).curie == curie


@pytest.mark.parametrize("printed", ["D12", "MESH:X000001", "BAR:1", "??", "MESH:"])
def test_what_no_term_can_have_is_malformed(printed: str) -> None:
    with pytest.raises(MalformedError):
        parse(printed, "Disease")


def test_several_identifiers_of_a_span_are_split_but_not_what_tmvar_prints() -> None:
    assert split("D006470|D003556") == ["D006470", "D003556"]
    assert split("tmVar:rs1;VariantGroup:2;RS#:1") == ["tmVar:rs1;VariantGroup:2;RS#:1"]
