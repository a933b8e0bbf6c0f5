"""Building an item of QTI 1.2 in the way of Canvas."""

from collections.abc import Callable, Iterable

from app.formats.xml_reading import Element
from app.formats.xml_writing import add, element

HTML, PLAIN = "text/html", "text/plain"

Linker = Callable[[str], str]


class ItemElement:
    """An item under construction; ``link`` points the files in its HTML at the members of the package."""

    def __init__(self, ident: str, title: str, metadata: dict[str, str], link: Linker) -> None:
        self.element = element("item", {"ident": ident, "title": title})
        fields = add(add(self.element, "itemmetadata"), "qtimetadata")
        for label, entry in metadata.items():
            each = add(fields, "qtimetadatafield")
            add(each, "fieldlabel", label)
            add(each, "fieldentry", entry)
        self._link = link
        self._presentation = add(self.element, "presentation")
        self.processing = element("resprocessing")
        attributes = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
        add(add(self.processing, "outcomes"), "decvar", attributes=attributes)
        self._feedback: list[Element] = []

    def finished(self) -> Element:
        if len(self.processing) > 1 or len(self._presentation) > 1:
            self.element.append(self.processing)
        self.element.extend(self._feedback)
        return self.element

    def add_text(self, html: str) -> None:
        self._add_material(self._presentation, html, HTML)

    def add_response(self, kind: str, ident: str, cardinality: str, prompt: str = "") -> Element:
        """``cardinality`` is left out where it is empty, as Canvas does for responses with a text of their own."""
        attributes = {"ident": ident} | ({"rcardinality": cardinality} if cardinality else {})
        response = add(self._presentation, kind, attributes=attributes)
        if prompt:
            self._add_material(response, prompt, HTML)
        return response

    def add_labels(
        self, response: Element, labels: Iterable[tuple[str, str]], *, is_shuffled: bool = True, text_type: str = HTML
    ) -> list[Element]:
        render = add(response, "render_choice", attributes={} if is_shuffled else {"shuffle": "No"})
        made = []
        for ident, text in labels:
            label = add(render, "response_label", attributes={"ident": ident})
            self._add_material(label, text, text_type)
            made.append(label)
        return made

    @staticmethod
    def add_blank(response: Element, *, is_numeric: bool = False) -> None:
        render = add(response, "render_fib", attributes={"fibtype": "Decimal"} if is_numeric else {})
        add(render, "response_label", attributes={"ident": "answer1", "rshuffle": "No"})

    def add_feedback(self, ident: str, html: str) -> str:
        made = element("itemfeedback", {"ident": ident})
        self._add_material(add(made, "flow_mat"), html, HTML)
        self._feedback.append(made)
        return ident

    def add_hint(self, ident: str, html: str) -> None:
        made = element("itemfeedback", {"ident": ident})
        self._add_material(add(add(add(made, "hint"), "hintmaterial"), "flow_mat"), html, HTML)
        self._feedback.append(made)

    def shown_when(self, feedback: str) -> Element:
        """The conditions, still to be filled, under which a piece of feedback is shown and nothing is earned."""
        condition = add(self.processing, "respcondition", attributes={"continue": "Yes"})
        variables = add(condition, "conditionvar")
        add(condition, "displayfeedback", attributes={"feedbacktype": "Response", "linkrefid": feedback})
        return variables

    def show_always(self, feedback: str) -> None:
        add(self.shown_when(feedback), "other")

    def _add_material(self, parent: Element, text: str, text_type: str) -> None:
        linked = self._link(text) if text_type == HTML else text
        add(add(parent, "material"), "mattext", linked, {"texttype": text_type})


def scored(processing: Element, score: str, *, action: str = "Set", feedback: str = "") -> Element:
    """The conditions, still to be filled, of an answer that earns a score."""
    condition = add(processing, "respcondition", attributes={"continue": "Yes" if action == "Add" else "No"})
    variables = add(condition, "conditionvar")
    add(condition, "setvar", score, {"action": action, "varname": "SCORE"})
    if feedback:
        add(condition, "displayfeedback", attributes={"feedbacktype": "Response", "linkrefid": feedback})
    return variables


def variable(parent: Element, kind: str, response: str, value: str) -> Element:
    return add(parent, kind, value, {"respident": response})
