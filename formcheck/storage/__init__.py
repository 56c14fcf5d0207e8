"""Folders on this machine or behind an fsspec URL, with writing that is whole or not at all."""

from formcheck.storage.errors import NoFolderError, StorageError
from formcheck.storage.folder import Folder
from formcheck.storage.local import FileFacts, write_durably
from formcheck.storage.remote import without_password

__all__ = [
    "FileFacts",
    "Folder",
    "NoFolderError",
    "StorageError",
    "without_password",
    "write_durably",
]
