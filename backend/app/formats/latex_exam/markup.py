"""LaTeX text as HTML. Formulas stay TeX; of commands that mean nothing here the arguments are shown."""

import re
from collections.abc import Callable, Mapping
from html import escape
from unicodedata import normalize

from app.formats.latex_exam.scanning import environments, group

_DRAWING = re.compile(r"tikzpicture|circuitikz|pgfpicture|picture|asy|pspicture")
_MATH_ENVIRONMENT = re.compile(r"(?:equation|align|gather|multline|eqnarray|displaymath|flalign|alignat)\*?")
_LIST = re.compile(r"itemize|enumerate")
_TOKEN = re.compile(
    r"\$\$(?P<display>.+?)\$\$|\$(?P<inline>(?:\\.|[^$\\])+)\$|\\\((?P<round>.+?)\\\)|\\\[(?P<square>.+?)\\\]"
    r"|\\(?P<command>[^\W\d_]+\*?|.)|(?P<space>\n[ \t]*\n\s*)|(?P<mark>``|''|---|--|~|[{}&])",
    re.DOTALL,
)
_MARKS = {"``": "“", "''": "”", "---": "—", "--": "–", "~": "&nbsp;", "{": "", "}": "", "&": " "}
_TAGS = {
    "textbf": "b", "textit": "i", "emph": "em", "underline": "u", "texttt": "code", "textsuperscript": "sup",
    "textsubscript": "sub", "uline": "u", "bf": "b",
}  # fmt: skip
_SYMBOLS = {
    "\\": "<br>", "newline": "<br>", "par": "<br>", "ldots": "…", "dots": "…", "textbackslash": "\\", "checkmark": "✓",
    "quad": " ", "qquad": " ", ",": " ", ";": " ", " ": " ", "-": "", "/": "", "textdegree": "°", "S": "§",
    "pounds": "£", "copyright": "©", "euro": "€", "ss": "ß", "ae": "æ", "oe": "œ", "o": "ø", "&": "&amp;", "%": "%",
    "$": "$",
    "#": "#", "_": "_", "{": "{", "}": "}",
}  # fmt: skip
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "c": "\u0327", "v": "\u030c"}
# Layout: the arguments of the first are lengths and names, not words; the others have none.
_SILENT_WITH_ARGUMENTS = re.compile(
    r"(?:v|h)space\*?|label|ref|def|setcounter|setlength|stepcounter|fillwithlines|fillwithdottedlines|makeemptybox"
    r"|pagestyle|input|include|begin|end|answerline|vskip|hskip|color|(?:re)?newcommand\*?"
)
_SILENT = re.compile(
    r"(?:big|med|small)skip|(?:new|clear|no)page(?:break)?|noindent|centering|addpoints|droptotalpoints|hrule|item"
    r"|tiny|small|normalsize|large|Large|LARGE|footnotesize|raggedcolumns|vfill|hfill|size|half|bfseries|itshape"
)


class LatexText:
    """``drawings`` counts the pictures drawn in LaTeX, which are left out."""

    def __init__(self) -> None:
        self.drawings = 0

    def html(self, text: str) -> str:
        text = self._without(text, _DRAWING)
        for found in reversed(environments(text, _MATH_ENVIRONMENT)):
            body = rf"\[\begin{{{found.name}}}{found.body}\end{{{found.name}}}\]"
            text = f"{text[: found.start]}{body}{text[found.end :]}"
        html = self._inline(text)
        return re.sub(r"(?:\s|<br>)*$", "", re.sub(r"^(?:\s|<br>)*", "", html))

    def _without(self, text: str, names: re.Pattern[str]) -> str:
        for found in reversed(environments(text, names)):
            self.drawings += 1
            text = f"{text[: found.start]} {text[found.end :]}"
        return text

    def _inline(self, text: str) -> str:
        parts: list[str] = []
        at = 0
        for found in environments(text, _LIST):
            parts += [self._words(text[at : found.start]), self._list(found.name, found.body)]
            at = found.end
        return "".join([*parts, self._words(text[at:])])

    def _list(self, name: str, body: str) -> str:
        tag = "ul" if name == "itemize" else "ol"
        _, *items = re.split(r"\\item\b(?:\s*\[[^\]]*\])?", body)
        return f"<{tag}>{''.join(f'<li>{self._inline(item).strip()}</li>' for item in items)}</{tag}>"

    def _words(self, text: str) -> str:
        parts: list[str] = []
        at = 0
        while (token := _TOKEN.search(text, at)) is not None:
            parts.append(escape(" ".join(f"|{text[at : token.start()]}|".split())[1:-1], quote=False))
            at = token.end()
            match token.lastgroup:
                case "inline" | "round":
                    parts.append(rf"\({escape(token[token.lastgroup].strip(), quote=False)}\)")
                case "display" | "square":
                    parts.append(rf"\[{escape(token[token.lastgroup].strip(), quote=False)}\]")
                case "space":
                    parts.append("<br>")
                case "mark":
                    parts.append(_MARKS[token[0]])
                case _:
                    html, at = self._command(token["command"], text, at)
                    parts.append(html)
        parts.append(escape(" ".join(f"|{text[at:]}|".split())[1:-1], quote=False))
        return "".join(parts)

    def _command(self, name: str, text: str, at: int) -> tuple[str, int]:
        """HTML of a command and where the text goes on."""
        if name in _SYMBOLS:
            return _SYMBOLS[name], at
        if name in _ACCENTS and (accented := re.match(r"\s*\{?([^\W\d_])\}?", text[at : at + 8])) is not None:
            return normalize("NFC", accented[1] + _ACCENTS[name]), at + accented.end()
        if _SILENT.fullmatch(name) or _SILENT_WITH_ARGUMENTS.fullmatch(name):
            return "", at if _SILENT.fullmatch(name) else _after_arguments(text, at)
        return self._with_argument(name, text, at)

    def _with_argument(self, name: str, text: str, at: int) -> tuple[str, int]:
        while (option := group(text, at, "[")) is not None:
            at = option.end
        argument = group(text, at)
        if argument is None:
            return "", at
        if name in _LINKS:
            return _LINKS[name](argument.content), argument.end
        inner = self._inline(argument.content)
        return (f"<{_TAGS[name]}>{inner}</{_TAGS[name]}>" if name in _TAGS else inner), argument.end


def _after_arguments(text: str, at: int) -> int:
    while (argument := group(text, at, "[") or group(text, at)) is not None:
        at = argument.end
    return at


def _picture(name: str) -> str:
    return f'<img src="{escape(name.strip())}">'


def _link(target: str) -> str:
    return f'<a href="{escape(target.strip())}">{escape(target.strip())}</a>'


_LINKS: Mapping[str, Callable[[str], str]] = {"includegraphics": _picture, "url": _link}
