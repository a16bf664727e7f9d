"""One component per file, each with a style sheet where it needs one, in `assets/` or its page's folder there."""
