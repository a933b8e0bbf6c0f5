from app.formats.latex_exam.reader import LatexExamReader

__all__ = ["LatexExamReader"]
