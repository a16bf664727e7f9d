"""One component per file, each with a style sheet of the same name in `assets/` where it needs one."""
