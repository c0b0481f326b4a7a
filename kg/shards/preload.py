"""Imported by the fork server, so that workers start with the extractor loaded. The one import that does something."""

from __future__ import annotations

import contextlib
import gc

# What is wrong is said by the worker that needs it; here it would only end the fork server.
with contextlib.suppress(Exception):
    from kg import extract

    extract.warm()
    # What is loaded stays to the end: the collector of a worker need not go over it again and again, and pages that it
    # does not touch stay shared.
    gc.collect()
    gc.freeze()
