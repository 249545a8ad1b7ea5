"""What numbers look like: small charts as SVG that take the colours of the page around them, and one PNG."""

from classify.plots.charts import accuracy, losses, reliable, speaking
from classify.plots.confusion import confusion_png

__all__ = ["accuracy", "confusion_png", "losses", "reliable", "speaking"]
