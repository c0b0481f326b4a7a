"""The input in shards: cut, given to workers, made again after a fault, taken up where a killed run stopped.

`Staging` is the folder of work in progress; `cut` puts shards of papers into it, `run` has every missing part made.
"""

from __future__ import annotations

from kg.shards.executors import Executors
from kg.shards.run import run
from kg.shards.staging import Shard, Staging, cut
from kg.shards.work import Extractor, Job, extract_shard, rules

__all__ = ["Executors", "Extractor", "Job", "Shard", "Staging", "cut", "extract_shard", "rules", "run"]
