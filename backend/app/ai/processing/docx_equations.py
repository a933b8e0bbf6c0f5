"""Equations of Word documents as TeX, as far as school mathematics goes; what is unknown keeps its text."""

from collections.abc import Callable

from lxml import etree

Element = etree._Element  # noqa: SLF001  # lxml has no public name for it

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VAL = f"{M}val"
_DEEPEST = 64
_NEXT_ROW = r" \\ "

_SYMBOLS = {
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint", "∭": r"\iiint", "∮": r"\oint", "⋃": r"\bigcup",
    "⋂": r"\bigcap", "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon",
    "ϵ": r"\epsilon", "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda",
    "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau",
    "υ": r"\upsilon", "φ": r"\varphi", "ϕ": r"\phi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma",
    "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Φ": r"\Phi",
    "Ψ": r"\Psi", "Ω": r"\Omega", "∞": r"\infty", "±": r"\pm", "∓": r"\mp", "×": r"\times", "÷": r"\div",
    "⋅": r"\cdot", "·": r"\cdot", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "≡": r"\equiv",
    "∝": r"\propto", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap",
    "∅": r"\emptyset", "∀": r"\forall", "∃": r"\exists", "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee",
    "→": r"\to", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "↔": r"\leftrightarrow", "∂": r"\partial",
    "∇": r"\nabla", "√": r"\surd", "°": r"^{\circ}", "′": "'", "…": r"\ldots", "⋯": r"\cdots", "−": "-",
    "∠": r"\angle", "⊥": r"\perp", "∥": r"\parallel", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}",
}  # fmt: skip
_ESCAPED = {letter: f"\\{letter}" for letter in "{}%#&_$"} | {"\\": r"\backslash "}
_FUNCTIONS = frozenset(
    ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "log", "ln", "exp", "lim", "max", "min", "sup",
     "inf", "det", "gcd", "arg", "deg")
)  # fmt: skip
_ACCENTS = {
    "\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\overline", "\u0307": r"\dot",
    "\u0308": r"\ddot", "\u20d7": r"\vec", "\u030c": r"\check", "\u0306": r"\breve",
}  # fmt: skip
_BRACKETS = {"{": r"\{", "}": r"\}", "⟨": r"\langle", "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor",
             "⌈": r"\lceil", "⌉": r"\rceil", "‖": r"\|", "": "."}  # fmt: skip


def tex_of(equation: Element) -> str:
    r"""TeX of an ``m:oMath`` between ``\(`` and ``\)``; empty when the equation shows nothing."""
    tex = " ".join(_children(equation, 0).split())
    return rf"\({tex}\)" if tex else ""


def _children(parent: Element | None, depth: int) -> str:
    if parent is None or depth > _DEEPEST:
        return ""
    return "".join(_node(child, depth + 1) for child in parent)


def _node(node: Element, depth: int) -> str:
    name = str(node.tag)
    if not name.startswith(M):
        return ""
    convert = _CONVERSIONS.get(name.removeprefix(M))
    return convert(node, depth) if convert else _children(node, depth)


def _part(node: Element, name: str, depth: int) -> str:
    return _children(node.find(f"{M}{name}"), depth).strip()


def _property(node: Element, path: str) -> str | None:
    found = node.find("/".join(f"{M}{name}" for name in path.split("/")))
    return None if found is None else found.get(_VAL, "")


def _run(node: Element, _: int) -> str:
    text = "".join(part.text or "" for part in node.iterfind(f"{M}t"))
    if _property(node, "rPr/nor") is not None and text.strip():
        return rf"\text{{{''.join(_ESCAPED.get(letter, letter) for letter in text)}}}"
    if text.strip() in _FUNCTIONS:
        return rf"\{text.strip()} "
    return "".join(_symbol(letter) for letter in text)


def _symbol(letter: str) -> str:
    if letter in _SYMBOLS:
        return f"{_SYMBOLS[letter]} "
    return _ESCAPED.get(letter, letter)


def _fraction(node: Element, depth: int) -> str:
    top, bottom = _part(node, "num", depth), _part(node, "den", depth)
    match _property(node, "fPr/type"):
        case "lin":
            return f"{top}/{bottom}"
        case "noBar":
            return rf"\genfrac{{}}{{}}{{0pt}}{{}}{{{top}}}{{{bottom}}}"
    return rf"\frac{{{top}}}{{{bottom}}}"


