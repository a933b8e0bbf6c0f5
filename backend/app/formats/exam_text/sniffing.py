"""Whether plain text looks like an exam paper."""

import re
from collections.abc import Iterable

from app.domain.document_text import TextLine
from app.formats.exam_text.option_labels import is_first_option
from app.formats.exam_text.question_labels import question_label

_LEAST = 2
_ASKS = re.compile(r"[?？]|_{3,}")


def looks_like_paper(lines: Iterable[TextLine]) -> bool:
    """Two rows of options, or two numbered lines that ask something."""
    rows = asking = 0
    for line in lines:
        rows += is_first_option(line.text)
        asking += question_label(line, 0) is not None and _ASKS.search(line.text) is not None
        if max(rows, asking) >= _LEAST:
            return True
    return False
