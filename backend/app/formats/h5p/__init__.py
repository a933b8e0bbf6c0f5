from app.formats.h5p.reader import H5pReader

__all__ = ["H5pReader"]
