"""Documents as files: one HTML text as PDF/UA by WeasyPrint, and as DOCX, ODT and EPUB by pandoc, each in a program of
its own with limits. A feature gives the text, cleaned, and the pictures that its reader may see; it decides who may.
"""

from cop.base.export.document import FORMATS, Document, Format, pictures_in
from cop.base.export.running import Failed, available, export, missing
from cop.base.export.serving import download

__all__ = ["FORMATS", "Document", "Failed", "Format", "available", "download", "export", "missing", "pictures_in"]
