"""XML of unknown origin: no entities, no outside files, lines in messages."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat

from sensorhar.errors import DataError

__all__ = ["LINE", "local_name", "parse_xml"]

#: Attribute that holds the line of each element.
LINE = "{sensorhar}line"

_SEPARATOR = "}"


def parse_xml(content: bytes, named: str) -> Element:
    """Return the root element; a document type, which declares entities, is refused."""
    tree = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        tree.start(tag, {**attributes, LINE: str(parser.CurrentLineNumber)})

    def refuse(name: str, *_: object) -> None:
        raise DataError(
            f"{named} must be plain XML; line {parser.CurrentLineNumber} declares a "
            f"document type {name!r}, which can pull in other files or grow without "
            "end. Remove that line if you trust the file."
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
        return tree.close()
    except (
        expat.ExpatError,
        ParseError,
        ValueError,
        AssertionError,
        LookupError,  # an encoding that nobody knows
    ) as error:
        if isinstance(error, DataError):
            raise
        where = f"line {parser.ErrorLineNumber}, column {parser.ErrorColumnNumber + 1}"
        raise DataError(
            f"{named} must be well-formed XML; it breaks at {where}: {error}. Export "
            "it again."
        ) from error


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition(_SEPARATOR)[2]