def _scripts(node: Element, depth: int) -> str:
    base = _part(node, "e", depth)
    low, high = _part(node, "sub", depth), _part(node, "sup", depth)
    return f"{_grouped(base)}{f'_{{{low}}}' if low else ''}{f'^{{{high}}}' if high else ''}"


def _grouped(base: str) -> str:
    return base if len(base) <= 1 or base.endswith((")", "]", "}")) or base.startswith("\\") else f"{{{base}}}"


def _before(node: Element, depth: int) -> str:
    low, high = _part(node, "sub", depth), _part(node, "sup", depth)
    return f"{{}}_{{{low}}}^{{{high}}}{_part(node, 'e', depth)}"


def _radical(node: Element, depth: int) -> str:
    degree = "" if _property(node, "radPr/degHide") in {"", "1", "on", "true"} else _part(node, "deg", depth)
    return rf"\sqrt{f'[{degree}]' if degree else ''}{{{_part(node, 'e', depth)}}}"


def _operator(node: Element, depth: int) -> str:
    sign = _property(node, "naryPr/chr")
    low, high = _part(node, "sub", depth), _part(node, "sup", depth)
    symbol = _SYMBOLS.get(sign or "∫", sign or r"\int")
    return f"{symbol}{f'_{{{low}}}' if low else ''}{f'^{{{high}}}' if high else ''} {_part(node, 'e', depth)}"


def _brackets(node: Element, depth: int) -> str:
    begin, end, middle = (_property(node, f"dPr/{name}") for name in ("begChr", "endChr", "sepChr"))
    left, right = ("(" if begin is None else begin), (")" if end is None else end)
    inside = (middle or "|").join(_children(part, depth).strip() for part in node.iterfind(f"{M}e"))
    return rf"\left{_BRACKETS.get(left, left)}{_after_name(left)}{inside}\right{_BRACKETS.get(right, right)} "


def _after_name(bracket: str) -> str:
    return " " if _BRACKETS.get(bracket, "").startswith("\\") else ""


def _function(node: Element, depth: int) -> str:
    name = _part(node, "fName", depth)
    shown = name if name.startswith("\\") else rf"\operatorname{{{name}}}"
    return f"{shown} {_part(node, 'e', depth)}"


def _accent(node: Element, depth: int) -> str:
    sign = _property(node, "accPr/chr") or "\u0302"
    name = _ACCENTS.get(sign, _ACCENTS["\u0302"])
    return f"{name}{{{_part(node, 'e', depth)}}}"


def _bar(node: Element, depth: int) -> str:
    name = r"\overline" if _property(node, "barPr/pos") == "top" else r"\underline"
    return f"{name}{{{_part(node, 'e', depth)}}}"


def _limit_below(node: Element, depth: int) -> str:
    base = _part(node, "e", depth)
    low = _part(node, "lim", depth)
    return f"{base}_{{{low}}}" if base.startswith("\\") else rf"\underset{{{low}}}{{{base}}}"


def _limit_above(node: Element, depth: int) -> str:
    return rf"\overset{{{_part(node, 'lim', depth)}}}{{{_part(node, 'e', depth)}}}"


def _matrix(node: Element, depth: int) -> str:
    rows = (
        " & ".join(_children(cell, depth).strip() for cell in row.iterfind(f"{M}e")) for row in node.iterfind(f"{M}mr")
    )
    return rf"\begin{{matrix}}{_NEXT_ROW.join(rows)}\end{{matrix}}"


def _lines(node: Element, depth: int) -> str:
    rows = (_children(row, depth).strip() for row in node.iterfind(f"{M}e"))
    return rf"\begin{{aligned}}{_NEXT_ROW.join(rows)}\end{{aligned}}"


_CONVERSIONS: dict[str, Callable[[Element, int], str]] = {
    "r": _run,
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _before,
    "rad": _radical,
    "nary": _operator,
    "d": _brackets,
    "func": _function,
    "acc": _accent,
    "bar": _bar,
    "limLow": _limit_below,
    "limUpp": _limit_above,
    "m": _matrix,
    "eqArr": _lines,
}
