"""The command line: one file a verb, each parses, calls one library verb and renders. Nothing heavy here."""

from imgtool.cli.main import main

__all__ = ["main"]
