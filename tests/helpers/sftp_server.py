"""An SFTP server on loopback, in a process of its own: prints its port, serves until killed.

python -m tests.helpers.sftp_server FOLDER KEYS PORT

In the folder of keys are the server's own (``host``), and the public one of the
user (``user.pub``). The user may also come in with `PASSWORD`.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import asyncssh

USER = "anna"
PASSWORD = "not-to-be-seen"


class Server(asyncssh.SSHServer):
    """Lets in one user."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


async def serve(folder: Path, keys: Path, port: int) -> None:
    def files(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(folder).encode())

    server = await asyncssh.create_server(
        Server,
        "127.0.0.1",
        port,
        server_host_keys=[str(keys / "host")],
        authorized_client_keys=str(keys / "user.pub"),
        sftp_factory=files,
    )
    print(server.get_port(), flush=True)  # noqa: T201
    await server.wait_closed()


if __name__ == "__main__":
    logging.disable()
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
