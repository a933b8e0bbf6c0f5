"""HTML in Moodle XML, each text with the files that it shows."""

from base64 import b64encode
from posixpath import split
from urllib.parse import quote

from app.domain.question_draft import QuestionDraft
from app.formats.media_links import relinked
from app.formats.moodle_xml.texts import FILE_PREFIX
from app.formats.reading import Loss, WriteOptions
from app.formats.xml_reading import Element
from app.formats.xml_writing import add


class FileWriter:
    """Writes the HTML of one question and embeds its files where they are first needed."""

    def __init__(self, draft: QuestionDraft, options: WriteOptions) -> None:
        self._refs = {ref.name: ref for ref in draft.media}
        self._options = options
        self._written: set[str] = set()

    def add_html(self, parent: Element, name: str, html: str) -> Element:
        made = add(parent, name, attributes={"format": "html"})
        self.fill(made, html)
        return made

    def fill(self, element: Element, html: str) -> None:
        files: dict[str, bytes] = {}

        def embedded(link: str) -> str | None:
            if (data := files.get(link) or self._data(link)) is None:
                return None
            files[link] = data
            return f"{FILE_PREFIX}/{quote(link)}"

        add(element, "text", relinked(html, embedded))
        for file_name, data in files.items():
            folder, base = split(file_name)
            attributes = {"name": base, "path": f"/{folder}/" if folder else "/", "encoding": "base64"}
            add(element, "file", b64encode(data).decode(), attributes)
            self._written.add(file_name)

    def losses(self, position: int) -> list[Loss]:
        missing = sorted(set(self._refs) - self._written)
        return [Loss(position, "media", f"The file {name} is not there or no text shows it.") for name in missing]

    def _data(self, name: str) -> bytes | None:
        ref = self._refs.get(name)
        stream = self._options.media(ref) if ref else None
        if stream is None:
            return None
        with stream:
            return stream.read()
