"""Published question data sets whose objects have names of their own, rewritten to the usual ones."""

import re
from collections.abc import Callable, Iterator, Mapping

from pydantic import JsonValue

Item = Mapping[str, JsonValue]

_DISTRACTOR = re.compile(r"distractor_?\d+")
_WORKED_ANSWER = re.compile(r"(.*?)\n?####\s*(.+)", re.DOTALL)


def rewritten(item: Item) -> Iterator[Item]:
    """The object, or the several questions that it holds."""
    for names, rewrite in _REWRITES.items():
        if names <= item.keys():
            yield from rewrite(item)
            return
    yield from _mended(item)


def _renamed(**names: str) -> Callable[[Item], Iterator[Item]]:
    """``ours="theirs"`` for each member that has another name."""

    def rename(item: Item) -> Iterator[Item]:
        theirs = set(names.values())
        yield {our: item[their] for our, their in names.items() if their in item} | {
            name: value for name, value in item.items() if name not in theirs
        }

    return rename


def _questions_of_passage(item: Item) -> Iterator[Item]:
    """RACE: lists of the questions, options and answers to one article."""
    columns = [item[name] for name in ("questions", "options", "answers")]
    lists = [column for column in columns if isinstance(column, list)]
    if len(lists) < len(columns) or len({len(column) for column in lists}) > 1:
        yield item
        return
    rest = {name: value for name, value in item.items() if name not in {"questions", "options", "answers", "id"}}
    for number, (question, options, answer) in enumerate(zip(*lists, strict=True), start=1):
        own_id = {"id": f"{item['id']}-{number}"} if "id" in item else {}
        yield rest | own_id | {"question": question, "options": options, "answer": answer}


def _pair_of_solutions(item: Item) -> Iterator[Item]:
    """PIQA: a goal and two ways to reach it, of which ``label`` counts from 0."""
    rest = {name: value for name, value in item.items() if name not in {"goal", "sol1", "sol2", "label"}}
    label = {"answer": item["label"]} if "label" in item else {}
    yield rest | {"question": item["goal"], "options": [item["sol1"], item["sol2"]]} | label


def _true_targets(item: Item) -> Iterator[Item]:
    """TruthfulQA: choices with 1 for the true one."""
    targets = item["mc1_targets"]
    choices, labels = (
        (targets.get(name) for name in ("choices", "labels")) if isinstance(targets, dict) else (None, None)
    )
    if not isinstance(choices, list) or not isinstance(labels, list) or len(choices) != len(labels):
        yield item
        return
    options: list[JsonValue] = [
        {"text": text, "correct": label == 1} for text, label in zip(choices, labels, strict=True)
    ]
    rest = {name: value for name, value in item.items() if not name.endswith("_targets")}
    yield rest | {"options": options}


def _mended(item: Item) -> Iterator[Item]:
    mended = dict(item)
    wrong = [name for name in item if _DISTRACTOR.fullmatch(name)]
    if wrong:
        mended["incorrect_answers"] = [mended.pop(name) for name in sorted(wrong)]
        if "support" in mended:
            mended["passage"] = mended.pop("support")
    for name in ("choices", "options"):
        value = mended.get(name)
        if isinstance(value, dict) and "text" in value:
            mended[name] = _labelled(value)
    for name in ("answer", "answers"):
        if name in mended:
            mended[name] = _texts_of(mended[name])
    yield _with_worked_answer(mended)


def _labelled(columns: dict[str, JsonValue]) -> JsonValue:
    """``{"text": [...], "label": [...]}`` as a list of objects."""
    texts, labels = columns.get("text"), columns.get("label")
    if not isinstance(texts, list) or not isinstance(labels, list) or len(texts) != len(labels):
        return columns
    return [{"text": text, "label": label} for text, label in zip(texts, labels, strict=True)]


def _texts_of(answer: JsonValue) -> JsonValue:
    """Accepted texts of SQuAD (``text``) and TriviaQA (``value`` and ``aliases``)."""
    if not isinstance(answer, dict):
        return answer
    texts: list[JsonValue] = []
    for name in ("text", "value", "aliases"):
        value = answer.get(name)
        texts += value if isinstance(value, list) else [value] if value is not None else []
    return list(dict.fromkeys(text for text in texts if isinstance(text, str))) or answer


def _with_worked_answer(item: dict[str, JsonValue]) -> Item:
    """GSM8K writes the way to the answer before it: ``We add. #### 4``."""
    answer = item.get("answer")
    worked = _WORKED_ANSWER.fullmatch(answer) if isinstance(answer, str) else None
    return item if worked is None else {**item, "answer": worked[2].strip(), "explanation": worked[1].strip()}


_REWRITES: Mapping[frozenset[str], Callable[[Item], Iterator[Item]]] = {
    frozenset({"article", "questions", "options", "answers"}): _questions_of_passage,
    frozenset({"goal", "sol1", "sol2"}): _pair_of_solutions,
    frozenset({"mc1_targets"}): _true_targets,
    frozenset({"opa", "opb", "cop"}): _renamed(
        option_a="opa", option_b="opb", option_c="opc", option_d="opd", answer="cop", explanation="exp",
        category="subject_name",
    ),
    frozenset({"ctx", "endings"}): _renamed(question="ctx", options="endings", answer="label"),
    frozenset({"sentence", "option1", "option2"}): _renamed(question="sentence"),
}  # fmt: skip
