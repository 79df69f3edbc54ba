"""What names of a registry stand for: variables and drugs that are declared, or minted ones."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from evikg.graph import records as r
from evikg.ontology import VariableKind
from evikg.ontology.linking import definitions, normaliser

#: Kinds of variables that a title of an outcome or a baseline measure never stands for: a result
#: about them needs a grade, a seriousness and a causality, which no title gives.
_EVENTS = {VariableKind.ADVERSE_EVENT, VariableKind.SYSTEM_ORGAN_CLASS}
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")


class Names:
    """Which variables, drugs and studies names stand for.

    Names are compared without case, accents, punctuation, plural and the difference of British and
    American spelling. A name that nothing declared has gets a record of its own: its slug is made
    of the name alone, so that it is the same in every build; its label is the first spelling met.
    """

    def __init__(self, declared: Iterable[r.Record] = ()) -> None:
        """Take what the evidence declares: studies, variables and drugs."""
        known = list(declared)
        self._variables = {v.slug: v for v in known if isinstance(v, r.Variable)}
        self._drugs = {d.slug: d for d in known if isinstance(d, r.Drug)}
        self._studies = {
            s.registration.upper(): s.slug
            for s in known
            if isinstance(s, r.Study) and s.registration and not s.report_of
        }
        self._named = _index(self._variables)
        self._drug_named = _index(self._drugs)
        self._found: dict[tuple[str, str], r.Variable] = {}

    def study(self, number: str) -> str | None:
        """Return the slug of the declared study with a registration, such as NCT03677596."""
        return self._studies.get(number.upper())

    def standard(
        self, slug: str, label: str, kind: VariableKind, broader: tuple[str, ...] = ()
    ) -> r.Variable:
        """Return the variable with a slug; it is minted if it is not declared."""
        held = self._variables.get(slug)
        if held is None:
            held = r.Variable(slug=slug, label=label, kind=kind, broader=broader)
            self._variables[slug] = held
        return held

    def titled(self, title: str) -> r.Variable | None:
        """Return the declared variable that has a title, less a bracketed abbreviation.

        What stands in the bracket is one too where the variable has both names, as `Complete
        Remission (CR)`. Adverse events are left out: a title says neither grade nor seriousness.
        """
        found = self._one_named(without_abbreviation(title))
        bracket = _BRACKET.search(title)
        if found is None and bracket is not None:
            outside = self._one_named(title[: bracket.start()])
            found = outside if outside == self._one_named(bracket[1]) else None
        return found

    def _one_named(self, name: str) -> r.Variable | None:
        slugs = self._named.get(normaliser().strict(name), ())
        found = [v for v in map(self._variables.__getitem__, slugs) if v.kind not in _EVENTS]
        return found[0] if len(found) == 1 else None

    def event(self, term: str) -> r.Variable:
        """Return the variable of an adverse event; one is minted for a new term."""
        return self._named_or_minted(term, VariableKind.ADVERSE_EVENT, "adverse-event")

    def condition(self, name: str) -> r.Variable:
        """Return the variable of a condition that is studied; one is minted for a new name."""
        return self._named_or_minted(name, VariableKind.CONDITION, "condition")

    def drug(self, name: str, others: Iterable[str] = ()) -> r.Drug:
        """Return the drug of a name, or of one of its other names; one is minted if none has."""
        for text in (name, *others):
            found = self._drug_named.get(normaliser().strict(text), [])
            if len(found) == 1:
                return self._drugs[found[0]]
        slug = slug_of(name)
        if slug not in self._drugs:
            self._drugs[slug] = r.Drug(slug=slug, label=" ".join(name.split()))
        return self._drugs[slug]

    def _named_or_minted(self, name: str, kind: VariableKind, suffix: str) -> r.Variable:
        held = self._found.get((kind, name))
        if held is None:
            held = self._found[kind, name] = self._resolved(name, kind, suffix)
        return held

    def _resolved(self, name: str, kind: VariableKind, suffix: str) -> r.Variable:
        slug = slug_of(name)
        named = self._named.get(normaliser().strict(name), [])
        found = [item for item in named if self._variables[item].kind is kind]
        if slug in found or len(found) == 1:
            return self._variables[slug if slug in found else found[0]]
        if slug in self._variables and self._variables[slug].kind is not kind:
            slug = f"{slug}-{suffix}"
        return self.standard(slug, " ".join(name.split()), kind)


@lru_cache(maxsize=65536)
def slug_of(name: str) -> str:
    """Return the slug of a name: its words in lower case and American spelling.

    >>> slug_of("Veno-occlusive liver disease"), slug_of("Anaemia")
    ('veno-occlusive-liver-disease', 'anemia')
    """
    norm = normaliser()
    words = [norm.spelled(word) for word in norm.split(name)]
    slug = "-".join(words) or name.strip() or "unnamed"
    if words and slug.isascii():
        return slug
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"u{ord(c):x}" for c in slug)


def without_abbreviation(title: str) -> str:
    """Return a title without the abbreviation in brackets that it ends with.

    >>> without_abbreviation("Overall Survival (OS)")
    'Overall Survival'
    >>> without_abbreviation("Duration of Mucositis (Grade 3 or 4)")
    'Duration of Mucositis (Grade 3 or 4)'
    """
    bracket = _BRACKET.search(title)
    if bracket is None or bracket[1].strip() not in definitions(title):
        return title.strip()
    return title[: bracket.start()].strip()


def _index(
    records: Mapping[str, r.Variable] | Mapping[str, r.Drug],
) -> dict[tuple[str, ...], list[str]]:
    norm = normaliser()
    by_label: dict[tuple[str, ...], list[str]] = defaultdict(list)
    by_other: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for slug, record in records.items():
        by_label[norm.strict(record.label)].append(slug)
        for name in {norm.strict(name) for name in record.alt}:
            by_other[name].append(slug)
    # A label comes before another's alternative name.
    return {**by_other, **by_label}
