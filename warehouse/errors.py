"""What can go wrong with the store, told with what to do about it.

Belongs here: the exceptions of this room. Not here: raising or catching them.
"""

from __future__ import annotations


class WarehouseError(Exception):
    """The store cannot do what was asked; the message says what to do."""


class BusyError(WarehouseError):
    """Another process (or another connection of this one) holds the file."""


class AbsentError(WarehouseError):
    """The file is not there."""


class PublishError(WarehouseError):
    """A check failed or a relation is missing; what was published before is left as it was."""
