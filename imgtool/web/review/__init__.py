"""`imgtool review`: groups, findings, classes and history on pages, and the ways to decide."""

from imgtool.web.review.app import review_app
from imgtool.web.review.opening import reviewing

__all__ = ["review_app", "reviewing"]
