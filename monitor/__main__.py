"""`python -m monitor` is `hub-monitor`."""

import sys

from monitor.cli import main

sys.exit(main(sys.argv[1:]))
