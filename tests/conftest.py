"""What every test stands on."""

from __future__ import annotations

import signal

# A shell starts its background jobs with SIGINT ignored, and children inherit that; tests that send one need it heard.
# A handler of ours is reset to the default in every program that a test starts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
