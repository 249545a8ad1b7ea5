"""Where the hosts of the world can be reached just now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus

from imgtool.demo.sites import COPIES
from imgtool.demo.world import Plant


@dataclass(frozen=True, slots=True)
class Atlas:
    """Names of hosts and their addresses, like `127.0.0.9:8123`."""

    places: Mapping[str, str]

    def url(self, host: str, path: str = "") -> str:
        """An address on a host."""
        return f"http://{self.places[host]}{path}"

    def picture(self, plant: Plant) -> str:
        """Where the picture is."""
        return self.url(plant.host, plant.path)

    def story(self, plant: Plant) -> str:
        """The page it stands on."""
        return self.url(plant.host, plant.story)

    def thumb(self, plant: Plant) -> str:
        """A small copy, for result pages."""
        return self.url(COPIES, f"/th?id=OIP.{quote_plus(plant.key)}&pid=15.1")

    def copy(self, plant: Plant) -> str:
        """Bing's full-size copy; "" if it holds none."""
        return self.url(COPIES, f"/th/id/R.{plant.key}?rik={plant.key[:8]}&pid=ImgRaw&r=0") if plant.copied else ""
