"""The hosts of the world, what they are called, and the words their stories are told in."""

from __future__ import annotations

from imgtool.demo.kinds import Kind

FRONT = "front"
ENGINES = ("bing", "google", "duckduckgo", "openverse", "wikimedia", "flickr")
COPIES = "copies"  # Bing's own full-size copies and thumbnails
COMMONS, PHOTOS = "uploads", "photostream"  # where Wikimedia's and Flickr's pictures lie
SITES = (
    *("harbour-post", "salt-and-light", "the-slow-traveller", "north-quay", "weekend-sketches", "old-postcards"),
    *("tidewater-club", "dry-garden", "windowsill-diary", "grandfathers-slides", "far-shores", "blue-hour"),
    *("paper-lantern", "red-roof-press", "gull-and-gannet", "country-walks", "sunday-painters", "long-way-round"),
    *("sand-and-stone", "keepers-log", "small-museum", "market-square", "two-suitcases", "open-window"),
)
# A host of their own for what would give an ordinary host a bad name, and for rules that hold for a whole host.
OWN_HOST = {
    Kind.RESET: "flaky-mirror",
    Kind.DOWN: "night-shift",
    Kind.ROBOTS: "members-only",
    Kind.CLOSED: "locked-attic",
    Kind.ENDLESS: "live-feed",
    Kind.STALLED: "long-wait",
}
HOSTS = (FRONT, *ENGINES, COPIES, COMMONS, PHOTOS, *SITES, *OWN_HOST.values())

PLACES = (
    *("Kelmar", "Ostervik", "Sant Aldo", "Port Merrin", "Brannock", "Vella Bay", "Tarn Head", "Ilmarsund"),
    *("Cape Lorne", "Dunmarsh", "Pinna Rocks", "Astorga Flats", "Mirador", "Hallow Point", "Skerrie", "Novara"),
)
CREATORS = ("A. Ferreira", "Ines Holm", "J. Okafor", "Mara Lind", "T. Sato", "Wim Adler", "Rosa Quill", "P. Novak")
LICENCES = ("by 4.0", "by-sa 4.0", "cc0 1.0", "by-nc 2.0", "by-nd 2.0", "by-nc-sa 4.0", "pdm 1.0")

# What people add to a class's name; the last query of each is one that Bing starves.
RELATED = {
    "sailboat": (
        *("Red Sailboat", "Sailboat at Sunset", "Small Sailboat", "Sailboat Race", "Vintage Sailboat"),
        *("Sailboat in Storm", "White Sailboat", "Sailboat Painting", "Sailboat Wallpaper HD Plus"),
    ),
    "cactus": (
        *("Cactus in Pot", "Desert Cactus", "Cactus Flower", "Saguaro Cactus", "Small Cactus"),
        *("Cactus Drawing", "Barrel Cactus", "Cactus at Night", "Cactus Wallpaper HD Plus"),
    ),
    "lighthouse": (
        *("Lighthouse at Night", "Red Lighthouse", "Lighthouse on Cliff", "Striped Lighthouse", "Old Lighthouse"),
        *("Lighthouse Painting", "Lighthouse in Storm", "White Lighthouse", "Lighthouse Wallpaper HD Plus"),
    ),
}
CLASSES = tuple(RELATED)
STARVED = "wallpaper hd plus"
# What Bing proposes too although it leads away: no word of the class is in it.
ASTRAY = {
    "sailboat": ("Harbour Town", "Yacht Price List", "Boat Trailer", "Knots and Ropes"),
    "cactus": ("House Plants", "Terracotta Pots", "Desert Map", "Garden Centre"),
    "lighthouse": ("Light Bulbs", "House for Sale", "Sea Charts", "Keeper Costume"),
}
