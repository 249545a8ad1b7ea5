"""A small web of its own on loopback: what `imgtool demo` scrapes, and what the tests run against."""
