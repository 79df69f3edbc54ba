"""Rules on printed codes of terms: MedDRA codes beside the terms that they are printed for."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple

from evikg.analysis.slips import slip
from evikg.graph.records import Result
from evikg.loaders.terminologies.slices import shipped_slices, slice_triples
from evikg.ontology import EV, Verdict
from evikg.ontology.term_triples import LABEL, XREF

from .labels import plain
from .material import Material
from .rules import Finding, rules

#: The terminology that publishes codes of MedDRA with the very terms they are of.
_PUBLISHED = "ctcae"


@cache
def published() -> dict[str, str]:
    """Return MedDRA codes with their terms, as far as a terminology that is shipped prints them.

    The Common Terminology Criteria for Adverse Events name each criterion by a term of MedDRA.
    """
    triples = slice_triples(shipped_slices(), _PUBLISHED)
    labels = {x.subject: _text(x) for x in triples if x.predicate == LABEL}
    return {
        _text(x).removeprefix("MEDDRA:"): labels[x.subject]
        for x in triples
        if x.predicate == XREF and x.subject in labels
    }


@cache
def least_grades() -> dict[str, int]:
    """Return the lowest grade that each term of the terminology has, by its plain words."""
    triples = slice_triples(shipped_slices(), _PUBLISHED)
    labels = {x.subject: _text(x) for x in triples if x.predicate == LABEL}
    levels = {x.subject: int(_text(x)) for x in triples if x.predicate == EV.gradeLevel}
    grades: dict[str, list[int]] = defaultdict(list)
    for x in triples:
        if x.predicate == EV.gradeOf and isinstance(x.object, NamedNode) and x.object in labels:
            grades[plain(labels[x.object])].append(levels[x.subject])
    return {term: min(found) for term, found in grades.items()}


def _text(triple: Triple) -> str:
    return triple.object.value if isinstance(triple.object, Literal) else ""


def codes(material: Material) -> Iterator[Finding]:
    """Find terms with several codes and codes with several terms within a source."""
    coded = [x for x in material.results if x.printed_term and x.printed_code]
    of_term: dict[tuple[str, str], list[Result]] = defaultdict(list)
    of_code: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in coded:
        of_term[result.source, plain(result.printed_term or "")].append(result)
        of_code[result.source, result.printed_code or ""].append(result)
    for families, what in ((of_term, "codes"), (of_code, "terms")):
        for (_, shared), found in families.items():
            other = {
                (x.printed_code or "") if what == "codes" else plain(x.printed_term or ""): x
                for x in reversed(found)
            }
            if len(other) > 1:
                yield rules()["code-of-term"].check(
                    Verdict.INCONSISTENT,
                    list(reversed(other.values())),
                    "; ".join(
                        f"{x.printed_term} {x.printed_code} (line {x.line})"
                        for x in reversed(other.values())
                    ),
                    note=f"{len(other)} {what} of {shared}",
                )
            elif len(found) > 1:
                yield rules()["code-of-term"].passed(found)


def published_codes(material: Material) -> Iterator[Finding]:
    """Compare printed codes with the terms that a terminology publishes them for.

    A term may have several names: another one than the published is a contradiction only if it is a
    published term of its own, or if the source prints the published one beside another code.
    """
    rule = rules()["published-code"]
    known = published()
    terms = {_name(term) for term in known.values()}
    coded = [x for x in material.results if x.printed_term and x.printed_code in known]
    printed = {
        (x.source, _name(x.printed_term)): x.printed_code
        for x in material.results
        if x.printed_term and x.printed_code
    }
    seen: set[tuple[str, str, str]] = set()
    for result in coded:
        code, name = result.printed_code or "", _name(result.printed_term or "")
        right = known[code]
        if name == _name(right):
            yield rule.passed([result])
        elif name in terms or printed.get((result.source, _name(right)), code) != code:
            if (result.source, code, name) not in seen:
                yield rule.check(
                    Verdict.INCONSISTENT,
                    [result],
                    f"{result.printed_term} {code} (line {result.line})",
                    computed=right,
                    note=f"{code} is the code of {right}",
                )
            seen.add((result.source, code, name))


def code_columns(material: Material) -> Iterator[Finding]:
    """Look for columns of codes that stand several rows away from their terms."""
    tables: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in material.results:
        if result.printed_term and result.printed_code:
            tables[result.source, result.locator.partition(",")[0]].append(result)
    for (source, table), results in tables.items():
        rows = {x.line: x for x in reversed(results)}
        lines = sorted(rows)
        places: dict[str, list[int]] = defaultdict(list)
        for place, line in enumerate(lines):
            places[_name(rows[line].printed_term or "")].append(place)
        # Which terms a code is known to be of: as published, and by other tables of the source.
        terms: dict[str, set[str]] = defaultdict(set)
        for (other_source, other), found in tables.items():
            if other_source == source and other != table:
                for x in found:
                    terms[x.printed_code or ""].add(_name(x.printed_term or ""))
        codes_ = [rows[line].printed_code or "" for line in lines]
        for code in codes_:
            if code in published():
                terms[code] = {_name(published()[code])}
        belonging = [{place for t in terms[code] for place in places[t]} for code in codes_]
        found_slip = slip(codes_, belonging)
        if found_slip is None:
            right = {lines[row] for row, known in enumerate(belonging) if row in known}
            yield rules()["code-column"].passed([x for x in results if x.line in right])
            continue
        told = [
            f"{codes_[row]} (line {lines[row]}) is the code of"
            f" {rows[lines[row + found_slip.offset]].printed_term}"
            f" (line {lines[row + found_slip.offset]})"
            for row in found_slip.witnesses
        ]
        if found_slip.refilled:
            again = ", ".join(str(lines[row]) for row in found_slip.refilled)
            told.append(f"the codes of lines {again} repeat those of the other end")
        way = "down" if found_slip.offset > 0 else "up"
        yield rules()["code-column"].check(
            Verdict.INCONSISTENT,
            results,
            "; ".join(told),
            computed=str(found_slip.offset),
            note=f"every code of {table} belongs {abs(found_slip.offset)} row(s) further {way}",
        )


def _name(term: str) -> str:
    """Return what is the same for a term with its words in another order."""
    return " ".join(sorted(plain(term).split()))
