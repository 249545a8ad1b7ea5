"""`imgtool serve`: models in the browser, for people and for programs.

opening  what is served, and where     hall  the models, one pool of eyes, a line before each model
app      every part's routes           body  the pictures in a request
"""

from imgtool.web.serve.app import serve_app
from imgtool.web.serve.hall import Hall, House
from imgtool.web.serve.opening import Opening, serving

__all__ = ["Hall", "House", "Opening", "serve_app", "serving"]
