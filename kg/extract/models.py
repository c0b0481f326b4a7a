"""Where a model is that was asked for by its name. Nothing is downloaded."""

from __future__ import annotations

import os
from pathlib import Path

from kg.errors import ModelError

__all__ = ["FOLDER_VARIABLE", "find_model", "models_folder"]

FOLDER_VARIABLE = "KG_MODELS"
_TRAINED = {"accurate": "training/transformer"}  # models with a way of their own to make them


def models_folder() -> Path:
    """Where models are kept by name: $KG_MODELS, else kg/models in the user's data folder of this platform."""
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("kg", appauthor=False) / "models"


def find_model(model: str | Path) -> Path | str:
    """A folder of that path, else of that name in models_folder(), else the name of an installed package.

    Raises ModelError where there is none of them.
    """
    name = str(model)
    if name and Path(model).is_dir():
        return Path(model)
    plain = isinstance(model, str) and Path(name).name == name != ""
    if plain and (kept := models_folder() / name).is_dir():
        return kept
    from importlib.metadata import PackageNotFoundError, version

    try:
        version(name)
    except (PackageNotFoundError, ValueError) as e:
        raise ModelError(f"no model {name}", remedy=_remedy(name, plain)) from e
    return name


def _remedy(name: str, plain: bool) -> str:
    if not plain:
        return "give a folder with a spaCy pipeline"
    target = models_folder() / name
    if name in _TRAINED:
        return (
            f"train it on gold of your own with {_TRAINED[name]}, or copy the folder from someone who has it, "
            f"to {target}; nothing is downloaded"
        )
    return f"give a folder with a spaCy pipeline, put one at {target}, or install a package of that name"
