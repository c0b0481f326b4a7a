"""What a paper's title and abstract say of datasets, methods, tasks and code. The only folder that imports spaCy.

    Paper ──tokenizer, sentences, links, lexicon, acronyms, cues, scorer, roles──▶ spans ──settle──▶ Extraction

Spans are spaCy's and stay in this folder; an Extraction is a plain value. spaCy is loaded by the first call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.errors import ModelError
from kg.model import Extraction, Paper

__all__ = ["extract_papers", "fingerprint", "warm"]


def extract_papers(papers: Iterable[Paper], *, model: str | Path | None = None) -> Iterator[Extraction]:
    """One Extraction a paper, in order; reads ahead by at most 64 papers.

    `model` is a folder with a saved spaCy pipeline or the name of an installed one, whose spans in the group "kg"
    are labelled Dataset, Method or Task; None is the shipped one. Raises ModelError where it cannot be opened.
    """
    from kg.extract.pipeline import opened

    return opened(_name(model)).extract(papers)


def warm(model: str | Path | None = None) -> None:
    """Open the pipeline, so that the first paper does not wait for it. Once a process."""
    from kg.extract.pipeline import opened

    opened(_name(model))


def fingerprint(model: str | Path | None = None) -> str:
    """A digest of all that the extractions depend on: code, configuration and lexicon of this folder, and the model.

    Does not load spaCy. The version of spaCy is not part of it.
    """
    digest = hashlib.blake2b(digest_size=16)
    folder = Path(__file__).parent
    files = [f for f in folder.rglob("*") if f.suffix in (".py", ".cfg", ".tsv", ".npz", ".txt")]
    _add(digest, folder, files)
    if model is not None:
        path = Path(model)
        digest.update(b"\0model\0")
        if path.is_dir():
            _add(digest, path, [f for f in path.rglob("*") if f.is_file()])
        else:
            digest.update(_package(str(model)).encode())
    return digest.hexdigest()


def _add(digest: hashlib.blake2b, folder: Path, files: list[Path]) -> None:
    for file in sorted(files, key=lambda f: f.relative_to(folder).as_posix()):
        data = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)


def _package(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError as e:
        raise ModelError(f"no folder and no installed package {name}", remedy="give a folder or a package") from e


def _name(model: str | Path | None) -> str | None:
    return None if model is None else str(model)
