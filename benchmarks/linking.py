"""Linking to MeSH on the BioCreative V CDR abstracts, beside gilda given the same terms.

Each gold mention is given with its type and its abstract as context; the answer is one MeSH id or
none. Rules, the same for both:

* a mention with several ids (`D001|D002`) is right if the answer is one of them; the set of its
  document holds all of them;
* a mention without id (`-1`) is right if nothing is answered; an answer counts as a false positive;
* a gold id that MeSH of the terms no longer has counts as any other: it cannot be found.

Precision is right answers among answers, recall right answers among mentions with an id. At the
level of documents the set of ids of each type is compared.
"""

import argparse
import csv
import gzip
import logging
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evikg.ontology.curie import contract, expand
from evikg.ontology.linking import Linker, TermIndex
from evikg.ontology.linking.abbreviations import definitions
from evikg.ontology.linking.abbreviations import expand as expand_abbreviations
from evikg.ontology.linking.candidates import Candidate
from evikg.ontology.terms import SemanticType, Synonym, Term, semantic_types

TYPES = {"Disease": SemanticType.DISEASE, "Chemical": SemanticType.CHEMICAL}


@dataclass(frozen=True)
class Mention:
    """A gold mention; `ids` is empty where annotators found no id."""

    document: str
    text: str
    type: str
    ids: frozenset[str]
    context: str


#: Tiers whose matches are counted by similarity.
_BY_SIMILARITY = {"lexical", "head of the phrase", "without modifiers"}

Ground = Callable[[Mention], str | None]


def read_terms(descriptors: Path, supplementary: Path) -> list[Term]:
    """Read MeSH from tables (id, label, synonyms, tree numbers or mapped headings).

    A supplementary record mapped to headings of diseases alone is one of a disease, else of a
    chemical: the table does not say.
    """
    terms = []
    trees: dict[str, list[str]] = {}
    for identifier, label, synonyms, numbers, *_ in _rows(descriptors):
        trees[identifier] = _cells(numbers)
        terms.append(
            _term(identifier, label, synonyms, kind="TopicalDescriptor",
                  tree_numbers=tuple(trees[identifier]))
        )  # fmt: skip
    for identifier, label, synonyms, headings, *_ in _rows(supplementary):
        kinds = [semantic_types("MESH", "", trees.get(h.strip(), [])) for h in headings.split(",")]
        is_disease = all(SemanticType.DISEASE in kind for kind in kinds)
        kind = "SCR_Disease" if is_disease else "SCR_Chemical"
        terms.append(_term(identifier, label, synonyms, kind=kind))
    return terms


def _term(
    identifier: str, label: str, synonyms: str, *, kind: str, tree_numbers: tuple[str, ...] = ()
) -> Term:
    names = tuple(Synonym(text) for text in dict.fromkeys(_cells(synonyms)) if text != label)
    return Term(
        iri=expand(f"MESH:{identifier}"), label=label, synonyms=names, kind=kind,
        tree_numbers=tree_numbers,
    )  # fmt: skip


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _cells(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part.strip()]


