"""One thing that is kept by its name beside the samples: a row of the ledger, a rule, an alert, a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What it is. Names are its kind's own."""

    LEDGER = "ledger"
    RULE = "rule"
    ALERT = "alert"
    CHANNEL = "channel"
    NOTICE = "notice"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest of a kind and id counts. `at` (epoch ms) orders them; without a JSON `document` it is deleted."""

    kind: Kind
    id: str
    at: int
    document: Mapping[str, Any] | None
