"""Links as rows of an SSSOM mapping set (https://mapping-commons.github.io/sssom/).

A text is the subject, known by its own characters, `text:hepatic%20VOD`, unless the thing that it
names has a CURIE. What is accepted is a
positive row, what a curator refused a row with `Not`, and a text without a term a row with
`sssom:NoTermFound` whose comment names the candidates.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from evikg.ontology.curie import converter
from evikg.ontology.namespaces import prefixes

from .candidates import Candidate, Link, Tier

NO_TERM_FOUND = "sssom:NoTermFound"
COLUMNS = (
    "subject_id subject_label predicate_id predicate_modifier object_id object_label"
    " mapping_justification confidence match_string subject_preprocessing object_preprocessing"
    " similarity_score similarity_measure comment"
).split()
_MEASURE = "normalized Indel similarity (rapidfuzz)"
_PREFIXES = {
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "text": "https://w3id.org/evikg/text/",
}


def subject_of(text: str) -> str:
    """Return the CURIE of a text.

    >>> subject_of("hepatic VOD")
    'text:hepatic%20VOD'
    """
    return f"text:{quote(text, safe='')}"


def is_curie(text: str) -> bool:
    """Tell whether a text is a CURIE whose prefix has a known IRI."""
    prefix, colon, local = text.partition(":")
    return bool(colon and local) and _iri_of(prefix) is not None


def _iri_of(prefix: str) -> str | None:
    return prefixes().get(prefix) or converter().bimap.get(prefix)


def rows_of(link: Link, subject: str = "") -> Iterator[dict[str, str]]:
    """Return the rows of a link, columns as in `COLUMNS`.

    :param subject: CURIE of what the text names; the text itself by default
    """
    for row in _rows(link):
        yield row | {"subject_id": subject or subject_of(link.text)}


def _rows(link: Link) -> Iterator[dict[str, str]]:
    for refused in link.forbidden:
        yield _row(link, refused, modifier="Not")
    if link.accepted is not None:
        yield _row(link, link.accepted)
        return
    near = "; ".join(f"{c.curie} {c.label} ({c.confidence:.2f})" for c in link.candidates)
    ruled = link.reason.startswith("a curator")
    yield _blank() | {
        "subject_label": link.text,
        "predicate_id": "skos:exactMatch",
        "object_id": NO_TERM_FOUND,
        "mapping_justification": (
            "semapv:ManualMappingCuration" if ruled else "semapv:LexicalMatching"
        ),
        "comment": link.reason + (f"; candidates: {near}" if near else ""),
    }


def _row(link: Link, item: Candidate, *, modifier: str = "") -> dict[str, str]:
    lexical = item.tier == Tier.LEXICAL
    steps = "|".join(item.preprocessing)
    return _blank() | {
        "subject_label": link.text,
        "predicate_id": item.predicate,
        "predicate_modifier": modifier,
        "object_id": item.curie,
        "object_label": item.label,
        "mapping_justification": item.justification,
        "confidence": f"{item.confidence:g}",
        "match_string": "" if item.tier == Tier.REVIEWED else item.name.replace("|", " "),
        "subject_preprocessing": steps,
        "object_preprocessing": steps,
        "similarity_score": f"{item.score:g}" if lexical else "",
        "similarity_measure": _MEASURE if lexical else "",
        "comment": item.reason,
    }


def _blank() -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "")


def write_sssom(
    links: Sequence[Link], about: Mapping[str, str], subjects: Sequence[str] = ()
) -> str:
    """Write links as an SSSOM TSV file with its metadata.

    :param about: further slots of the mapping set, such as `mapping_tool_version`
    :param subjects: for each link the CURIE of what its text names, or nothing
    """
    paired = zip(links, subjects or [""] * len(links), strict=True)
    rows = [row for link, subject in paired for row in rows_of(link, subject)]
    used = {row[k].partition(":")[0] for row in rows for k in ("subject_id", "object_id")}
    known = {prefix: iri for prefix in used if (iri := _iri_of(prefix)) is not None}
    namespaces = dict(sorted((known | _PREFIXES).items()))
    metadata = {
        "mapping_set_id": "https://w3id.org/evikg/mappings/linked-texts",
        "mapping_set_title": "Texts linked to terms by EviKG",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "mapping_tool": "EviKG",
        **about,
    }
    output = io.StringIO(newline="")
    output.write("#curie_map:\n")
    output.writelines(f"#  {prefix}: {iri}\n" for prefix, iri in namespaces.items())
    output.writelines(f"#{slot}: {json.dumps(value)}\n" for slot, value in metadata.items())
    writer = csv.DictWriter(output, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue()
