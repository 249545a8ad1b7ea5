"""`imgtool what`: the thousand names of ImageNet for any picture, with nothing trained."""

from __future__ import annotations

from imgtool.cli.network import Network
from imgtool.cli.screen import Screen
from imgtool.cli.verb import Common, verb
from imgtool.cli.wanted import Wanted


@verb("what")
def what(screen: Screen, network: Network, wanted: Wanted, common: Common) -> None:
    """Say what pictures show in the thousand names of ImageNet; nothing needs to be trained."""
    from imgtool.cli.predicted import NAME
    from imgtool.cli.telling import Source, tell
    from imgtool.pipeline.telling import told
    from imgtool.pipeline.what import Namer

    namer = Namer(network.weights, network.names)
    facts = {"weights": network.weights or None}
    tell(screen, wanted, common, Source(lambda words, asked: told(words, namer, asked), facts, NAME))