def read_mentions(path: Path) -> list[Mention]:
    """Read the gold mentions of a file in PubTator format."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    mentions = []
    for block in blocks:
        lines = block.strip().split("\n")
        context = " ".join(line.split("|", 2)[2] for line in lines[:2] if line.count("|") >= 2)
        for line in lines[2:]:
            fields = line.split("\t")
            if len(fields) >= 6 and fields[4] in TYPES:
                ids = frozenset(fields[5].split("|")) - {"-1", ""}
                mentions.append(Mention(fields[0], fields[3], fields[4], ids, context))
    return mentions


def evikg(index: TermIndex, *, lexical: bool = True) -> Callable[[Mention], Candidate | None]:
    """Return what links a mention with EviKG."""
    linker = Linker(index, lexical=lexical)

    def ground(mention: Mention) -> Candidate | None:
        kind = TYPES[mention.type]
        return linker.link(mention.text, type=kind, context=mention.context).accepted

    return ground


def gilda(terms: Sequence[Term], index: TermIndex, *, expanded: bool) -> Ground:
    """Return what grounds a mention with gilda, given the same terms and the same type check.

    gilda knows no definitions of abbreviations; `expanded` gives it those that EviKG finds.
    """
    logging.getLogger("gilda").setLevel(logging.ERROR)
    from gilda.grounder import Grounder
    from gilda.process import normalize
    from gilda.term import Term as GildaTerm

    entries = []
    for term in terms:
        identifier = contract(term.iri).partition(":")[2]
        for place, name in enumerate([term.label, *(s.text for s in term.synonyms)]):
            norm = normalize(name)
            if norm.strip():
                status = "name" if place == 0 else "synonym"
                entries.append(
                    GildaTerm(norm, name, "MESH", identifier, term.label, status, "mesh")
                )
    grounder = Grounder(entries)
    # Its models for ambiguous texts would be downloaded; they are trained on other terms.
    grounder.gilda_disambiguators = {}

    def ground(mention: Mention) -> str | None:
        text = mention.text
        if expanded:
            text = expand_abbreviations(text, definitions(mention.context))
        for match in grounder.ground(text, context=mention.context):
            term = index.find(expand(f"MESH:{match.term.id}"))
            if term is not None and TYPES[mention.type] in index.types(term):
                return str(match.term.id)
        return None

    return ground


@dataclass
class Score:
    """Right answers, answers, and what should have been answered."""

    right: int = 0
    answers: int = 0
    gold: int = 0

    def __str__(self) -> str:
        """Return precision, recall and F1 as cells of a table."""
        precision = self.right / self.answers if self.answers else 0.0
        recall = self.right / self.gold if self.gold else 0.0
        both = precision + recall
        return (
            f"{precision:.3f} | {recall:.3f} | {2 * precision * recall / both if both else 0:.3f}"
        )


def scores(
    mentions: Iterable[Mention], answers: Iterable[str | None]
) -> dict[tuple[str, str], Score]:
    """Return the scores by type and level."""
    made: dict[tuple[str, str], Score] = defaultdict(Score)
    gold: dict[tuple[str, str], set[str]] = defaultdict(set)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mention, answer in zip(mentions, answers, strict=True):
        score = made[mention.type, "mention"]
        score.gold += bool(mention.ids)
        score.answers += answer is not None
        score.right += answer in mention.ids
        gold[mention.document, mention.type] |= mention.ids
        if answer is not None:
            found[mention.document, mention.type].add(answer)
    for place, ids in gold.items():
        score = made[place[1], "document"]
        score.gold += len(ids)
        score.answers += len(found[place])
        score.right += len(ids & found[place])
    return made


def calibrate(mentions: Iterable[Mention], index: TermIndex) -> None:
    """Print for each tier how many of its best candidates are right, to fill `confidences.csv`."""
    linker = Linker(index, threshold=0.0)
    counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    seen: set[tuple[str, str, str]] = set()
    for mention in mentions:
        place = (mention.document, mention.type, mention.text)
        if place in seen:
            continue
        seen.add(place)
        link = linker.link(mention.text, type=TYPES[mention.type], context=mention.context)
        if link.accepted is None:
            continue
        best = link.accepted
        right = _identifier(best) in mention.ids
        tier = best.tier.value
        if tier in _BY_SIMILARITY:
            tier += f" from {int(best.score * 20) / 20:.2f}"
        if best.reason.startswith("the context defines"):
            tier = f"defined: {tier}"
        counts[tier, mention.type][right] += 1
        counts[tier, "both"][right] += 1
    print("\n| tier | type | matches | right | share |\n| --- | --- | ---: | ---: | ---: |")
    for (tier, kind), count in sorted(counts.items()):
        total = count.total()
        print(f"| {tier} | {kind} | {total} | {count[True]} | {count[True] / total:.3f} |")


def _identifier(candidate: Candidate) -> str:
    return candidate.curie.partition(":")[2]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--mesh-descriptors", type=Path, required=True)
    parser.add_argument("--mesh-supplementary", type=Path, required=True)
    parser.add_argument("--cdr", type=Path, nargs="+", required=True, help="PubTator files")
    parser.add_argument("--calibrate", action="store_true", help="print the share right by tier")
    parser.add_argument("--without-gilda", action="store_true")
    parser.add_argument("--errors", type=int, default=0, help="print so many errors")
    options = parser.parse_args(arguments)
    terms = read_terms(options.mesh_descriptors, options.mesh_supplementary)
    start = time.perf_counter()
    index = TermIndex.of(terms)
    print(
        f"{len(terms):,} terms, {len(index):,} names; index in {time.perf_counter() - start:.1f} s"
    )
    for path in options.cdr:
        mentions = read_mentions(path)
        print(f"\n{path.name}: {len(mentions):,} mentions\n")
        if options.calibrate:
            calibrate(mentions, index)
            continue
        _compare(mentions, terms, index, options)


def _compare(
    mentions: list[Mention], terms: list[Term], index: TermIndex, options: argparse.Namespace
) -> None:
    ours = evikg(index)
    systems: dict[str, Ground] = {
        "evikg": lambda m: (found := ours(m)) and _identifier(found),
    }
    if not options.without_gilda:
        start = time.perf_counter()
        systems["gilda"] = gilda(terms, index, expanded=False)
        print(f"gilda: index in {time.perf_counter() - start:.1f} s\n")
        systems["gilda, abbreviations expanded"] = gilda(terms, index, expanded=True)
    print("| type | level | system | precision | recall | F1 | ms a mention |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: |")
    rows = []
    for name, ground in systems.items():
        ground(mentions[0])
        start = time.perf_counter()
        answers = [ground(mention) for mention in mentions]
        spent = (time.perf_counter() - start) / len(mentions) * 1000
        for (kind, level), score in scores(mentions, answers).items():
            rows.append((kind, level, name, f"{score}", f"{spent:.2f}"))
        if name == "evikg" and options.errors:
            _errors(mentions, answers, index, options.errors)
    for row in sorted(rows, reverse=True):
        print("| " + " | ".join(row) + " |")


def _errors(
    mentions: list[Mention], answers: list[str | None], index: TermIndex, count: int
) -> None:
    ours = evikg(index)

    def label(identifier: str) -> str:
        term = index.find(expand(f"MESH:{identifier}"))
        return f"{identifier} {term.label}" if term else f"{identifier} (not in the terms)"

    wrong = [
        (m, a) for m, a in zip(mentions, answers, strict=True)
        if (a is not None or m.ids) and a not in m.ids
    ]  # fmt: skip
    seen: Counter[tuple[str, str, str, str, str]] = Counter()
    for mention, answer in wrong:
        found = ours(mention)
        gold = " | ".join(map(label, sorted(mention.ids))) or "none"
        tier = found.tier.value if found else ""
        seen[mention.type, mention.text, gold, label(answer) if answer else "none", tier] += 1
    for (kind, text, gold, given, tier), number in seen.most_common(count):
        print(f"{number:4} {kind} {text!r}: gold {gold}; answer {given} ({tier})", file=sys.stderr)


if __name__ == "__main__":
    main()
