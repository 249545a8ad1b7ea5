"""Networks that others trained: from pixels to numbers that say what a picture shows.

table  what there is     located  where weights lie, and their digest     weights  from file to layers
build  the network       small    one that needs no weights
"""

from classify.backbones.build import Built, build
from classify.backbones.located import digest
from classify.backbones.table import BACKBONES, Backbone, filled

__all__ = ["BACKBONES", "Backbone", "Built", "build", "digest", "filled"]
