"""What numbers look like: small charts as SVG that take the colours of the page around them, and one PNG."""

from classify.plots.chart import alone
from classify.plots.charts import HANDFUL, accuracy, growing, losses, reliable, speaking, swept
from classify.plots.confusion import confusion_png

__all__ = ["HANDFUL", "accuracy", "alone", "confusion_png", "growing", "losses", "reliable", "speaking", "swept"]
