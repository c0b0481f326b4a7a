"""Anthology XML, and XML that is made to do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model import Reject
from kg.read import read_papers

_BOMB = '<!DOCTYPE c [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<collection id="&b;"/>'
_FILE = '<!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n<collection id="&a;"/>'


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (_BOMB, "XML that declares entities is not read"),
        (_FILE, "XML that declares entities is not read"),
        ("<collection>" * 100_000, "XML nested too deep"),
        ("<html><body/></html>", "XML of another kind: <html> where the ACL Anthology has <collection>"),
        ('<?xml version="1.0" encoding="none"?><collection/>', "unknown encoding: none"),
        ('<collection id="x"><volume>', "not well-formed XML: no element found"),
        ('<collection id="x"><a/b></collection>', "not well-formed XML: not well-formed (invalid token)"),
        ("<collection><volume><paper><title>" + "x" * (17 << 20), "an element of more than 16 MB of text"),
        ('<collection id="x"/>', "no paper in it, read as acl"),
    ],
    ids=range(9),
)
def test_xml_that_is_not_read(xml: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(xml)
    assert [r.reason for r in read_papers([file]) if isinstance(r, Reject)] == [reason]


def test_other_encoding_that_the_file_declares_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    paper = '<collection id="P18"><volume id="1"><paper id="1"><title>Étude</title></paper></volume></collection>'
    file.write_bytes(f'<?xml version="1.0" encoding="iso-8859-1"?>{paper}'.encode("latin-1"))
    (found,) = read_papers([file])
    assert (found.id, found.title, found.identifiers) == ("P18-1001", "Étude", ("acl:P18-1001",))  # type: ignore[union-attr]
