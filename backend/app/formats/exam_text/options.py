"""Which stretches of a question are its options."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.question_draft import MAX_OPTIONS
from app.formats.exam_text.option_labels import INSIDE, LINE_START, OptionLabel, option_labels

Labels = tuple[OptionLabel, ...]

_LEAST = 2
_MOST = 12
_LEAST_INLINE = 3
_LEAST_BARE = 3
_LEAST_BANK = 3
_INSIDE_WORTH = 0.4  # beside 3 for the start of a line
_DIGIT_FACTOR = 0.5
_PARTS_SHARE = 0.5
_LEAST_BULLET_SHARE = 0.5
_PART = re.compile(
    r"\?\s*(?:[†*]|[\[(]\d[^\])]*[\])])?\s*$|^\W*[\[(]\s*[\d./]+\s*(?:marks?|points?|pts?)|_{4,}\s*$|"
    r"^\W*(?:find|calculate|show|prove|explain|what|why|how|describe|determine|state|define|list|give|"
    r"compute|draw|sketch|derive|discuss|evaluate|write|outline|identify|compare|estimate|solve)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[\[(]\s*[\d./]+\s*(?:marks?|points?|pts?)\s*[\])]", re.IGNORECASE)


def option_style(texts: Sequence[str]) -> str | None:
    """How the questions of a document label their options; None when none has any."""
    votes: Counter[str] = Counter()
    for text in texts:
        chains = {style: chain for style, chain in _chains(text).items() if not _are_parts(text, chain)}
        if chains:
            votes[max(chains, key=lambda style: _worth(style, chains[style]))] += 1
    for style, count in votes.most_common():
        if style != "bullet" or count >= _LEAST_BULLET_SHARE * len(texts):
            return style
    return None


def find_options(text: str, style: str) -> Labels:
    """Labels of the options of a question in the usual style of its document, or in another that is as sure."""
    chains = _chains(text)
    if style in chains and not _are_parts(text, chains[style]):
        return chains[style]
    others = {
        other: chain for other, chain in chains.items() if _may_replace(other, style) and not _are_parts(text, chain)
    }
    return max(others.values(), key=lambda chain: _worth(chain[0].style, chain), default=())


def bank_labels(text: str) -> Labels:
    """Labels of the answers that stand above the rows of a matching exercise; empty when there are none."""
    chains = _chains(text)
    longest = max(chains.values(), key=len, default=())
    return longest if len(longest) >= _LEAST_BANK else ()


def _may_replace(style: str, usual: str) -> bool:
    """Small letters beside capital options, digits and bullets are parts and lists more often than options."""
    if style[0] == "A" or style == "circled":
        return True
    return style[0] == "a" and usual[0] == "a"


def _chains(text: str) -> dict[str, Labels]:
    """For each style the best row of labels ``a, b, c`` and so on, if it has two or more."""
    found: dict[str, list[OptionLabel]] = {}
    for label in option_labels(text):
        found.setdefault(label.style, []).append(label)
    chains = {
        style: _bullets(text, labels) if style == "bullet" else _chain(_with_spoilt(style, found))
        for style, labels in found.items()
    }
    return {style: chain for style, chain in chains.items() if _is_sound(style, chain)}


def _with_spoilt(style: str, found: Mapping[str, Sequence[OptionLabel]]) -> Sequence[OptionLabel]:
    """With letters that lost their sign or changed their case, as in a row of ``A.``, ``B``, ``C.`` and ``d.``."""
    if not style.startswith("A"):
        return found[style]
    others = [*found.get("letter", ()), *found.get(style.replace("A", "a", 1), ())]
    spoilt = [replace(label, style="letter") for label in others if label.rank == LINE_START and label.index > 0]
    return sorted([*found[style], *spoilt], key=lambda label: label.start) if spoilt else found[style]


def _is_sound(style: str, chain: Labels) -> bool:
    if not _LEAST <= len(chain) <= MAX_OPTIONS:
        return False
    starts = sum(label.rank > INSIDE for label in chain)
    if style == "letter":
        return len(chain) >= _LEAST_BARE and starts == len(chain)
    if chain[0].rank == INSIDE:
        return len(chain) >= _LEAST_INLINE
    return True


def _chain(labels: Sequence[OptionLabel]) -> Labels:
    """From the right: the best row that begins with each label goes on with the best of the next letter."""
    tails: dict[int, tuple[float, int]] = {}
    following: dict[int, int | None] = {}
    for at in range(len(labels) - 1, -1, -1):
        label = labels[at]
        worth, after = tails.get(label.index + 1, (0.0, -1))
        following[at] = after if after >= 0 else None
        worth += _label_worth(label)
        best, known = tails.get(label.index, (0.0, -1))
        goes_on_alike = label.index == 0 and known >= 0 and following[known] == following[at]
        if worth > best or (worth == best and not goes_on_alike):
            tails[label.index] = (worth, at)
    if 0 not in tails:
        return ()
    chain: list[OptionLabel] = []
    place: int | None = tails[0][1]
    while place is not None:
        chain.append(labels[place])
        place = following[place]
    return _without_initials(tuple(chain))


def _label_worth(label: OptionLabel) -> float:
    if label.rank > INSIDE:
        return 1.0 if label.style == "letter" else 3.0
    return 2.0 if label.style.endswith((")", "]", "circled")) else _INSIDE_WORTH


def _without_initials(chain: Labels) -> Labels:
    """Cut before a lone ``E.`` in running text, as in "D. Robert E. Lee"."""
    if chain[0].style.endswith((")", "]", "circled")):
        return chain
    inside = [index for index, label in enumerate(chain) if label.rank == INSIDE]
    starts = sum(label.rank == LINE_START for label in chain)
    is_strange = len(inside) == 1 or (starts > len(inside) and len(inside) < len(chain) - starts + 1)
    if inside and is_strange and inside[0] >= _LEAST:
        return chain[: inside[0]]
    return chain


def _bullets(text: str, labels: Sequence[OptionLabel]) -> Labels:
    glyph = text[labels[-1].start]
    same = [label for label in labels if text[label.start] == glyph or label.is_starred]
    return (
        tuple(
            OptionLabel("bullet", index, label.start, label.end, label.rank, label.is_starred)
            for index, label in enumerate(same)
        )
        if len(same) <= _MOST
        else ()
    )


def _worth(style: str, chain: Labels) -> float:
    worth = sum(map(_label_worth, chain))
    return worth * _DIGIT_FACTOR if style.startswith(("digit", "bullet", "letter", "roman")) else worth


def _are_parts(text: str, chain: Labels) -> bool:
    """Whether the stretches ask something themselves, as (a), (b) and (c) of a longer question do."""
    if chain[0].style[0] == "A":
        return False
    ends = [label.start for label in chain[1:]] + [len(text)]
    texts = [text[label.end : end] for label, end in zip(chain, ends, strict=True)]
    asking = sum(bool(_PART.search(part.strip())) for part in texts)
    return asking >= _PARTS_SHARE * len(texts) or any(map(_MARKS.search, texts))
