"""Where the page lives and by which name it polls: what the server in front of it and the banner have to know.

It stands alone because the command line prints it, which has no time to import what makes the page.
"""

from typing import Final

BASE: Final = "/dashboard/"
POLL: Final = "poll"
"""The store that a poll's answer is written into."""
