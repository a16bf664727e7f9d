#!/bin/sh
# Makes a virtual environment, or says in one line what is missing.
# usage: venv.sh PYTHON FOLDER
set -u
python=$1 folder=$2
[ -x "$folder/bin/python" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
fail() { echo "hub-monitor: $1" >&2; exit 2; }
command -v "$python" >/dev/null 2>&1 || fail "Python 3.11 or newer is needed: no $python found; install it (Debian: apt-get install python3 python3-venv, macOS: brew install python) or set PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed: $("$python" --version 2>&1) found; set PYTHON=/path/to/a/newer/python3"
rm -rf "$folder"
if ! output=$("$python" -m venv "$folder" 2>&1); then
    rm -rf "$folder"
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    case $output in
        *ensurepip*|*venv*) fail "virtual environments do not work here; install them: apt-get install python$version-venv (Debian, Ubuntu)" ;;
        *) fail "no virtual environment: $(printf '%s' "$output" | tail -1)" ;;
    esac
fi
