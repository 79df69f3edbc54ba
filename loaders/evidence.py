"""The curated corpus: `catalogue.yaml` and one folder a source, read and checked as a whole."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import networkx as nx
from pydantic import ValidationError

from evikg.graph import records as r

from .declarations import declared
from .faults import EvidenceError, Fault, read_text
from .mentions import read_mentions
from .models import Catalogue, SourceFile
from .patients import PatientTimes, check_patients, read_patients
from .positions import Located, load_yaml
from .reporting_csv import read_reporting
from .results_csv import COLUMNS, read_results
from .signal_sets import SignalSet, read_signal_set

CATALOGUE = "catalogue.yaml"
SOURCE = "source.yaml"
RESULTS = "results.csv"
MENTIONS = "mentions.csv"
SURVIVAL = "survival.csv"
REPORTING = "reporting.csv"
SIGNALS = "signals.csv"


@dataclass(slots=True)
class Corpus:
    """Everything curated: records by type, in file order."""

    sources: list[r.Source] = field(default_factory=list)
    declared: list[r.Record] = field(default_factory=list)  # studies, groups, variables, …
    results: list[r.Result] = field(default_factory=list)
    mentions: list[r.Mention] = field(default_factory=list)
    assessments: list[r.ItemAssessment] = field(default_factory=list)
    patients: list[PatientTimes] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    def of(self, kind: type[Any]) -> dict[str, Any]:
        """Return the declared records of one type by their slug."""
        return {record.slug: record for record in self.declared if isinstance(record, kind)}


def shipped_evidence() -> Path:
    """Return the folder of the corpus that is installed with the package."""
    return Path(str(files("evikg.evidence").joinpath(CATALOGUE))).parent


def read_corpus(
    folder: Path, added: Iterable[Path] = (), *, without: Collection[str] = ()
) -> Corpus:
    """Read a folder of evidence.

    :param added: folders of single sources that are read as if they stood in it; drugs, regimens and
        variables that the evidence declares by now need no second declaration there
    :param without: names of sources that are left out
    :raises EvidenceError: with every fault of every file
    """
    corpus = Corpus()
    faults: list[Fault] = []
    places = _Places()
    if not folder.is_dir():
        raise EvidenceError([Fault(folder, 0, 0, "", "", "is not a folder of evidence")])
    if (folder / CATALOGUE).exists():
        _read_yaml(folder / CATALOGUE, Catalogue, corpus, places, faults)
    sources = sorted(path.parent for path in folder.glob(f"*/{SOURCE}"))
    if not sources:
        words = f"holds no source: expected <source>/{SOURCE}"
        faults.append(Fault(folder, 0, 0, "", "", words))
    sources = [source for source in sources if source.name not in without]
    held = {source.name: source for source in sources}
    for source in added:
        if source.name in held:
            words = f"is a source of the evidence already, {held[source.name]}; rename one"
            faults.append(Fault(source / SOURCE, 0, 0, "source.slug", source.name, words))
        else:
            sources.append(source)
            places.added.add(source / SOURCE)
    for source in sources:
        _read_source(source, corpus, places, faults)
    _read_signals(corpus, places, faults)
    _tell_drugs_from_variables(corpus, places)
    _check_duplicates(corpus, places, faults)
    if not places.unread:
        _check_references(corpus, places, faults)
        for patients in corpus.patients:
            check_patients(patients, corpus.of(r.Group), corpus.of(r.Variable), faults)
    _check_hierarchies(corpus, places, faults)
    if faults:
        raise EvidenceError(faults)
    return corpus


class _Places:
    """Where each record was declared: path, line, column.

    A file at fault still declares: the slugs it names are held in `named`, so that one fault is
    not followed by one for every row that refers to it. A file that is not even YAML is `unread`.
    Signals are read when all is declared: which variable a term is depends on it.
    """

    def __init__(self) -> None:
        self.of: dict[int, tuple[Path, int, int]] = {}
        self.named: set[str] = set()
        self.unread = False
        self.located: dict[Path, Located] = {}
        self.added: set[Path] = set()
        self.signals: list[SignalSet] = []

    def note(self, record: object, path: Path, line: int, column: int) -> None:
        self.of[id(record)] = (path, line, column)

    def fault(self, record: object, name: str, value: str, expected: str) -> Fault:
        path, line, column = self.of[id(record)]
        if isinstance(record, r.Result) and path.name == RESULTS:
            column = COLUMNS.index(name) + 1
        return Fault(path, line, column, name, value, expected)


#: What an added source declares in case nothing else does.
_COMMON = (r.Drug, r.Regimen, r.Variable)


def _read_yaml(
    path: Path,
    model: type[Catalogue],
    corpus: Corpus,
    places: _Places,
    faults: list[Fault],
) -> Catalogue | None:
    corpus.files.append(path)
    text = read_text(path, faults)
    located = load_yaml(path, text, faults) if text is not None else None
    if located is None:
        places.unread = True
        return None
    places.located[path] = located
    try:
        document = model.model_validate(located.data)
    except ValidationError as error:
        faults.extend(_yaml_faults(path, located, error))
        places.named |= _slugs_named(located.data)
        return None
    known = {(type(item), item.slug) for item in corpus.declared} if path in places.added else set()
    for key, record in declared(document):
        if isinstance(record, _COMMON) and (type(record), record.slug) in known:
            continue
        corpus.declared.append(record)
        places.note(record, path, *located.place(key))
    return document


def _slugs_named(data: Any) -> set[str]:
    sections = data.values() if isinstance(data, dict) else ()
    blocks = [block for section in sections if isinstance(section, list) for block in section]
    return {str(block["slug"]) for block in blocks if isinstance(block, dict) and "slug" in block}


def _yaml_faults(path: Path, located: Located, error: ValidationError) -> list[Fault]:
    found = []
    for item in error.errors():
        key = tuple(item["loc"])
        line, column = located.place(key)
        name = ".".join(str(part) for part in key)
        value = item["input"] if isinstance(item["input"], str | int | float) else ""
        found.append(Fault(path, line, column, name, str(value), item["msg"]))
    return found


def _read_source(folder: Path, corpus: Corpus, places: _Places, faults: list[Fault]) -> None:
    path = folder / SOURCE
    document = _read_yaml(path, SourceFile, corpus, places, faults)
    slug = folder.name
    if isinstance(document, SourceFile):
        source = r.Source(
            **{**document.source.model_dump(), "complete_for": tuple(document.source.complete_for)}
        )
        if source.slug != slug:
            faults.append(
                Fault(path, 1, 1, "source.slug", source.slug, f"expected the folder's name {slug}")
            )
        corpus.sources.append(source)
        places.note(source, path, 1, 1)
    if (folder / RESULTS).exists():
        corpus.files.append(folder / RESULTS)
        for line, result in read_results(folder / RESULTS, slug, faults):
            corpus.results.append(result)
            places.note(result, folder / RESULTS, line, 1)
    if (folder / MENTIONS).exists():
        corpus.files.append(folder / MENTIONS)
        corpus.mentions.extend(read_mentions(folder / MENTIONS, slug, faults))
    if (folder / REPORTING).exists():
        corpus.files.append(folder / REPORTING)
        corpus.assessments.extend(read_reporting(folder / REPORTING, slug, faults))
    if isinstance(document, SourceFile) and document.survival is not None:
        corpus.files.append(folder / SURVIVAL)
        patients = read_patients(folder / SURVIVAL, slug, document.survival, faults)
        if patients is not None:
            corpus.patients.append(patients)
    if isinstance(document, SourceFile):
        _note_signals(folder, document, corpus, places, faults)


def _note_signals(
    folder: Path, document: SourceFile, corpus: Corpus, places: _Places, faults: list[Fault]
) -> None:
    path = folder / SIGNALS
    if document.signals is not None:
        corpus.files.append(path)
        located = places.located[folder / SOURCE]
        places.signals.append(SignalSet(path, document.signals, located))
    elif path.exists():
        words = f"is described nowhere; say under signals in {SOURCE} what it holds"
        faults.append(Fault(path, 0, 0, "", "", words))


def _read_signals(corpus: Corpus, places: _Places, faults: list[Fault]) -> None:
    for item in places.signals:
        read = read_signal_set(item, corpus.declared, places.named, faults)
        for line, result in read.results:
            corpus.results.append(result)
            places.note(result, item.path, line, 1)
        for line, variable in read.variables:
            corpus.declared.append(variable)
            places.note(variable, item.path, line, 1)


def _tell_drugs_from_variables(corpus: Corpus, places: _Places) -> None:
    drugs = corpus.of(r.Drug)
    for index, record in enumerate(corpus.declared):
        if not isinstance(record, r.Variable) or not record.concerns_variables:
            continue
        named = record.concerns_variables
        resolved = replace(
            record,
            concerns=tuple(slug for slug in named if slug in drugs),
            concerns_variables=tuple(slug for slug in named if slug not in drugs),
        )
        corpus.declared[index] = resolved
        places.note(resolved, *places.of[id(record)])


def _check_duplicates(corpus: Corpus, places: _Places, faults: list[Fault]) -> None:
    first: dict[tuple[type[Any], str], r.Record] = {}
    for record in corpus.declared:
        key = (type(record), record.slug)
        if key in first:
            path, line, _ = places.of[id(first[key])]
            words = f"is declared already, at {path}:{line}"
            faults.append(places.fault(record, "slug", record.slug, words))
        first.setdefault(key, record)


#: Which fields of which record refer to records of which type.
_REFERENCES: dict[type[Any], dict[str, type[Any]]] = {
    r.Source: {"complete_for": r.Variable},
    r.Study: {
        "conditions": r.Variable,
        "drugs": r.Drug,
        "report_of": r.Study,
        "pools_studies": r.Study,
        "may_overlap": r.Study,
    },
    r.Group: {
        "study": r.Study,
        "subgroup_of": r.Group,
        "pools": r.Group,
        "regimen": r.Regimen,
        "criteria": r.Variable,
    },
    r.Regimen: {"drug": r.Drug},
    r.Variable: {"broader": r.Variable},
    r.Definition: {"study": r.Study, "variable": r.Variable},
    r.Result: {
        "study": r.Study,
        "group": r.Group,
        "comparator": r.Group,
        "variable": r.Variable,
        "definition": r.Definition,
        "onset_window": r.OnsetWindow,
    },
}


def _check_references(corpus: Corpus, places: _Places, faults: list[Fault]) -> None:
    known = {kind: corpus.of(kind) for kind in (*_REFERENCES, r.Drug, r.OnsetWindow)}
    variables = {**known[r.Drug], **known[r.Variable]}
    for record in [*corpus.sources, *corpus.declared, *corpus.results]:
        for name, kind in _REFERENCES.get(type(record), {}).items():
            for slug in _as_tuple(getattr(record, name)):
                if slug not in known[kind] and slug not in places.named:
                    faults.append(_unknown(places, record, name, slug, kind.__name__, known[kind]))
        if isinstance(record, r.Variable):
            # `concerns` names drugs and variables; what is no drug must be a variable.
            for slug in record.concerns_variables:
                if slug not in variables and slug not in places.named:
                    faults.append(
                        _unknown(places, record, "concerns", slug, "drug or variable", variables)
                    )
        if isinstance(record, r.Result):
            group = known[r.Group].get(record.group)
            if group is not None and group.study != record.study:
                words = f"is a group of the study {group.study}, not of {record.study}"
                faults.append(places.fault(record, "group", record.group, words))


def _unknown(
    places: _Places, record: Any, name: str, slug: str, kind: str, known: dict[str, Any]
) -> Fault:
    near = get_close_matches(slug, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else "declare it in source.yaml"
    return places.fault(record, name, slug, f"is no known {kind.lower()}; {hint}")


def _check_hierarchies(corpus: Corpus, places: _Places, faults: list[Fault]) -> None:
    parents: list[tuple[type[Any], str]] = [(r.Variable, "broader"), (r.Group, "subgroup_of")]
    for kind, name in parents:
        by_slug = corpus.of(kind)
        tree: nx.DiGraph[str] = nx.DiGraph()
        for slug, record in by_slug.items():
            tree.add_edges_from((slug, parent) for parent in _as_tuple(getattr(record, name)))
        for cycle in nx.simple_cycles(tree):
            record = by_slug[min(cycle)]
            way = " > ".join([*cycle, cycle[0]])
            faults.append(places.fault(record, name, min(cycle), f"runs in a circle: {way}"))
    groups = corpus.of(r.Group)
    for group in groups.values():
        parent = groups.get(group.subgroup_of or "")
        if parent is None or group.size is None or parent.size is None:
            continue
        if group.size > parent.size:
            words = f"is larger than the group it is a subgroup of ({parent.size})"
            faults.append(places.fault(group, "size", str(group.size), words))


def _as_tuple(value: str | Sequence[str] | None) -> Sequence[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
