"""What the repository keeps at its top, where a reader looks for it, and an installed package inside itself."""

from pathlib import Path


def shipped(name: str) -> Path:
    """Return where the file or folder `name` is."""
    inside = Path(__file__).with_name(name)
    return inside if inside.exists() else Path(__file__).parent.parent / name
