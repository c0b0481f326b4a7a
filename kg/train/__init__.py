"""Teaches a field: from annotated papers, and unlabelled ones, to a model folder that kg and spaCy open.

The only room that imports scikit-learn and scipy, which the extra "train" brings.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg import __version__
from kg.errors import ExportError, GoldError, TrainError
from kg.store import put_in_place, storage_error

if TYPE_CHECKING:
    from spacy.language import Language

    from kg.train.gold import GoldPaper
    from kg.train.report import Report
    from kg.train.scorer import Network

__all__ = ["AT_LEAST", "train"]

AT_LEAST = 10  # annotated papers


def train(
    gold: str | Path,
    path: str | Path,
    *,
    abstracts: Iterable[str | Path] = (),
    every: int = 1,
    leave_out: Iterable[str | Path] = (),
    network: Network | None = None,
    progress: Callable[[str, int, int | None], object] | None = None,
) -> Report:
    """Train a model on the annotated papers of the file `gold`, write it to the folder `path`, and say how it does.

    `abstracts`: files of papers without annotations, in any format that kg reads, of which one in `every` is read.
    Those with a title of `gold` or of the files `leave_out`, a test set, are passed over. `network` learns the
    network that corrects the log-linear model (training/context of the sources has one); without it there is none.
    `progress` is told the stage, how much is done and, where known, of how much. Deterministic: the same input gives
    the same model.

    Raises GoldError where `gold` is not in the gold format or has fewer than AT_LEAST papers, TrainError where
    scikit-learn is not installed, ExportError where `path` is no model, StorageError, InputError.
    """
    from kg.train.gold import read_gold, unplaced
    from kg.train.report import Report

    target, gold = Path(path), Path(gold)
    if target.exists() and not (target / "config.cfg").is_file():
        raise ExportError("exists and is no model: it is left alone", path=target, remedy="name another folder")
    papers = read_gold(gold)
    if len(papers) < AT_LEAST:
        number = f"{len(papers)} paper{'' if len(papers) == 1 else 's'}"
        raise GoldError(f"{number}, of which nothing can be learned", path=gold, remedy=f"annotate {AT_LEAST} at least")
    texts = _texts(papers, list(abstracts), every, list(leave_out))
    try:
        from threadpoolctl import threadpool_limits

        from kg.train.roles import train_roles
        from kg.train.scorer import train_scorer
    except ImportError as e:
        raise TrainError(f"{e.name or e} is not installed", remedy="pip install 'kg[train]'") from e
    tell = progress or (lambda stage, done, total: None)
    nlp = _learner(papers)
    # The vectors are short: more threads of numpy only wait for each other, ten times as long on a busy machine.
    with threadpool_limits(limits=1):
        scorer, scored = train_scorer(papers, nlp, texts, tell, network)
        roles, agreed = train_roles(papers, nlp, lambda done, total: tell("roles", done, total))
    report = Report(target, len(papers), scored, agreed, tuple((p.line, m) for p, m in unplaced(papers)))
    full = _pipeline(nlp)
    full.get_pipe("scorer").model = scorer  # type: ignore[attr-defined]
    if roles is not None:
        full.get_pipe("roles").model = roles  # type: ignore[attr-defined]
    _write(full, report)
    return report


def _texts(
    papers: list[GoldPaper], abstracts: list[str | Path], every: int, leave_out: list[str | Path]
) -> Iterator[str] | None:
    from kg.ids import title_key
    from kg.model import Paper
    from kg.read import read_papers
    from kg.train.corpus import texts

    if not abstracts:
        return None
    known = {title_key(p.paper.title) for p in papers}
    known |= {title_key(p.title) for p in read_papers(leave_out) if isinstance(p, Paper)} if leave_out else set()
    return texts(abstracts, known, every)


def _learner(papers: list[GoldPaper]) -> Language:
    """The pipeline as far as the cues, with a lexicon of the annotated papers."""
    from kg.extract.lexicon.learned import Learned
    from kg.extract.pipeline import load
    from kg.train.lexicon import surfaces, tally

    nlp = load(exclude=["scorer", "roles"])
    nlp.get_pipe("lexicon").learned = Learned(surfaces(tally(papers)))  # type: ignore[attr-defined]
    return nlp


def _pipeline(learner: Language) -> Language:
    """The whole pipeline with what `learner` has learned of forms."""
    from kg.extract.pipeline import load

    nlp = load()
    nlp.get_pipe("lexicon").learned = learner.get_pipe("lexicon").learned  # type: ignore[attr-defined]
    return nlp


def _write(nlp: Language, report: Report) -> None:
    figures = {
        f"{s.type} {s.kind or ''}".strip(): {n: round(getattr(s, n), 3) for n in ("precision", "recall", "f1")}
        for s in report.scored
    }
    nlp.meta.update(
        name=report.path.name,
        version=__version__,
        description=f"Datasets, methods and tasks of paper abstracts, with roles; taught with {report.papers} papers.",
        performance=figures | {f"role of {a.what}": round(a.share, 3) for a in report.agreed},
    )
    target = Path(report.path)
    new = target.with_name(f".{target.name}.new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        nlp.to_disk(new, exclude=["vocab"])
        put_in_place(new, target)
    except OSError as e:
        raise storage_error(e, target) from e
    finally:
        shutil.rmtree(new, ignore_errors=True)
