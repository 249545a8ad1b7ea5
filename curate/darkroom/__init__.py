"""Where an export's pictures are made: one file's bytes in, its pictures out, in a process of its own.

treatment  how pictures are made     render  one file's pictures     hand  the worker that makes them
"""
