"""How each record type is written as triples: its class and, field by field, the predicates.

`schemas` is the one table of it; `mapping` writes and reads records by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyoxigraph import NamedNode

from evikg.ontology import (
    EV,
    Causality,
    Counting,
    CountUnit,
    Directness,
    DiscrepancyType,
    DispersionKind,
    GradeBasis,
    GroupKind,
    IntervalKind,
    ItemStatus,
    Seriousness,
    Severity,
    SourceKind,
    Statistic,
    StudyDesign,
    VariableKind,
    Verdict,
    prefixes,
)

from . import records as r
from .codecs import (
    Codec,
    boolean,
    concept_of,
    date,
    decimal,
    grade,
    integer,
    label,
    printed,
    reference,
    resource,
    text,
)


@dataclass(frozen=True, slots=True)
class Schema:
    """How a record type is written: the kind in its IRI, its class, and its fields."""

    kind: str
    type: NamedNode
    fields: Mapping[str, Codec]


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(prefixes()[prefix] + name)


@cache
def schemas() -> dict[type[Any], Schema]:
    """Return the schema of every record type."""
    name = label(_term("rdfs", "label"))
    alternative = label(_term("skos", "altLabel"), many=True)
    place = {
        "source": reference(EV.source, "source"),
        "printed": text(EV.printed),
        "locator": text(EV.locator),
        "line": integer(EV.line),
        "occurrence": integer(EV.occurrence),
    }
    return {
        r.Source: Schema(
            "source",
            EV.Source,
            {
                "kind": concept_of(EV.sourceKind, SourceKind),
                "title": name,
                "doi": text(_term("prism", "doi")),
                "published": date(_term("dcterms", "issued")),
                "journal": text(_term("prism", "publicationName")),
                "licence": text(_term("dcterms", "license")),
                "text_sha256": text(EV.textSha256),
                "complete_for": reference(EV.completeFor, "variable", many=True),
            },
        ),
        r.Study: Schema(
            "study",
            EV.Study,
            {
                "label": name,
                "design": concept_of(EV.design, StudyDesign),
                "phase": text(EV.phase),
                "registration": text(EV.registration),
                "sites": integer(EV.sites),
                "countries": text(EV.country, many=True),
                "start": date(EV.start),
                "end": date(EV.end),
                "conditions": reference(EV.studiesCondition, "variable", many=True),
                "drugs": reference(EV.studiesDrug, "drug", many=True),
                "report_of": reference(EV.reportOf, "study"),
                "pools_studies": reference(EV.poolsStudy, "study", many=True),
                "may_overlap": reference(EV.mayOverlap, "study", many=True),
                "official_title": text(EV.officialTitle),
                "status": text(EV.studyStatus),
                "sponsor": text(EV.sponsor),
                "allocation": text(EV.allocation),
                "intervention_model": text(EV.interventionModel),
                "masking": text(EV.masking),
                "enrollment": integer(EV.enrollment),
                "eligibility": text(EV.eligibility),
                "sex": text(EV.eligibleSex),
                "minimum_age": text(EV.minimumAge),
                "maximum_age": text(EV.maximumAge),
                "indexed_with": resource(EV.indexedWith, many=True),
                "database": text(EV.database),
                "drug_role": text(EV.drugRole),
                "term_level": text(EV.termLevel),
                "deduplication": text(EV.deduplication),
                "counting": concept_of(EV.counting, Counting),
            },
        ),
        r.Group: Schema(
            "group",
            EV.Group,
            {
                "study": reference(EV.study, "study"),
                "label": name,
                "kind": concept_of(EV.groupKind, GroupKind),
                "size": integer(EV.size),
                "subgroup_of": reference(EV.subgroupOf, "group"),
                "pools": reference(EV.pools, "group", many=True),
                "regimen": reference(EV.regimen, "regimen"),
                "arm": text(EV.arm),
                "criteria": reference(EV.criterion, "variable", many=True),
            },
        ),
        r.Drug: Schema("drug", EV.Drug, {"label": name, "alt": alternative}),
        r.DoseStep: Schema(
            "dose-step",
            EV.DoseStep,
            {
                "amount": decimal(EV.amount),
                "unit": text(EV.unit),
                "day": integer(EV.day),
                "cycle": text(EV.cycle),
                "condition": text(EV.condition),
            },
        ),
        r.Regimen: Schema(
            "regimen",
            EV.Regimen,
            {
                "label": name,
                "drug": reference(EV.drug, "drug"),
                "route": text(EV.route),
                "cycle_total": decimal(EV.cycleTotal),
                "cycle_total_unit": text(EV.cycleTotalUnit),
                "cycle_days": text(EV.cycleDays),
                "steps": reference(EV.step, "dose-step", many=True),
            },
        ),
        r.Variable: Schema(
            "variable",
            EV.Variable,
            {
                "label": label(_term("skos", "prefLabel")),
                "kind": concept_of(EV.variableKind, VariableKind),
                "broader": reference(_term("skos", "broader"), "variable", many=True),
                "concerns": reference(EV.concerns, "drug", many=True),
                "concerns_variables": reference(EV.concerns, "variable", many=True),
                "alt": alternative,
            },
        ),
        r.Definition: Schema(
            "definition",
            EV.Definition,
            {
                "study": reference(EV.study, "study"),
                "variable": reference(EV.variable, "variable"),
                "label": name,
                "origin": text(EV.origin),
                "events": text(EV.eventsCounted),
                "threshold": text(EV.threshold),
                "method": text(EV.method),
            },
        ),
        r.OnsetWindow: Schema(
            "window",
            EV.OnsetWindow,
            {
                "label": name,
                "start": text(EV.onsetStart),
                "origin": text(EV.onsetOrigin),
                "days": integer(EV.onsetDays),
            },
        ),
        r.Result: Schema(
            "result",
            EV.Result,
            {
                **place,
                "pointer": text(EV.pointer),
                "derived_from": reference(_term("prov", "wasDerivedFrom"), "source"),
                "study": reference(EV.study, "study"),
                "group": reference(EV.group, "group"),
                "variable": reference(EV.variable, "variable"),
                "statistic": concept_of(EV.statistic, Statistic),
                "directness": concept_of(EV.directness, Directness),
                "comparator": reference(EV.comparator, "group"),
                "definition": reference(EV.definition, "definition"),
                "value": printed(EV.value, EV.printedValue, EV.valueSign, EV.valueStatus),
                "unit": text(EV.unit),
                "events": integer(EV.events),
                "total": integer(EV.total),
                "total_not_stated": boolean(EV.totalStatus, EV["not-stated"]),
                "interval_kind": concept_of(EV.intervalKind, IntervalKind),
                "interval_low": printed(EV.intervalLow, EV.printedLow, None, EV.intervalLowStatus),
                "interval_high": printed(
                    EV.intervalHigh, EV.printedHigh, None, EV.intervalHighStatus
                ),
                "interval_level": decimal(EV.intervalLevel),
                "interval_sides": integer(EV.intervalSides),
                "dispersion": printed(
                    EV.dispersion, EV.printedDispersion, None, EV.dispersionStatus
                ),
                "dispersion_kind": concept_of(EV.dispersionKind, DispersionKind),
                "p_value": printed(EV.pValue, EV.printedP, EV.pSign, None),
                "timepoint": decimal(EV.timepoint),
                "timepoint_unit": text(EV.timepointUnit),
                "grade": grade(EV.grade, EV.gradeMin, EV.gradeMax),
                "grade_basis": concept_of(EV.gradeBasis, GradeBasis),
                "seriousness": concept_of(EV.seriousness, Seriousness),
                "causality": concept_of(EV.causality, Causality),
                "count_unit": concept_of(EV.countUnit, CountUnit),
                "onset_window": reference(EV.onsetWindow, "window"),
                "predictor": text(EV.predictor),
                "increment": text(EV.increment),
                "adjustment": text(EV.adjustment),
                "time_dependence": text(EV.timeDependence),
                "method": text(EV.statisticalMethod),
                "hypothesis": text(EV.hypothesis),
                "frequency_threshold": decimal(EV.frequencyThreshold),
                "cell_b": integer(EV.cellB),
                "cell_c": integer(EV.cellC),
                "cell_d": integer(EV.cellD),
                "cited_reference": text(EV.citedReference),
                "printed_term": text(EV.printedTerm),
                "printed_code": text(EV.printedCode),
                "printed_soc": text(EV.printedSoc),
                "printed_group": text(EV.printedGroup),
                "note": text(EV.note),
            },
        ),
        r.Rule: Schema(
            "rule",
            EV.Rule,
            {
                "statement": name,
                "severity": concept_of(EV.severity, Severity),
                "tolerance": text(EV.tolerance),
                "origin": text(_term("dcterms", "source")),
            },
        ),
        r.Check: Schema(
            "check",
            EV.Check,
            {
                "checks": reference(EV.checks, "result", many=True),
                "rule": reference(EV.rule, "rule"),
                "verdict": concept_of(EV.verdict, Verdict),
                "severity": concept_of(EV.severity, Severity),
                "inputs": text(EV.inputs),
                "computed": text(EV.computed),
                "note": text(EV.note),
            },
        ),
        r.Discrepancy: Schema(
            "discrepancy",
            EV.Discrepancy,
            {
                "type": concept_of(EV.discrepancyType, DiscrepancyType),
                "results": reference(EV.basis, "result", many=True),
                "note": text(EV.note),
                "supports": reference(EV.supports, "result"),
            },
        ),
        r.PooledResult: Schema(
            "pooled",
            EV.PooledResult,
            {
                "inputs": reference(_term("prov", "wasDerivedFrom"), "result", many=True),
                "variables": reference(EV.pooledVariable, "variable", many=True),
                "statistic": text(EV.pooledStatistic),
                "value": decimal(EV.pooledValue),
                "low": decimal(EV.pooledLow),
                "high": decimal(EV.pooledHigh),
                "level": decimal(EV.pooledLevel),
                "method": text(EV.pooledMethod),
                "asked": text(EV.asked),
                "unit": text(EV.pooledUnit),
                "events": integer(EV.pooledEvents),
                "patients": integer(EV.pooledPatients),
                "prediction_low": decimal(EV.predictionLow),
                "prediction_high": decimal(EV.predictionHigh),
                "tau_squared": decimal(EV.tauSquared),
                "i_squared": decimal(EV.iSquared),
                "heterogeneity": text(EV.heterogeneity),
                "heterogeneity_p": decimal(EV.heterogeneityP),
                "caveats": text(EV.caveat, many=True),
                "despite": text(EV.despite),
                "fingerprint": text(EV.fingerprint),
            },
        ),
        r.Mention: Schema(
            "mention",
            EV.Mention,
            {
                **place,
                "type": text(EV.mentionType),
                "text": text(EV.printedTerm),
                "identifier": text(EV.printedIdentifier),
                "label": name,
                "aliases": text(EV.altTerm),
                "document": text(EV.inDocument),
                "start": integer(EV.startOffset),
                "end": integer(EV.endOffset),
                "annotator": text(EV.annotator),
                "screening": text(EV.screening),
                "identifies": resource(EV.identifies),
                "flags": text(EV.flag, many=True),
                "reasons": text(EV.flagReason, many=True),
                "proposed": resource(EV.proposed, many=True),
            },
        ),
        r.ReportingItem: Schema(
            "item",
            EV.ReportingItem,
            {
                "label": name,
                "guideline": text(EV.guideline),
                "number": text(EV.itemNumber),
            },
        ),
        r.ItemAssessment: Schema(
            "assessment",
            EV.ItemAssessment,
            {
                "source": reference(EV.source, "source"),
                "item": reference(EV.item, "item"),
                "status": concept_of(EV.itemStatus, ItemStatus),
                "locator": text(EV.locator),
                "line": integer(EV.line),
                "note": text(EV.note),
            },
        ),
    }
