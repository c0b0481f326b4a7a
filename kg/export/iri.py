"""Makes IRIs: for our own things from their ids, and from the addresses that texts hold, which may be anything."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, urlsplit

__all__ = ["KG", "THINGS", "node_iri", "web_iri"]

KG = "https://w3id.org/kg/ontology#"
THINGS = "https://w3id.org/kg/id/"

# What RFC 3986 allows in a path segment as it is; all else is percent-encoded as UTF-8.
_PATH = "/:@!$&'()*+,;=-._~"
_QUERY = _PATH + "?"
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def node_iri(type_name: str, key: str) -> str:
    """The IRI of a node: its id, with the type before it where the id does not begin with it.

    >>> node_iri("Dataset", "dataset:cifar10"), node_iri("Paper", "arxiv:2301.00001")
    ('https://w3id.org/kg/id/dataset:cifar10', 'https://w3id.org/kg/id/paper/arxiv:2301.00001')
    """
    prefix = type_name.lower()
    # A colon after the type, or a slash: so that no two nodes share an IRI, whatever their ids are.
    name = key if key.startswith(prefix + ":") else f"{prefix}/{key}"
    return THINGS + quote(name, safe=_PATH)


def web_iri(text: str) -> str | None:
    """The address in `text` as an IRI that every RDF tool takes, or None if it is no http or https address.

    What an address may not hold is percent-encoded and the host put in ASCII, so that what comes out is a plain URI.
    An address with a user name in it is refused: it is a trap for whoever reads it, or a secret.

    >>> web_iri("https://Example.org/a b|<c>?q=é"), web_iri("https://example.org/100%#x#y")
    ('https://example.org/a%20b%7C%3Cc%3E?q=%C3%A9', 'https://example.org/100%25#x%23y')
    >>> web_iri("javascript:alert(1)"), web_iri("https://user@example.org/")
    (None, None)
    """
    text = text.strip()
    if _CONTROL.search(text) or "\\" in text.partition("?")[0]:
        return None
    try:
        parts = urlsplit(text)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or host is None or "@" in parts.netloc:
        return None
    place = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    address = f"{parts.scheme}://{place}{_encoded(parts.path, _PATH)}"
    # An empty query or fragment says nothing and is left out.
    if parts.query:
        address += "?" + _encoded(parts.query, _QUERY)
    if parts.fragment:
        address += "#" + _encoded(parts.fragment, _QUERY)
    return address


def _host(name: str) -> str | None:
    if ":" in name:
        if "%" in name:  # a zone means something on one machine only
            return None
        return f"[{ipaddress.IPv6Address(name)}]"
    try:
        plain = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return plain if len(plain) <= 253 and _HOST.fullmatch(plain) else None


def _encoded(text: str, safe: str) -> str:
    # A percent sign that begins no encoding is a percent sign; encodings are in capitals, the normal form.
    whole = _STRAY_PERCENT.sub("%25", text)
    return re.sub(r"%[0-9A-Fa-f]{2}", lambda found: found[0].upper(), quote(whole, safe=safe + "%"))
