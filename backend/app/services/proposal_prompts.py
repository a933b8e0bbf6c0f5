"""What of a question is shown to a model. Its words only: no ids, no names of people, nothing of who answered it."""

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Final

from app.ai.llm.interface import Prompt
from app.ai.llm.prompt_templates import template
from app.domain.enums import QuestionType
from app.domain.grading import correct_response
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response
from app.utils.html import plain_text

NONE: Final = "(none)"
SOLVING_SEED: Final = 0
_BY_LETTERS: Final = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.TRUE_FALSE, QuestionType.MULTIPLE_RESPONSE})


class QuestionWords:
    """A question as text, its options by letters."""

    def __init__(self, content: QuestionContent, key: QuestionKey) -> None:
        self.content, self.key = content, key
        self.letters = dict(zip(ascii_uppercase, (option.id for option in content.options), strict=False))

    @property
    def stem(self) -> str:
        passage = plain_text(self.content.passage.html) if self.content.passage else ""
        stem = plain_text(self.content.stem)
        return f"{passage}\n\n{stem}" if passage else stem

    @property
    def options(self) -> str:
        texts = {option.id: plain_text(option.html) for option in self.content.options}
        return "\n".join(f"{letter}) {texts[option_id]}" for letter, option_id in self.letters.items()) or NONE

    @property
    def right_answer(self) -> str:
        """The key in words; empty where a question has no single one."""
        best = correct_response(self.content, self.key, SOLVING_SEED)
        return self._in_words(best) if best else ""

    def response_of(self, letters: Sequence[str], text: str) -> Response | None:
        """What a student would send for these letters or this text; None for letters that are none of ours."""
        if self.content.type not in _BY_LETTERS:
            return Response(text=text[:4_000].strip()) if text.strip() else None
        ids = [self.letters.get(letter.strip(" ).").upper()) for letter in letters]
        known = [each for each in ids if each is not None]
        if not known or len(known) != len(ids):
            return None
        if self.content.type is QuestionType.MULTIPLE_RESPONSE:
            return Response(choices=tuple(dict.fromkeys(known)))
        return Response(choice=known[0]) if len(known) == 1 else None

    def prompt(self, name: str, **more: str) -> Prompt:
        data = {"question": self.stem, "options": self.options, "key": self.right_answer or NONE, **more}
        asked = template(name)
        return asked.render({slot: data[slot] for slot in asked.slots})

    def _in_words(self, response: Response) -> str:
        chosen = (response.choice,) if response.choice else response.choices or ()
        if chosen:
            letters = {option_id: letter for letter, option_id in self.letters.items()}
            texts = {option.id: plain_text(option.html) for option in self.content.options}
            return "\n".join(f"{letters.get(each, '')}) {texts[each]}" for each in chosen)
        if response.pairs or response.order or response.gaps:
            return self._structured(response)
        return response.text or ""

    def _structured(self, response: Response) -> str:
        content = self.content
        texts = {each.id: plain_text(each.html) for each in (*content.lefts, *content.rights, *content.items)}
        texts |= {option.id: plain_text(option.html) for gap in content.gaps for option in gap.options}
        if response.pairs:
            return "\n".join(f"{texts[left]} → {texts[right]}" for left, right in response.pairs.items())
        if response.order:
            return "\n".join(f"{place}. {texts[each]}" for place, each in enumerate(response.order, start=1))
        return "\n".join(texts.get(value, value) for value in (response.gaps or {}).values())
