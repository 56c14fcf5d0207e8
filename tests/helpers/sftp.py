"""Start and stop the SFTP server, and make its keys."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncssh

from tests.helpers.sftp_server import USER

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class SFTP:
    """A folder behind SFTP.

    Attributes
    ----------
    folder
        What is served, as its root.
    home
        A user's home with key and known hosts.
    """

    folder: Path
    home: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None

    @property
    def keys(self) -> Path:
        return self.home / ".ssh"

    def url(self, path: str, login: str = USER) -> str:
        return f"sftp://{login}@127.0.0.1:{self.port}/{path}"

    def start(self) -> None:
        """Start, or start again on the same port."""
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.helpers.sftp_server"),
                *(str(self.folder), str(self.keys), str(self.port)),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.know()

    def stop(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def make_keys(self) -> None:
        self.keys.mkdir(parents=True)
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(self.keys / "host")
        own = asyncssh.generate_private_key("ssh-ed25519")
        own.write_private_key(self.keys / "id_ed25519")
        own.write_public_key(self.keys / "user.pub")

    def know(self) -> None:
        """Write the server into the known hosts."""
        public = asyncssh.read_private_key(self.keys / "host").export_public_key().decode()
        (self.keys / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {public}")
