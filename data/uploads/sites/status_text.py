"""Read a status as people write it, and see whether words in brackets turn it round."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from data.uploads.sites.vocabulary import bare, status_doubts

_IN_BRACKETS = re.compile(r"[(\[\u3010](.*?)[)\]\u3011]")
_PARTS = re.compile(r"[\s,;/|\u3001]+")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class StatusRead:
    """A status; ``aside`` is what was passed over in brackets, ``doubtful`` where it may matter."""

    status: str
    aside: str = ""
    doubtful: bool = False


def status_in(text: str, words: dict[str, str]) -> StatusRead | None:
    """Return the status that ``text`` tells by ``words``; ``None`` where it tells none.

    What stands in brackets is passed over where it says the same; it is doubtful where it has a
    word of another status, or one that puts off, ends or limits what stands outside.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST])
    asides = [one.strip() for one in _IN_BRACKETS.findall(plain) if one.strip()]
    outside = words.get(bare(plain))
    if outside is None:
        alone = words.get(bare(plain.strip("()[]\u3010\u3011")))
        return StatusRead(alone) if alone and len(asides) < 2 else None
    told = ", ".join(asides)
    same = [words.get(bare(part)) for aside in asides for part in (aside, *_PARTS.split(aside))]
    if any(_is_doubtful(aside, outside, words) for aside in asides):
        return StatusRead(outside, told, doubtful=True)
    return StatusRead(outside, "" if outside in same else told)


def _is_doubtful(aside: str, outside: str, words: dict[str, str]) -> bool:
    plain = bare(aside)
    others = (word for word, status in words.items() if status != outside)
    return any(word in plain for word in (*status_doubts(), *others))
