"""What people and other programs may call things."""


def is_line(text: str) -> bool:
    """Tell whether the text is one line that can be written as UTF-8: no control characters, no surrogates."""
    return not any(character < " " or "\ud800" <= character <= "\udfff" for character in text)
