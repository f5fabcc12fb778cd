"""The wiring: Dagster over `ingest`, `dbt_project` and `warehouse`, and the command line.

Belongs here: what runs when, in which order, and how a person starts it.
Not here: what is done to a report (`ingest`), how the marts are computed (`dbt_project`), how files are written
(`warehouse`).
"""
