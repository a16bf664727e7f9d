"""The tree of errors that the program raises on purpose.

MonitorError
├── BusyError            as much long work of one kind as may be is under way
├── ConflictError        it cannot be done as things stand now; the sentence says what stands against it
├── SendError            people could not be told; its sentence is shown on the page
├── ReportError          a report could not be drawn; its sentence is shown on the page
├── InvalidInputError    the caller sent something that a rule forbids; names the field
├── SettingsError        a setting is unknown or breaks its rule; ends the start with exit code 2
├── UnknownError         there is nothing of the name that the caller gave
├── StoreError           what was to be kept could not be; its sentence is shown on the page
│   ├── AbsentError      nothing was kept yet
│   ├── DamagedError     what is kept is not what was written
│   ├── NewerSchemaError what is kept was written by a later version; ends the start with exit code 3
│   └── TakenError       another instance uses the data directory; ends the start with exit code 4
└── SourceError          a source could not read its target; its sentence is shown on the page
"""


class MonitorError(Exception):
    """Root of the tree."""


class InvalidInputError(MonitorError):
    """A caller's value breaks a rule.

    `field` is the name that the caller used, `message` says the rule.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class SettingsError(MonitorError):
    """A setting cannot be used; the sentence names key, value and rule."""

    exit_code = 2


class SourceError(MonitorError):
    """A source's whole reading failed; the sentence is short and safe to show."""


class ConflictError(MonitorError):
    """Something else that is under way stands against it; the sentence says what."""


class UnknownError(MonitorError):
    """There is nothing of that name; the sentence says of which."""


class BusyError(MonitorError):
    """As much work of this kind as may be is under way; the sentence says of which."""


class ReportError(MonitorError):
    """A report was not drawn; the sentence says why."""


class SendError(MonitorError):
    """A message was not sent; the sentence is short and safe to show, with nothing secret in it.

    `retry_after` is in how many seconds the other side wants to be asked again, None where it does not say.
    `permanent`: the same message will never be taken.
    """

    def __init__(self, sentence: str, retry_after: float | None = None, *, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        self.permanent = permanent


class StoreError(MonitorError):
    """Something could not be kept or read back; the sentence says what and why."""


class AbsentError(StoreError):
    """There is nothing to be read: nothing was kept yet."""


class DamagedError(StoreError):
    """What is kept is not what was written, or another program's."""


class NewerSchemaError(StoreError):
    """A later version of the program wrote what is to be read; nothing of it was touched."""

    exit_code = 3


class TakenError(StoreError):
    """Another instance uses the data directory; the sentence names it."""

    exit_code = 4
