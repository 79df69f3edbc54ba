"""The prefix map, the closed `ev:` namespace, and the IRIs of individuals."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files

from pyoxigraph import NamedNode

from .vocabulary import VALUE_SETS, ValueSet

BASE = "https://w3id.org/evikg/"
#: Namespace of the vocabulary's own terms.
EV_IRI = f"{BASE}ontology#"

CLASSES = (
    "Build Check Definition Discrepancy DoseStep Drug GradeDefinition Group ItemAssessment Mapping"
    " Mention OnsetWindow PooledResult Quantity Regimen ReportingItem Result Rule Source Study"
    " Terminology Variable"
).split()

#: Classes with a definition in OWL, `ontology/definitions.ttl`; their members are inferred.
DEFINED_CLASSES = (
    "DoseReducedRegimen FatalEvent HepaticEvent PositiveSignal RandomizedEvidence"
    " RealWorldEvidence SevereEvent"
).split()

PROPERTIES = (
    "adjustment allocation altTerm amount annotator arm asked basis causality caveat cellB"
    " cellC cellD checks citedReference comparator completeFor computed concerns condition"
    " countedIn counting country countUnit criterion cycle cycleDays cycleTotal cycleTotalUnit"
    " database day days deduplication definition design despite directness discrepancyType"
    " dispersion dispersionKind dispersionStatus drug drugRole eligibility eligibleSex end"
    " endOffset enrollment events eventsCounted extent fingerprint flag flagReason fraction"
    " frequencyThreshold grade gradeBasis gradeLevel gradeMax gradeMin gradeOf group groupKind"
    " guideline heterogeneity heterogeneityP hypothesis identifies increment indexedWith"
    " inDocument inputs intervalHigh intervalHighStatus intervalKind intervalLevel intervalLow"
    " intervalLowStatus intervalSides interventionModel iSquared item itemNumber itemStatus"
    " line locator masking maximumAge mayOverlap mentionType method minimumAge note occurrence"
    " officialTitle onsetDays onsetOrigin onsetStart onsetWindow origin passes phase pointer"
    " pooledEvents pooledHigh pooledLevel pooledLow pooledMethod pooledPatients"
    " pooledStatistic pooledUnit pooledValue pooledVariable pools poolsStudy predictionHigh"
    " predictionLow predictor primary printed printedCode printedDispersion printedGroup"
    " printedHigh printedIdentifier printedLow printedP printedSoc printedTerm printedValue"
    " proposed pSign pValue quantity regimen registration reportOf route rule screening"
    " seriousness severity sites size source sourceKind sponsor start startOffset statistic"
    " statisticalMethod step studiesCondition studiesDrug study studyStatus subgroupOf"
    " supports tauSquared termLevel textSha256 threshold timeDependence timepoint"
    " timepointUnit tolerance total totalStatus ucum unit value valueSign valueStatus variable"
    " variableKind verdict within"
).split()


class ClosedNamespace:
    """A namespace that knows its terms: a name it does not have raises (a typo is an error).

    >>> EV.Result.value
    'https://w3id.org/evikg/ontology#Result'
    """

    def __init__(self, iri: str, names: frozenset[str]) -> None:
        """Hold the terms `iri + name` for each of `names`."""
        self.iri = iri
        self._terms = {name: NamedNode(iri + name) for name in names}

    def __getattr__(self, name: str) -> NamedNode:
        """Return the term, or raise AttributeError that names the nearest terms."""
        return self[name]

    def __getitem__(self, name: str) -> NamedNode:
        """Return the term of a name that is no Python identifier, as `EV["not-reached"]`."""
        try:
            return self._terms[name]
        except KeyError:
            near = ", ".join(get_close_matches(name, self._terms)) or "none"
            raise AttributeError(f"<{self.iri}> has no term {name!r}; nearest: {near}") from None

    def __contains__(self, name: object) -> bool:
        """Tell whether the namespace has a term of this name."""
        return name in self._terms

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, sorted."""
        return iter(sorted(self._terms))


#: The vocabulary's own terms, closed.
EV = ClosedNamespace(
    EV_IRI,
    frozenset(
        [
            *CLASSES,
            *DEFINED_CLASSES,
            *PROPERTIES,
            *(m.term for values in VALUE_SETS for m in values),
        ]
    ),
)


@lru_cache(maxsize=None, typed=True)  # members of two sets may be equal as texts
def concept(member: ValueSet) -> NamedNode:
    """Return the concept that a member of a value set stands for."""
    return EV[member.term]


@cache
def _words() -> dict[str, str]:
    return {concept(member).value: member.value for values in VALUE_SETS for member in values}


def word(iri: str) -> str | None:
    """Return what curated files call a concept, as `events` for `ev:events-unit`; else None."""
    return _words().get(iri)


@cache
def prefixes() -> dict[str, str]:
    """Return the prefix map, prefix to namespace IRI, as in `ontology/prefixes.json`."""
    text = files(__package__).joinpath("prefixes.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


def individual(kind: str, slug: str) -> NamedNode:
    """Return the IRI of an individual, `https://w3id.org/evikg/<kind>/<slug>`.

    :raises KeyError: if the kind has no prefix in the prefix map
    """
    return NamedNode(prefixes()[kind] + slug)


def kind_and_slug(iri: str) -> tuple[str, str] | None:
    """Split the IRI of an individual into kind and slug; None for any other IRI."""
    if not iri.startswith(BASE):
        return None
    kind, _, slug = iri[len(BASE) :].partition("/")
    return (kind, slug) if slug else None


def compact(iri: str) -> str:
    """Write an IRI with its prefix where the map has one, the longest namespace first."""
    matches = [(ns, prefix) for prefix, ns in prefixes().items() if iri.startswith(ns)]
    if not matches:
        return iri
    namespace, prefix = max(matches, key=lambda match: len(match[0]))
    return f"{prefix}:{iri[len(namespace) :]}"
