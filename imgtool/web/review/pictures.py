"""Pictures for pages, by the sha256 of their bytes. What a browser gets was encoded here: never a file as it came."""

from __future__ import annotations

import threading

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from curate.pixels.small import small_jpeg
from imgtool.dataset import Item, contents, preview, put_preview
from imgtool.pipeline.review import Desk
from imgtool.records import Refusal

SMALL, LARGE = 320, 1600  # px: a card on a screen with two pixels to a point; a whole screen
FOREVER = {"cache-control": "private, max-age=31536000, immutable"}  # other bytes have another address


class Pictures:
    """The pictures of one dataset."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._decoder = threading.Lock()  # one at a time: pictures can be large, and a page asks for a hundred

    def thumb(self, request: Request) -> Response:
        """A small copy, kept for the next time."""
        item = self._item(request)
        root = self.desk.dataset.root
        body = preview(root, item.sha256)
        if not body:
            body = self._encoded(item, SMALL)
            put_preview(root, item.sha256, body)
        return Response(body, media_type="image/jpeg", headers=FOREVER)

    def view(self, request: Request) -> Response:
        """A copy as large as a screen."""
        return Response(self._encoded(self._item(request), LARGE), media_type="image/jpeg", headers=FOREVER)

    def _item(self, request: Request) -> Item:
        item = self.desk.shelf.anywhere(request.path_params["sha256"])
        if item is None:
            raise HTTPException(404, "There is no such picture.")
        return item

    def _encoded(self, item: Item, side: int) -> bytes:
        data = contents(self.desk.dataset.root, item.path, item.size, item.mtime_ns)
        if data is None:
            raise HTTPException(404, "Its file is gone, or is not the one that was looked at.")
        with self._decoder:
            made = small_jpeg(data, side)
        if isinstance(made, Refusal):
            raise HTTPException(404, f"It cannot be shown: {made.reason}.")
        return made
