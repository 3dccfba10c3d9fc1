"""A PDF made to be kept: PDF/A-3a and PDF/UA-1 in one file, with what it was made from inside it.

The same input gives the same bytes, so that a dossier can be made anew from its snapshot and
compared. Nothing here asks the clock.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pydyf
from weasyprint import Document as LaidOut

from palmappen_verify import snapshot
from palmappen_verify.metadata import NAMESPACE, PREFIX, SNAPSHOT_DIGEST
from reports import paper

OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}


class Relationship(StrEnum):
    """What an embedded file is to the document (PDF/A-3, AFRelationship)."""

    SOURCE = "Source"  # the document was made from it
    DATA = "Data"  # holds what the document shows
    SUPPLEMENT = "Supplement"  # stands beside the document


@dataclass(frozen=True)
class Embedded:
    """A file inside the PDF. Names must differ from one another."""

    name: str
    content: bytes
    description: str
    relationship: Relationship
    media_type: str


def snapshot_file(content: dict, *, description: str) -> Embedded:
    """What the document is made from, where the off-line verifier looks for it."""
    return Embedded(
        name=snapshot.FILE_NAME,
        content=snapshot.canonical(content),
        description=description,
        relationship=Relationship.SOURCE,
        media_type="application/json",
    )


def archive_pdf_of(
    html: str,
    *,
    attachments: Sequence[Embedded],
    identifier: str,
    made_at: dt.datetime,
    on_page: Callable[[int], None] = lambda page: None,
) -> paper.Document:
    """`identifier` is the document's number; `made_at` (with time zone) is the only date in it."""
    _refuse_same_names(attachments)

    def finish(document: LaidOut, pdf: pydyf.PDF) -> None:
        _date(document, pdf, made_at)
        _embed_all(pdf, attachments, made_at)
        _write_metadata(document, pdf, _digest(attachments))
        _end_streams_clearly(pdf)

    options = {**OPTIONS, "pdf_identifier": identifier.encode()}
    return paper.printed(html, options=options, on_page=on_page, finisher=finish)


def _refuse_same_names(attachments: Sequence[Embedded]) -> None:
    names = [one.name for one in attachments]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"Two embedded files are named {name!r}.")


def _digest(attachments: Sequence[Embedded]) -> str:
    """SHA-256 of the snapshot, or nothing where the document has none."""
    for one in attachments:
        if one.name == snapshot.FILE_NAME:
            return hashlib.sha256(one.content).hexdigest()
    return ""


# --- Dates ---------------------------------------------------------------------------------------


def _date(document: LaidOut, pdf: pydyf.PDF, made_at: dt.datetime) -> None:
    """The information dictionary and the metadata must say the same to the second."""
    moment = made_at.astimezone(dt.UTC)
    document.metadata.created = document.metadata.modified = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    pdf.info["CreationDate"] = pdf.info["ModDate"] = _pdf_date(made_at)


def _pdf_date(moment: dt.datetime) -> pydyf.String:
    return pydyf.String(f"{moment.astimezone(dt.UTC):D:%Y%m%d%H%M%SZ}")


# --- Embedded files ------------------------------------------------------------------------------
#
# Written here, not by WeasyPrint: as of 70.0 it lists each file twice among the document's
# associated files, takes the relationship from the checksum (wrong where two files are the same),
# guesses the media type from the name, and leaves the name tree unsorted.


def _embed_all(pdf: pydyf.PDF, attachments: Sequence[Embedded], made_at: dt.datetime) -> None:
    if not attachments:
        return
    references = {one.name: _embed(pdf, one, made_at) for one in attachments}
    names = pydyf.Array()
    for name in sorted(references, key=_key):
        names.extend([pydyf.String(name), references[name]])
    tree = pydyf.Dictionary({"Names": names})
    pdf.add_object(tree)
    pdf.catalog.setdefault("Names", pydyf.Dictionary())["EmbeddedFiles"] = tree.reference
    pdf.catalog["AF"] = pydyf.Array(references.values())


def _key(name: str) -> bytes:
    """How a name compares in a name tree: byte for byte as it is stored."""
    return name.encode() if name.isascii() else b"\xfe\xff" + name.encode("utf-16-be")


def _embed(pdf: pydyf.PDF, one: Embedded, made_at: dt.datetime) -> bytes:
    """Returns the reference of its file specification."""
    stream = pydyf.Stream(
        [one.content],
        {
            "Type": "/EmbeddedFile",
            "Subtype": "/" + one.media_type.replace("/", "#2f"),
            "Params": pydyf.Dictionary(
                {"Size": len(one.content), "ModDate": _pdf_date(made_at)},
            ),
        },
        compress=True,
    )
    pdf.add_object(stream)
    specification = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": pydyf.String(one.name),
            "UF": pydyf.String(one.name),
            "Desc": pydyf.String(one.description),
            "EF": pydyf.Dictionary({"F": stream.reference, "UF": stream.reference}),
            "AFRelationship": f"/{one.relationship}",
        }
    )
    pdf.add_object(specification)
    return specification.reference


# --- Metadata ------------------------------------------------------------------------------------

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
{rdf}
</x:xmpmeta>
<?xpacket end="r"?>"""
_DESCRIPTIONS = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:{prefix}="{namespace}">
<{prefix}:{digest_name}>{digest}</{prefix}:{digest_name}>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag>{schemas}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""
_SCHEMA = """
<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>{title}</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>{value_type}</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>{description}</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li>"""
# PDF/A-3 knows neither PDF/UA's identifier nor ours, and wants strange properties described.
_SCHEMAS = _SCHEMA.format(
    title="PDF/UA identification schema",
    namespace="http://www.aiim.org/pdfua/ns/id/",
    prefix="pdfuaid",
    name="part",
    value_type="Integer",
    description="Part of ISO 14289 that the document conforms to",
) + _SCHEMA.format(
    title="PAL-mappen",
    namespace=NAMESPACE,
    prefix=PREFIX,
    name=SNAPSHOT_DIGEST,
    value_type="Text",
    description="SHA-256 of the embedded snapshot that the document was made from",
)


def _write_metadata(document: LaidOut, pdf: pydyf.PDF, digest: str) -> None:
    """In the place of WeasyPrint's: it knows one variant at a time. Uncompressed, so that any
    program finds it."""
    rdf = document.metadata.generate_rdf_metadata("a", 3, "A").decode()
    descriptions = _DESCRIPTIONS.format(
        prefix=PREFIX,
        namespace=NAMESPACE,
        digest_name=SNAPSHOT_DIGEST,
        digest=digest,
        schemas=_SCHEMAS,
    )
    packet = _PACKET.format(rdf=rdf.removesuffix("</rdf:RDF>") + descriptions)
    number = int(pdf.catalog["Metadata"].split()[0])
    metadata = pdf.objects[number]
    metadata.stream, metadata.compress = [packet.encode()], False


# --- The end of a stream -------------------------------------------------------------------------

STREAM_ENDS = b"\nendstream\nendobj"


def _end_streams_clearly(pdf: pydyf.PDF) -> None:
    """One stream in 256 ends with a carriage return. With the line feed before «endstream» that
    reads as one end of line, and the stream as a byte short: PDF/A forbids it."""
    write_line = pdf.write_line
    pdf.write_line = lambda content, output: write_line(_clearly_ended(content), output)


def _clearly_ended(content: bytes) -> bytes:
    if not content.endswith(b"\r" + STREAM_ENDS):
        return content
    return content.removesuffix(STREAM_ENDS) + b"\r" + STREAM_ENDS
