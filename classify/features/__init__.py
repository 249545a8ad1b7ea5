"""Features: computed once, written down, never computed again.

cache  where they are kept     eyes  what looks at pictures     extraction  what is missing, then all of it
"""

from classify.features.cache import Cache, Key
from classify.features.extraction import Extracted, Wanted, extract

__all__ = ["Cache", "Extracted", "Key", "Wanted", "extract"]
