"""`imgtool snippet`: the JavaScript that turns an open result page into a list for --from."""

from __future__ import annotations

from imgtool.cli.screen import Screen
from imgtool.cli.verb import Common, verb
from scraper.snippet import snippet as javascript


@verb("snippet")
def snippet(screen: Screen, common: Common) -> None:  # noqa: ARG001  # its flags are read by the screen
    """JavaScript for the console of a Google or Bing result page; it saves a list for --from."""
    script = javascript()
    screen.result({"javascript": script}, script.rstrip)
