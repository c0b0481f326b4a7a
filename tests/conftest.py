"""engine_run.py is a script for tests to start; imported to look for doctests it would start a build."""

collect_ignore = ["engine_run.py"]
