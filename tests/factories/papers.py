"""Exam papers as files: Word documents, PDFs with a text layer, scans and photos of their pages."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import docx
import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

PAGE = (595, 842)
LEFT, TOP, PITCH, SIZE = 60.0, 70.0, 16.0, 11.0


@dataclass(frozen=True)
class Text:
    """One line at `left`, `top` in points from the upper left corner of the page."""

    text: str
    left: float
    top: float
    size: float = SIZE
    is_bold: bool = False


def rows(text: str, left: float = LEFT, top: float = TOP, pitch: float = PITCH) -> list[Text]:
    """Lines one below the other; `**line**` is bold, an empty one leaves a gap, a tab starts 180 points further on."""
    placed = []
    for index, row in enumerate(text.strip("\n").split("\n")):
        for column, cell in enumerate(row.split("\t")):
            is_bold = cell.startswith("**")
            placed.append(Text(cell.strip("*"), left + 180 * column, top + index * pitch, is_bold=is_bold))
    return [each for each in placed if each.text.strip()]


def pdf_file(*pages: Sequence[Text]) -> bytes:
    """With the standard fonts, which need no file."""
    fonts = ("Helvetica", "Helvetica-Bold")
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", *(font.format(name).encode() for name in fonts)]
    kids = []
    for page in pages:
        content = "\n".join(map(_shown, page)).encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        resources = "<< /Font << /F0 3 0 R /F1 4 0 R >> >>"
        box = f"/MediaBox [0 0 {PAGE[0]} {PAGE[1]}]"
        body = f"<< /Type /Page /Parent 2 0 R {box} /Resources {resources} /Contents {len(objects)} 0 R >>"
        objects.append(body.encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _file(objects)


def _shown(text: Text) -> str:
    escaped = text.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F{int(text.is_bold)} {text.size} Tf {text.left} {PAGE[1] - text.top} Td ({escaped}) Tj ET"


def _file(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def pictures_of(pdf: bytes, dots_per_inch: int = 150) -> list[Image.Image]:
    document = pdfium.PdfDocument(pdf)
    return [page.render(scale=dots_per_inch / 72, grayscale=True).to_pil() for page in document]


def scanned(pages: Sequence[Image.Image], dots_per_inch: int = 150) -> bytes:
    """A PDF whose pages are nothing but pictures."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dots_per_inch)
    return out.getvalue()


def worn(
    page: Image.Image, *, angle: float = 0.0, grain: float = 6.0, shade: float = 0.0, seed: int = 7
) -> Image.Image:
    """The page as a scanner or a telephone sees it: turned, grainy, a little out of focus, darker towards one side."""
    turned = page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    light = np.linspace(1.0, 1.0 - shade, soft.shape[1], dtype=np.float32)
    noise = np.random.default_rng(7).normal(0.0, grain, soft.shape)
    return Image.fromarray(np.clip(soft * 0.92 * light + noise, 0, 255).astype(np.uint8))


def picture_file(page: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    page.save(out, kind)
    return out.getvalue()


def docx_file(text: str) -> bytes:
    """One paragraph a line; `**line**` is bold."""
    document = docx.Document()
    for row in text.strip("\n").split("\n"):
        run = document.add_paragraph().add_run(row.strip("*"))
        run.bold = row.startswith("**") or None
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
