"""Access: what the published file offers beside its tables: macros, the word index, comments in both languages."""

from warehouse.access.install import access_version, install_access

__all__ = ["access_version", "install_access"]
