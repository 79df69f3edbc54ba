"""Invented names of substances, drugs and events: pronounceable, all different."""

from collections.abc import Iterator

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SYLLABLES = [consonant + vowel for consonant in _CONSONANTS for vowel in _VOWELS]
#: Coprime to every power of the number of syllables: neighbours in number do not look alike.
_SPREAD = 1_000_003


def words(count: int, syllables: int, ending: str = "") -> Iterator[str]:
    """Yield different words of so many syllables, the same every time, in lower case."""
    possible = len(_SYLLABLES) ** syllables
    if count > possible:
        raise ValueError(f"only {possible:,} words have {syllables} syllables, not {count:,}")
    for number in range(count):
        code, word = number * _SPREAD % possible, ""
        for _ in range(syllables):
            code, syllable = divmod(code, len(_SYLLABLES))
            word += _SYLLABLES[syllable]
        yield word + ending
