#!/bin/sh
# Chromium and its driver for the browser tests, from the system's package manager; nothing to do where they are.
set -u
have() { command -v "$1" >/dev/null 2>&1; }
{ have chromium || have google-chrome || have chromium-browser; } && have chromedriver && exit 0
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo "$@"; else return 1; fi; }
if have apt-get; then
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >/dev/null && exit 0
elif have brew; then
    brew install --cask chromium && brew install --cask chromedriver && exit 0
fi
echo "hub-monitor: the browser tests need Chromium and chromedriver; install them (Debian: apt-get install chromium chromium-driver)" >&2
exit 2
