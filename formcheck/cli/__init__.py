"""The command line. Only light modules are imported until a command runs."""

from formcheck.cli.app import main

__all__ = ["main"]
