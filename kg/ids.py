"""The one place that makes an identifier. Every one is a pure function of content.

>>> entity_id("Dataset", "CIFAR-10"), entity_id("Dataset", "cifar 10")
('dataset:cifar10', 'dataset:cifar10')
>>> paper_id(title="Reversible Column Networks", identifiers=())
'title:reversible-column-networks-6321ef'
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

__all__ = [
    "acl_identifier",
    "arxiv_identifier",
    "digest",
    "doi_identifier",
    "entity_id",
    "paper_id",
    "repository_id",
    "spelling_key",
    "title_key",
]

_ARTICLE = re.compile(r"^(?:the|a|an)\s+")
# A dot between digits tells versions apart (Llama 3.1 is not Llama 31); plus and sharp tell names apart (C++).
_DROPPED = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w.+#]|_")
# A letter by itself is a size: ViT-S is no plural.
_LONE_S = re.compile(r"[\s_-]s$")
_SINGULAR_IN_S = re.compile(r"(?:ss|us|is|as|os|ics|means|bayes|series|species)$")
_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?$", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+$")
_ACL = re.compile(r"\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+$|[a-z]\d{2}-\d{4}$", re.IGNORECASE)
_SCHEMES = ("arxiv", "doi", "acl")


def spelling_key(name: str) -> str:
    """The form under which spellings of one name are compared: case, spaces, punctuation and a plural s aside.

    >>> [spelling_key(s) for s in ("ResNet-50", "ResNet 50", "GNNs", "the Graph Neural Networks", "k-means")]
    ['resnet50', 'resnet50', 'gnn', 'graphneuralnetwork', 'kmeans']
    >>> spelling_key("Llama 3.1") == spelling_key("Llama 31"), spelling_key("ViT-S") == spelling_key("ViTs")
    (False, False)
    """
    text = _ARTICLE.sub("", unicodedata.normalize("NFKC", name).casefold().strip())
    key = _DROPPED.sub("", text)
    if len(key) > 3 and key.endswith("s") and not (_SINGULAR_IN_S.search(key) or _LONE_S.search(text)):
        key = key[:-1]
    return key


def title_key(title: str) -> str:
    """The form under which titles are compared: letters and digits only, case and accents aside.

    >>> title_key("  Attention Is All\\nYou Need. ") == title_key("Attention is all you need")
    True
    """
    text = unicodedata.normalize("NFKD", title).casefold()
    return "".join(c for c in text if c.isalnum())


def entity_id(type: str, name: str) -> str:
    """``type:key``. The same for every spelling of a name within a type.

    >>> entity_id("Method", "ResNet50")
    'method:resnet50'
    """
    return f"{type.lower()}:{spelling_key(name) or digest(name)}"


def repository_id(url: str) -> str:
    """The id of a repository from its normal address.

    >>> repository_id("https://github.com/megvii-research/RevCol")
    'repository:github.com/megvii-research/revcol'
    """
    return "repository:" + url.removeprefix("https://").removeprefix("http://").casefold()


def arxiv_identifier(text: str) -> str | None:
    """An arXiv id or address in normal form, without version; None if it is none.

    >>> arxiv_identifier("https://arxiv.org/abs/2301.00001v2"), arxiv_identifier("arXiv:cs.CL/9901001")
    ('arxiv:2301.00001', 'arxiv:cs.CL/9901001')
    """
    text = re.sub(r"^(?:https?://)?(?:www\.)?arxiv\.org/(?:abs|pdf)/|^arxiv:", "", text.strip(), flags=re.IGNORECASE)
    found = _ARXIV.match(text.removesuffix(".pdf"))
    return f"arxiv:{found[1]}" if found else None


def doi_identifier(text: str) -> str | None:
    """A DOI or its address in normal form; None if it is none. The DOI of an arXiv paper becomes its arXiv id.

    >>> doi_identifier("https://doi.org/10.18653/V1/2022.acl-long.1")
    'doi:10.18653/v1/2022.acl-long.1'
    >>> doi_identifier("10.48550/arXiv.2301.00001")
    'arxiv:2301.00001'
    """
    text = re.sub(r"^(?:https?://)?(?:dx\.)?doi\.org/|^doi:\s*", "", text.strip(), flags=re.IGNORECASE).casefold()
    if text.startswith("10.48550/arxiv."):
        return arxiv_identifier(text.removeprefix("10.48550/arxiv."))
    found = _DOI.match(text)
    return f"doi:{found[0]}" if found else None


def acl_identifier(text: str) -> str | None:
    """An ACL Anthology id, its address, or the DOI made of it, in normal form; None if it is none.

    >>> acl_identifier("https://aclanthology.org/2022.acl-long.1/"), acl_identifier("acl:P18-1001")
    ('acl:2022.acl-long.1', 'acl:P18-1001')
    >>> acl_identifier("10.18653/v1/p18-1001")
    'acl:P18-1001'
    """
    pattern = (
        r"^(?:https?://)?(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)/"
        r"|^acl:|^(?:https?://doi\.org/|doi:)?10\.(?:18653|3115)/v1/"
    )
    text = re.sub(pattern, "", text.strip(), flags=re.IGNORECASE).rstrip("/")
    found = _ACL.match(text.removesuffix(".pdf"))
    if not found:
        return None
    return "acl:" + (found[0].lower() if found[0][0].isdigit() else found[0].upper())


def paper_id(*, title: str, identifiers: Iterable[str]) -> str:
    """An id for a paper whose input gives none: its arXiv id, else DOI, else ACL id, else from the title.

    >>> paper_id(title="x", identifiers=["acl:2022.acl-long.1", "arxiv:2301.00001"])
    'arxiv:2301.00001'
    """
    known = sorted(identifiers)
    for scheme in _SCHEMES:
        for identifier in known:
            if identifier.startswith(scheme + ":"):
                return identifier
    words = re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKD", title).casefold())
    return "title:" + "-".join([*words[:6], digest(title_key(title), size=3)])


def digest(text: str | bytes, *, size: int = 6) -> str:
    """A BLAKE2b digest of `size` bytes, in hexadecimal.

    >>> digest("kg")
    'c71efbe5f5b0'
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return hashlib.blake2b(data, digest_size=size).hexdigest()
