"""Names of substances, kept beside the FAERS tables in an order in which they are found fast.

They are the UNII names of the FDA's Global Substance Registration System. `names.parquet` has one
row for every name of a substance in its normal form, with the type of the name.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

NAMES = "names.parquet"
_ORIGIN = b"evikg.names"
Progress = Callable[[str], None]
#: Types of names by trust: a name that is the official one of one substance and a mere code of
#: another means the first. Brands are no names of substances and are looked up on their own.
_TRUST = ("display", "of", "cn", "cd", "sys", "bn")
_BRAND = _TRUST.index("bn")
_NO_WORD = re.compile(r"[^0-9A-Z+]+")
_BATCH = 100_000


@dataclass(frozen=True, slots=True, order=True)
class Substance:
    """A substance: the standard name, and its UNII where it has one."""

    name: str
    unii: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that the kept names were read from."""

    file: str
    sha256: str
    substances: int


def key(name: str) -> str:
    """Return the normal form of a name: capitals and digits, one space between words.

    A sign of optical rotation stays, without which the name would be that of the racemate.

    >>> key("Inotuzumab  ozogamicin."), key("CMC-544"), key(" Azacitidine (NSC-102816)")
    ('INOTUZUMAB OZOGAMICIN', 'CMC 544', 'AZACITIDINE NSC 102816')
    >>> key("IBUPROFEN, (+)-"), key("IBUPROFEN, (-)-")
    ('IBUPROFEN +', 'IBUPROFEN MINUS')
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if "(-)" in name:
        name = name.replace("(-)", " MINUS ")
    return _NO_WORD.sub(" ", name.upper()).strip()


def keep_names(folder: Path, file: Path, progress: Progress = lambda _: None) -> Origin:
    """Keep the names of a UNII release beside the tables; what is kept already is not read again.

    :param folder: of the FAERS tables
    :param file: `UNII_Names.txt`, plain or compressed
    :raises EvidenceError: if the file is at fault; the names kept before stay
    """
    with file.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    before = kept_origin(folder)
    if before is not None and before.sha256 == digest:
        return before
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    schema = pa.schema(
        [("key", pa.string()), ("unii", pa.string()), ("name", pa.string()), ("trust", pa.int8())]
    )
    draft = folder / f"{NAMES}.new"
    substances: set[str] = set()
    with pq.ParquetWriter(draft, schema) as writer:
        rows: list[tuple[str, str, str, int]] = []
        for row in _rows(file, digest, progress):
            substances.add(row[1])
            rows.append(row)
            if len(rows) == _BATCH:
                writer.write_table(pa.table([*map(list, zip(*rows, strict=True))], schema=schema))
                rows.clear()
        writer.write_table(pa.table([*map(list, zip(*rows, strict=True))], schema=schema))
        origin = Origin(file.name, digest, len(substances))
        writer.add_key_value_metadata({_ORIGIN: json.dumps(asdict(origin))})
    draft.replace(folder / NAMES)
    return origin


def kept_origin(folder: Path) -> Origin | None:
    """Return what the kept names were read from; None if there are none."""
    if not (folder / NAMES).is_file():
        return None
    import pyarrow.parquet as pq

    with pq.ParquetFile(folder / NAMES) as file:
        return Origin(**json.loads(file.metadata.metadata[_ORIGIN]))


def _rows(file: Path, digest: str, progress: Progress) -> Iterator[tuple[str, str, str, int]]:
    """Return the names of every substance, each once with its best type."""
    from evikg.loaders.terminologies.unii import NAME_TYPES, read_unii

    codes = {words: code for code, words in NAME_TYPES.items()}
    _, terms = read_unii(file, digest, progress)
    for term in terms:
        unii = term.iri[-10:]
        best = {key(term.label): 0}
        for synonym in term.synonyms:
            trust = _TRUST.index(codes[synonym.type.partition(" [")[0]])
            words = key(synonym.text)
            best[words] = min(best.get(words, trust), trust)
        yield from ((words, unii, term.label, trust) for words, trust in best.items() if words)


@dataclass(frozen=True, slots=True)
class Found:
    """What normal forms mean, as names of substances and as brands: one substance or several."""

    names: Mapping[str, frozenset[Substance]]
    brands: Mapping[str, frozenset[Substance]]


def look_up(folder: Path, keys: Collection[str]) -> Found:
    """Find normal forms of names among the kept ones.

    A name that several substances share means those of whose names it is the most trusted type.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    wanted = pa.array(sorted(keys), pa.string())
    meanings: defaultdict[str, defaultdict[int, set[Substance]]]
    meanings = defaultdict(lambda: defaultdict(set))
    with pq.ParquetFile(folder / NAMES) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            found = batch.filter(pc.is_in(batch["key"], wanted))
            for row in found.to_pylist():
                meanings[row["key"]][row["trust"]].add(Substance(row["name"], row["unii"]))
    best = {words: min(by_trust) for words, by_trust in meanings.items()}
    return Found(
        {
            words: frozenset(meanings[words][trust])
            for words, trust in best.items()
            if trust < _BRAND
        },
        {words: frozenset(by[_BRAND]) for words, by in meanings.items() if _BRAND in by},
    )
