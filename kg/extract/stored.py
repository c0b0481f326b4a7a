"""What the components with data of their own share: the data is saved with the pipeline and opened with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from kg.errors import ModelError

__all__ = ["SMALL", "Stored", "file_of"]

# The shipped model: a spaCy pipeline folder as any other.
SMALL = Path(__file__).parent / "small"


class Stored(ABC):
    """A spaCy component whose data is a few files in a folder of its own.

    One that was never opened has the data of the shipped model, so that it works alone: `shipped` names its folder.
    """

    shipped: str

    @abstractmethod
    def to_files(self) -> dict[str, bytes]:
        """The data by file name. The same data gives the same bytes."""

    @abstractmethod
    def from_files(self, files: Mapping[str, bytes], folder: Path | None) -> None:
        """Take this data; `folder` is for messages. Raises ModelError where it does not read."""

    def from_shipped(self) -> None:
        """Take the data of the shipped model."""
        self.from_disk(SMALL / self.shipped)

    def to_disk(self, path: str | Path, *, exclude: object = ()) -> None:
        """Write the files into the folder `path`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.to_files().items():
            (folder / name).write_bytes(data)

    def from_disk(self, path: str | Path, *, exclude: object = ()) -> Self:
        """Read the files of the folder `path`. Raises ModelError."""
        folder = Path(path)
        try:
            files = {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file()}
        except OSError as e:
            raise ModelError(f"cannot be read: {e.strerror or e}", path=folder) from e
        self.from_files(files, folder)
        return self

    def to_bytes(self, *, exclude: object = ()) -> bytes:
        """All files as one."""
        import srsly

        return bytes(srsly.msgpack_dumps(self.to_files()))

    def from_bytes(self, data: bytes, *, exclude: object = ()) -> Self:
        """What to_bytes has written. Raises ModelError."""
        import srsly

        self.from_files(srsly.msgpack_loads(data), None)
        return self


def file_of(files: Mapping[str, bytes], name: str, folder: Path | None) -> bytes:
    """One of the files that a component needs. Raises ModelError where it is not there."""
    if name not in files:
        raise ModelError(f"no file {name}", path=folder, remedy="save the pipeline anew")
    return files[name]
