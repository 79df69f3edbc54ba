"""Bind parameters of a query file as RDF terms.

A query file is complete as written: each parameter stands in a `VALUES` clause with its default
(`UNDEF` where there is none), as in `VALUES ?outcome { variable:cr-cri }`. Binding replaces the
terms between the braces by the serialisation of other RDF terms, so that no text of a user ever
becomes part of a query.
"""

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode

Term = NamedNode | Literal


def clause(name: str) -> re.Pattern[str]:
    """Return the pattern of the `VALUES` clause of a parameter; group 1 holds its terms."""
    return re.compile(rf"VALUES\s+\?{re.escape(name)}\s*\{{([^{{}}]*)\}}")


def bind(query: str, values: Mapping[str, Sequence[Term]]) -> str:
    """Return the query with the terms of each named parameter replaced.

    :raises KeyError: if the query has no `VALUES` clause of a parameter
    """
    for name, terms in values.items():
        found = list(clause(name).finditer(query))
        if len(found) != 1:
            raise KeyError(
                f"the query has {len(found)} clauses VALUES ?{name} {{ … }}, expected one"
            )
        data = " ".join(str(term) for term in terms)
        start, end = found[0].span()
        query = f"{query[:start]}VALUES ?{name} {{ {data} }}{query[end:]}"
    return query
