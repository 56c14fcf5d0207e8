"""SFTP that talks to known hosts only, and does not wait for ever."""

from __future__ import annotations

from typing import Any

import paramiko  # type: ignore[import-untyped,unused-ignore]
from fsspec.implementations.sftp import SFTPFileSystem

CONNECT_S = 20.0
SILENCE_S = 120.0
"""A server that says nothing for so long counts as gone."""
KEEP_ALIVE_S = 30


class KnownHostsSFTP(SFTPFileSystem):  # type: ignore[misc] # fsspec is untyped
    """fsspec's SFTP, with the hosts that OpenSSH knows (``~/.ssh/known_hosts``).

    fsspec alone takes any host key, and so any machine in between. Here a host
    must be known unless the option ``host_key_policy`` says otherwise.
    """

    def __init__(self, host: str, **options: Any) -> None:
        options.setdefault("host_key_policy", "reject")
        for name in ("timeout", "banner_timeout", "auth_timeout"):
            options.setdefault(name, CONNECT_S)
        if "port" in options:
            options["port"] = int(options["port"])  # a text, from an .ini file
        super().__init__(host, **options)

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        self.client.load_system_host_keys()
        self.client.set_missing_host_key_policy(self.host_key_policy)
        try:
            self.client.connect(self.host, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()
        except BaseException:
            self.client.close()
            raise
        self.ftp.get_channel().settimeout(SILENCE_S)
        self.client.get_transport().set_keepalive(KEEP_ALIVE_S)

    def makedirs(self, path: str, exist_ok: bool = False, mode: int = 0o777) -> None:
        """Make folders; another worker may make the same ones at this moment."""
        path = self._strip_protocol(path)
        if self.exists(path):
            if not exist_ok:
                raise FileExistsError(path)
            return
        parent = path.rstrip("/").rpartition("/")[0]
        if parent:
            self.makedirs(parent, exist_ok=True, mode=mode)
        try:
            self.ftp.mkdir(path, mode)
        except OSError:
            if not self.isdir(path):
                raise
