"""CURIEs and canonical IRIs of external terms, by the extended prefix map `curies.json`."""

import json
from functools import cache
from importlib.resources import files

import curies


class UnknownPrefixError(ValueError):
    """A CURIE has a prefix that the prefix map does not know."""


@cache
def converter() -> curies.Converter:
    """Return the converter: canonical prefixes, and the other spellings that files use."""
    text = files(__package__).joinpath("curies.json").read_text(encoding="utf-8")
    return curies.Converter.from_extended_prefix_map(json.loads(text))


def expand(curie: str) -> str:
    """Return the canonical IRI of a CURIE in any known spelling; a canonical IRI stays itself.

    >>> expand("mesh:D054198"), expand("http://identifiers.org/mesh/D054198")
    ('http://id.nlm.nih.gov/mesh/D054198', 'http://id.nlm.nih.gov/mesh/D054198')

    :raises UnknownPrefixError: if the prefix is not in the prefix map
    """
    if curie.startswith(("http://", "https://")):
        return str(converter().standardize_uri(curie) or curie)
    found = converter().expand(curie) if ":" in curie else None
    if found is None:
        known = ", ".join(sorted(converter().bimap))
        raise UnknownPrefixError(f"{curie!r} is no CURIE of a known prefix: {known}")
    return str(found)


def contract(iri: str) -> str:
    """Return the CURIE of an IRI; the IRI itself where no prefix fits.

    >>> contract("http://purl.obolibrary.org/obo/MONDO_0004967")
    'MONDO:0004967'
    """
    return str(converter().compress(iri) or iri)


def prefix_of(iri: str) -> str:
    """Return the CURIE prefix of an IRI; empty where no prefix fits."""
    curie = converter().compress(iri)
    return str(curie).partition(":")[0] if curie else ""
