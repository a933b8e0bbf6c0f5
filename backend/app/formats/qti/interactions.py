"""One interaction as the fields of a question, by its kind."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.enums import QuestionType
from app.domain.numbers import parse_number
from app.domain.question_draft import (
    Answer,
    Gap,
    Numeric,
    NumericAnswer,
    Option,
    OrderItem,
    Pair,
    ToleranceKind,
)
from app.formats.drafts import choice_type, local_id, weighted_options
from app.formats.items import ItemError, UncarriedError
from app.formats.numbers import range_answer
from app.formats.qti.body import content
from app.formats.qti.declarations import Response
from app.formats.qti.processing import Processing
from app.formats.reading import ProblemCode
from app.formats.xml_reading import Element, children, descendants, local_name
from app.utils.html import plain_text

Fields = dict[str, object]

_ALL_MATCHES = 2


@dataclass(frozen=True, slots=True)
class Interaction:
    """An interaction with what the item says about its response. ``feedback`` is by identifier of the option."""

    element: Element
    response: Response
    processing: Processing
    feedback: Mapping[str, str]

    @property
    def kind(self) -> str:
        return local_name(self.element)

    @property
    def keys(self) -> tuple[str, ...]:
        """Right values: those declared, else those that earn something."""
        if self.response.correct:
            return self.response.correct
        mapped = [entry.key for entry in self.response.mapping if entry.value > 0]
        matched = [value for value, _ in self.processing.matched_values(self.response.identifier)]
        return tuple(mapped or matched)

    @property
    def earned(self) -> dict[str, float]:
        """Fractions of the points by value, where the points come from the mapping."""
        if self.response.mapping and (
            self.processing.uses_mapping(self.response.identifier) or not self.response.correct
        ):
            return self.response.mapped
        return {}


def choice(interaction: Interaction) -> Fields:
    fields = _choices(interaction, [*descendants(interaction.element, "simpleChoice")])
    return fields | {"shuffle": (interaction.element.get("shuffle") or "").lower() == "true"}


def hottext(interaction: Interaction) -> Fields:
    return _choices(interaction, [*descendants(interaction.element, "hottext")]) | {"shuffle": False}


def _choices(interaction: Interaction, elements: Sequence[Element]) -> Fields:
    htmls = [content(each) for each in elements]
    names = [each.get("identifier") or "" for each in elements]
    feedback = [interaction.feedback.get(name, "") for name in names]
    right = {index for index, name in enumerate(names) if name in interaction.keys}
    if len(right) < len(set(interaction.keys)):
        raise ItemError(ProblemCode.KEY_NOT_OPTION, "The right answer is none of the options.")
    options = weighted_options(htmls, right, feedback)
    if (earned := interaction.earned) and any(earned.get(name, 0) > 0 for name in names):
        options = tuple(
            option.model_copy(update={"weight": earned.get(name, 0.0)})
            for option, name in zip(options, names, strict=True)
        )
    is_multiple = interaction.response.cardinality == "multiple"
    texts = [plain_text(html) for html in htmls]
    kind = QuestionType.MULTIPLE_RESPONSE if is_multiple else choice_type(texts, [*right][:1])
    return {"type": kind, "options": options}


def order(interaction: Interaction) -> Fields:
    htmls = _by_identifier(interaction.element, "simpleChoice")
    keys = interaction.response.correct
    if not keys or any(key not in htmls for key in keys):
        raise ItemError(ProblemCode.NO_CORRECT, "The right order is missing.")
    return {
        "type": QuestionType.ORDERING,
        "order": tuple(OrderItem(id=local_id(index), html=htmls[key]) for index, key in enumerate(keys)),
    }


def match(interaction: Interaction) -> Fields:
    """Pairs of two sets of choices, or of one set with itself."""
    htmls = _by_identifier(interaction.element, "simpleAssociableChoice")
    pairs = [_ends(key, htmls) for key in interaction.keys]
    sets = [_by_identifier(each, "simpleAssociableChoice") for each in children(interaction.element, "simpleMatchSet")]
    targets = sets[1] if len(sets) == _ALL_MATCHES else htmls
    used = {end for pair in pairs for end in pair}
    return {
        "type": QuestionType.MATCHING,
        "pairs": tuple(
            Pair(id=local_id(index), left=htmls[left], right=htmls[right]) for index, (left, right) in enumerate(pairs)
        ),
        "distractors": tuple(html for name, html in targets.items() if name not in used),
        "shuffle": (interaction.element.get("shuffle") or "").lower() == "true",
    }


def _ends(key: str, known: Mapping[str, str]) -> tuple[str, str]:
    ends = key.split()
    if len(ends) != _ALL_MATCHES or not set(ends) <= set(known):
        raise ItemError(ProblemCode.KEY_NOT_OPTION, f"The pair {key[:60]!r} is none of the choices.")
    return ends[0], ends[1]


def essay(_: Interaction) -> Fields:
    return {"type": QuestionType.ESSAY}


def text_entry(interaction: Interaction) -> Fields:
    if interaction.response.is_numeric:
        return {"type": QuestionType.NUMERICAL, "numeric": Numeric(answers=tuple(_numbers(interaction)))}
    return {"type": QuestionType.SHORT_ANSWER, "answers": tuple(_texts(interaction))}


def slider(interaction: Interaction) -> Fields:
    return {"type": QuestionType.NUMERICAL, "numeric": Numeric(answers=tuple(_numbers(interaction)))}


def _texts(interaction: Interaction) -> Iterator[Answer]:
    """Accepted texts. A file that lists the spellings of one text means that the case does not matter."""
    earned = interaction.earned
    cased = {entry.key: entry.is_case_sensitive for entry in interaction.response.mapping}
    spellings: dict[tuple[str, float], list[str]] = {}
    for key in dict.fromkeys([*interaction.keys, *earned]):
        weight = earned.get(key, 1.0 if key in interaction.keys else 0.0)
        spellings.setdefault((key.casefold(), weight), []).append(key)
    for (_, weight), keys in spellings.items():
        yield Answer(value=keys[0], weight=weight, case_sensitive=len(keys) == 1 and cased.get(keys[0], not cased))


def _numbers(interaction: Interaction) -> Iterator[NumericAnswer]:
    kind, width = interaction.processing.tolerance(interaction.response.identifier) or (ToleranceKind.ABSOLUTE, 0.0)
    if earned := interaction.earned:
        yield from _mapped_numbers({_number(key): weight for key, weight in earned.items()})
        return
    for key in dict.fromkeys(interaction.keys):
        yield NumericAnswer(value=_number(key), kind=kind, tolerance=width)


def _number(key: str) -> float:
    if (value := parse_number(key)) is None:
        raise ItemError(ProblemCode.NUMBER, f"The answer {key[:60]!r} is no number.")
    return value


def _mapped_numbers(earned: Mapping[float, float]) -> Iterator[NumericAnswer]:
    """A range for each run of whole numbers that earn at least as much; the best range an answer is in counts."""
    for weight in sorted({weight for weight in earned.values() if weight > 0}, reverse=True):
        for low, high in _runs(sorted(value for value in earned if earned[value] >= weight)):
            if any(earned[value] == weight for value in earned if low <= value <= high):
                number = range_answer(low, high) if low < high else NumericAnswer(value=low)
                yield number.model_copy(update={"weight": weight})


def _runs(values: Sequence[float]) -> Iterator[tuple[float, float]]:
    start = 0
    for index, value in enumerate(values):
        if index + 1 == len(values) or values[index + 1] != value + 1:
            yield values[start], value
            start = index + 1


def _by_identifier(element: Element, name: str) -> dict[str, str]:
    return {each.get("identifier") or "": content(each) for each in descendants(element, name)}


FIELDS_OF: Mapping[str, Callable[[Interaction], Fields]] = {
    "choiceInteraction": choice,
    "hottextInteraction": hottext,
    "orderInteraction": order,
    "matchInteraction": match,
    "associateInteraction": match,
    "extendedTextInteraction": essay,
    "textEntryInteraction": text_entry,
    "sliderInteraction": slider,
}


def gap_of(gap_id: str, interaction: Interaction) -> Gap:
    """The blank that an interaction is in a text with several of them.

    Raises:
        UncarriedError: When it is no blank.
    """
    match interaction.kind:
        case "textEntryInteraction" if interaction.response.is_numeric:
            return Gap(id=gap_id, kind="numeric", numeric=Numeric(answers=tuple(_numbers(interaction))))
        case "textEntryInteraction":
            return Gap(id=gap_id, answers=tuple(_texts(interaction)))
        case "inlineChoiceInteraction":
            return Gap(id=gap_id, kind="choice", options=_gap_options(interaction, "inlineChoice"))
        case "choiceInteraction" if interaction.response.cardinality == "single":
            return Gap(id=gap_id, kind="choice", options=_gap_options(interaction, "simpleChoice"))
    raise UncarriedError(interaction.kind)


def _gap_options(interaction: Interaction, name: str) -> tuple[Option, ...]:
    choices = _by_identifier(interaction.element, name)
    earned = interaction.earned
    return tuple(
        Option(id=local_id(index), html=html, weight=earned.get(key, float(key in interaction.keys)))
        for index, (key, html) in enumerate(choices.items())
    )


def gap_match(interaction: Interaction) -> tuple[Gap, ...]:
    """A blank for each gap; all gap texts are offered in each."""
    texts = _by_identifier(interaction.element, "gapText") | _by_identifier(interaction.element, "gapImg")
    gaps = [each.get("identifier") or "" for each in descendants(interaction.element, "gap")]
    right: dict[str, set[str]] = {name: set() for name in gaps}
    for key in interaction.keys:
        source, target = _gap_ends(key, texts, right)
        right[target].add(source)
    return tuple(
        Gap(
            id=name,
            kind="choice",
            options=tuple(
                Option(id=local_id(index), html=html, weight=float(key in right[name]))
                for index, (key, html) in enumerate(texts.items())
            ),
        )
        for name in gaps
    )


def _gap_ends(key: str, texts: Mapping[str, str], gaps: Mapping[str, object]) -> tuple[str, str]:
    """Text and gap of a pair; some files write them the other way round."""
    for source, target in (key.split()[:2], key.split()[1::-1]) if len(key.split()) == _ALL_MATCHES else ():
        if source in texts and target in gaps:
            return source, target
    raise ItemError(ProblemCode.KEY_NOT_OPTION, f"The pair {key[:60]!r} is none of the choices.")
