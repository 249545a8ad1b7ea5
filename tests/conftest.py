"""What every test stands on."""

from __future__ import annotations

import signal

from hypothesis import settings

# How long an example takes is the machine's affair: a busy one must not fail a law.
settings.register_profile("imgtool", deadline=None)
settings.load_profile("imgtool")

# A shell starts its background jobs with SIGINT ignored, and children inherit that; tests that send one need it heard.
# A handler of ours is reset to the default in every program that a test starts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
