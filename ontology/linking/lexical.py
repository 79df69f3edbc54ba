"""Names that are like a text, by rapidfuzz (extra `link`)."""

from math import log

from .comparison import marks
from .index import TermIndex
from .normal_forms import Words, key

#: What is less alike than this is no candidate.
LEAST = 0.75
#: A word that more keys hold says too little to look for by itself.
_COMMON = 4_000
_NEAR_WORDS = 5
_KEPT = 300


def similar(index: TermIndex, words: Words) -> list[tuple[float, int]]:
    """Return names like strict words, each with its similarity, best first.

    Names that share rare words with the text are compared, or words like its words that
    begin alike (for slips of the pen); the score is rapidfuzz's normalised Indel similarity of the sorted strict words. Names
    with other numbers or single letters in them are left out: `hepatitis A` is not `hepatitis B`,
    and `hypothyroid` not `hyperthyroid`.

    :raises ImportError: if rapidfuzz is not installed
    """
    from rapidfuzz import fuzz, process

    wanted, same = key(words), marks(words)
    weights: dict[str, float] = {}
    for word in set(words):
        near = [(word, 1.0)] if word in index.words else []
        if not near and len(word) >= 4:
            lengths = range(len(word) - 2, len(word) + 3)
            alike = [other for length in lengths for other in index.near.get((word[0], length), ())]
            found = process.extract(
                word, alike, scorer=fuzz.ratio, score_cutoff=80, limit=_NEAR_WORDS
            )
            near = [(other, score / 100) for other, score, _ in found]
        for other, score in near:
            holders = index.words[other]
            if len(holders) > _COMMON and len(words) > 1:
                continue
            weight = score * log(1 + len(index.names) / len(holders))
            for name in holders:
                weights[name] = weights.get(name, 0.0) + weight
    names = sorted(weights, key=lambda name: -weights[name])[:_KEPT]
    scored = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=LEAST * 100, limit=20)
    rules = index.rules
    return [
        (round(score / 100, 4), number)
        for name, score, _ in scored
        if marks(tuple(name.split(" "))) == same
        and not rules.opposed(words, tuple(name.split(" ")))
        for number in index.of_key(name)
    ]
