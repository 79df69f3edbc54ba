"""Ways to read a drug as reports name it: without codes, strengths, forms of dosage and salts.

Reports of before 2012 print names as they came: `ZOCOR(SIMVASTATIN) TABLET, 20MG`,
`ASPIRIN /00002701/` with the code of WHO Drug Dictionary, `THIAMINE ^SAD^` with the maker.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .names import key

_MAKER = re.compile(r"\^[^^]*\^")
_CODE = re.compile(r"/\s*\d{5,9}\s*/")
_BRACKETED = re.compile(r"[(\[{]([^()\[\]{}]*)(?:[)\]}]|$)")
_STRENGTH = re.compile(
    r"(?<![A-Z0-9])\d+(?:[.,]\d+)*\s*"
    r"(?:MG|MCG|UG|µG|NG|KG|GM|GRAMS?|G|ML|L|IU|MIU|UNITS?|U|MEQ|MMOL|MBQ|PERCENT|%)(?![A-Z])"
    r"(?:\s*/\s*(?:\d+(?:[.,]\d+)*\s*)?(?:MG|ML|L|G|KG|M2|M\*\*2|H|HR|HOURS?|DAY|DOSE|VIAL)(?![A-Z]))?"
)
#: What stands between the parts of a combination; in `prod_ai` it is always the backslash.
_BETWEEN = re.compile(r"\\|/|;|,|\+|&|\bAND\b|\bWITH\b|\bW/")
#: Letters of the shortest name that is taken for that of a part of a combination, such as APAP.
_SHORTEST = 4


def whole(name: str) -> str:
    """Return the normal form of all that a name says.

    >>> whole("ASPIRIN /00002701/"), whole("Tylenol (Caplet).")
    ('ASPIRIN', 'TYLENOL CAPLET')
    """
    return key(_stripped(name))


def product(name: str) -> str:
    """Return the normal form of a name without what stands in brackets.

    >>> product("MOPRAL(OMEPRAZOLE) CAPSULE, 20MG"), product("PROZAC( FLUOXETINE")
    ('MOPRAL CAPSULE 20MG', 'PROZAC')
    """
    return key(_BRACKETED.sub(" ", _stripped(name)))


def plain(name: str) -> str:
    """Return the normal form of a name without brackets, strengths and forms of dosage.

    >>> plain("MOPRAL(OMEPRAZOLE) CAPSULE, 20MG"), plain("Albuterol 2.5mg/3ml inhalation solution")
    ('MOPRAL', 'ALBUTEROL')
    """
    words = key(_STRENGTH.sub(" ", _BRACKETED.sub(" ", _stripped(name)).upper()))
    return " ".join(word for word in words.split() if word not in _forms())


def bracketed(name: str) -> list[str]:
    """Return what stands in brackets: the ingredients, where a name ahead is that of a product.

    >>> bracketed("PIRITON (CHLORPHENAMINE MALEATE)")
    ['CHLORPHENAMINE MALEATE']
    """
    return [text.strip() for text in _BRACKETED.findall(_stripped(name)) if text.strip()]


def parts(name: str) -> list[str]:
    r"""Return the normal forms of the parts of a combination; one, where it is none.

    >>> parts("Acetaminophen\\oxycodone hydrochloride"), parts("LAMIVUDINE W/ZIDOVUDINE 300 MG")
    (['ACETAMINOPHEN', 'OXYCODONE HYDROCHLORIDE'], ['LAMIVUDINE', 'ZIDOVUDINE'])
    """
    found = [plain(part) for part in _BETWEEN.split(_stripped(name).upper())]
    named = [part for part in found if part]
    return [] if any(len(part) < _SHORTEST for part in named) else named


def ingredients(prod_ai: str) -> list[str]:
    r"""Return the normal forms of the active ingredients that the FDA gives, parted by `\`.

    >>> ingredients("HYDROCODONE BITARTRATE\\ACETAMINOPHEN")
    ['HYDROCODONE BITARTRATE', 'ACETAMINOPHEN']
    """
    if "\\" not in prod_ai:
        return [key(prod_ai)]
    return list(dict.fromkeys(filter(None, map(key, prod_ai.split("\\")))))


def saltless(words: str) -> Iterator[str]:
    """Return a normal form with one word for a salt or hydrate after another taken off.

    They are taken off the end; words for cations off the front too.

    What is left always names more than a salt: CALCIUM CARBONATE is not the carbonate of a drug.

    >>> list(saltless("SITAGLIPTIN PHOSPHATE MONOHYDRATE")), list(saltless("SODIUM VALPROATE"))
    (['SITAGLIPTIN PHOSPHATE', 'SITAGLIPTIN'], ['VALPROATE'])
    >>> list(saltless("CALCIUM CARBONATE"))
    []
    """
    kinds = _salts()
    left = words.split()
    while left:
        if kinds.get(left[-1], "element") != "element":
            left = left[:-1]
        elif kinds.get(left[0]) == "cation":
            left = left[1:]
        else:
            return
        if all(word in kinds for word in left):
            return
        yield " ".join(left)


def _stripped(name: str) -> str:
    if "^" in name:
        name = _MAKER.sub(" ", name)
    return _CODE.sub(" ", name) if "/" in name else name


@cache
def _salts() -> dict[str, str]:
    """Return the words for salts, cations, hydrates and elements, with which of these they are."""
    with Path(__file__).with_name("salts.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["kind"] for row in csv.DictReader(file)}


@cache
def _forms() -> frozenset[str]:
    with Path(__file__).with_name("forms.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["word"] for row in csv.DictReader(file))
