"""The application: `python app.py` runs it, `gunicorn -c gunicorn.conf.py app:server` serves it."""

import sys

from monitor.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
else:
    from monitor.bootstrap import wsgi

    server = wsgi()
