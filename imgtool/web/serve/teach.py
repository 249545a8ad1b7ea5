"""Teaching: a picture and its right name, put up for review; and the review itself, beside the models."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from imgtool.pipeline.review import Desk
from imgtool.pipeline.teach import Lesson, Taught, teach
from imgtool.records import Refusal
from imgtool.web.page import answer
from imgtool.web.review.app import review_room
from imgtool.web.serve.body import Form, form
from imgtool.web.serve.hall import Hall
from imgtool.web.serve.pages import tabs
from imgtool.web.serve.wrong import Wrong, refused


def routes(hall: Hall) -> list[BaseRoute]:
    """Where a dataset is taught and reviewed; without one, a word about that."""
    if hall.desk is None:
        return [Route("/teach", nothing_to_teach, methods=["POST"])]
    lessons = Lessons(hall, hall.desk)
    review = review_room(hall.desk, tuple(tabs(hall)))
    return [Route("/teach", lessons.teach, methods=["POST"]), Mount("/review", review)]


def nothing_to_teach(_: Request) -> Response:
    """What those hear who would teach where there is no dataset."""
    raise Wrong(404, "no_dataset", "There is no dataset to teach here.", "Serve one with --data DATA.")


class Lessons:
    """The lessons that one dataset is given."""

    def __init__(self, hall: Hall, desk: Desk) -> None:
        self.hall = hall
        self.desk = desk

    async def teach(self, request: Request) -> Response:
        """A picture, its `label`, and the `model` that was asked about it: into the queue of what is to be reviewed."""
        sent = await form(request)
        if len(sent.uploads) != 1:
            raise Wrong(422, "makes_no_sense", "One picture is taught at a time.")
        data, lesson = sent.uploads[0].data, await self._lesson(sent)
        done = await run_in_threadpool(teach, self.desk, data, lesson)
        if isinstance(done, Refusal):
            raise refused(done)
        return answer({"said": said(done), "label": done.label, "queued": done.queued, "new": done.new})

    async def _lesson(self, sent: Form) -> Lesson:
        """What is to be learnt. What the model said of the picture, it is asked again: a form may say anything."""
        label = sent.fields.get("label", "").strip()
        if not label:
            raise Wrong(422, "makes_no_sense", "label says what it shows.")
        if not sent.fields.get("model"):
            return Lesson(label)
        stand = self.hall.stand(sent.fields["model"])
        (told,) = await self.hall.judged(stand, [sent.uploads[0].data], 1)
        if told.refusal:
            raise refused(told.refusal)
        return Lesson(label, stand.name, told.label, told.probability)


def said(done: Taught) -> str:
    """What became of it, in words."""
    if not done.queued:
        return f"{done.label} has this very picture already."
    words = [f"It waits to be reviewed as {done.label}{', a new class' if done.new else ''}."]
    if done.elsewhere:
        words.append(f"The same picture is in {' and '.join(done.elsewhere)}.")
    if done.twin:
        words.append(f"It looks like {done.twin}.")
    return " ".join(words)
