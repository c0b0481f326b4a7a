"""What a paper's title and abstract say of datasets, methods, tasks and code. The only folder that imports spaCy.

    Paper ──tokenizer, sentences, links, lexicon, acronyms, cues, scorer, roles──▶ spans ──settle──▶ Extraction

Spans are spaCy's and stay in this folder; an Extraction is a plain value. spaCy is loaded by the first call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.extract.models import find_model
from kg.extract.stored import SMALL
from kg.model import Extraction, Paper

if TYPE_CHECKING:
    from kg.extract.lexicon import Entry

__all__ = ["entries", "extract_papers", "fingerprint", "warm"]


def extract_papers(
    papers: Iterable[Paper],
    *,
    model: str | Path | None = None,
    lexicon: Iterable[str | Path] = (),
    at_least: float = 0.0,
) -> Iterator[Extraction]:
    """One Extraction a paper, in order; reads ahead by at most 64 papers.

    `model` is a folder with a saved spaCy pipeline, the name of one in kg.extract.models.models_folder(), or an
    installed one, whose spans in the group "kg" are labelled Dataset, Method or Task; None is the shipped one.
    `lexicon`: files with names of one's own, in the columns of kg/extract/lexicon/curated.tsv; a name in them stands
    wherever it is written. `at_least`: the score, 0 to 1, that a mention must reach to be kept; 0 keeps all that the
    model lets stand. Raises ModelError where the model
    cannot be opened, LexiconError where a file of names is at fault.
    """
    from kg.extract.kept import checked_score, kept
    from kg.extract.lexicon.own import read_own
    from kg.extract.pipeline import opened

    bar = checked_score(at_least)
    found = opened(_name(model), read_own(lexicon)).extract(papers)
    return (kept(e, bar) for e in found) if bar else found


def warm(model: str | Path | None = None, lexicon: Iterable[str | Path] = ()) -> None:
    """Open the pipeline, so that the first paper does not wait for it. Once a process."""
    from kg.extract.lexicon.own import read_own
    from kg.extract.pipeline import opened

    opened(_name(model), read_own(lexicon))


def entries(model: str | Path | None = None, lexicon: Iterable[str | Path] = ()) -> tuple[Entry, ...]:
    """All entities that are known: one's own, the listed ones, and those that the model has learned. Without spaCy.

    Raises ModelError and LexiconError.
    """
    from kg.extract.lexicon import own
    from kg.extract.lexicon.learned import ANNOTATED, Learned

    folder = _folder(model)
    learned = [Learned.read(file.parent) for file in sorted(folder.rglob(ANNOTATED))] if folder else []
    saved = [e for file in sorted(folder.rglob(own.NAMES)) for e in own.read_own([file])] if folder else []
    return own.entries((*own.read_own(lexicon), *saved), learned)


def fingerprint(model: str | Path | None = None, lexicon: Iterable[str | Path] = ()) -> str:
    """A digest of all that the extractions depend on: code and lexicon of this folder, the model, names of one's own.

    Does not load spaCy. The version of spaCy is not part of it. Raises ModelError, LexiconError.
    """
    from kg.extract.lexicon.own import read_own, written

    digest = hashlib.blake2b(digest_size=16)
    here = Path(__file__).parent
    files = [f for f in here.rglob("*") if f.suffix in (".py", ".tsv", ".txt") and SMALL not in f.parents]
    _add(digest, here, files)
    digest.update(b"\0model\0")
    found = SMALL if model is None else find_model(model)
    if isinstance(found, Path):
        _add(digest, found, [f for f in found.rglob("*") if f.is_file()])
    else:
        from importlib.metadata import version

        digest.update(f"{found} {version(found)}".encode())
    if own := read_own(lexicon):
        digest.update(b"\0lexicon\0" + written(own))
    return digest.hexdigest()


def _folder(model: str | Path | None) -> Path | None:
    """Where the files of a model are; None where only spaCy knows."""
    found = SMALL if model is None else find_model(model)
    if isinstance(found, Path):
        return found
    from importlib.util import find_spec

    spec = find_spec(found) if found.isidentifier() else None
    return Path(spec.origin).parent if spec and spec.origin else None


def _add(digest: hashlib.blake2b, folder: Path, files: list[Path]) -> None:
    for file in sorted(files, key=lambda f: f.relative_to(folder).as_posix()):
        data = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)


def _name(model: str | Path | None) -> str | None:
    return None if model is None else str(find_model(model))
