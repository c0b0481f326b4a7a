"""Builds with the stand-in extractor in a process of its own: python engine_run.py INPUT OUT [WORKERS [TIMEOUT]].

Not guarded by __name__: a script of a user need not be, either.
"""

import sys

from standin import EXTRACTOR

from kg import pipeline
from kg.errors import KgError

source, out, *rest = sys.argv[1:]
try:
    store = pipeline.build(
        [source],
        out,
        workers=int(rest[0]) if rest else 2,
        paper_timeout=float(rest[1]) if rest[1:] else 60.0,
        extractor=EXTRACTOR,
    )
except KgError as e:
    sys.exit(str(e))
except KeyboardInterrupt:
    sys.exit(130)
print(store.digest)
