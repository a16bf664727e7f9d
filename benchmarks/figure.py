"""One line of the table, and how long to measure for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` per measurement; `long` has the page watched for half an hour."""

    seconds: float = 30.0
    long: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """`holds` tells whether `measured` is within `limit`; None where there is no limit or it was not measured."""

    name: str
    limit: str
    measured: str
    worst: str = ""
    holds: bool | None = None


def at_most(name: str, limit: float, measured: float, unit: str, *, worst: str = "", decimals: int = 1) -> Figure:
    """Return the figure of something that should be small."""
    return Figure(
        name,
        f"<= {limit:g} {unit}",
        f"{measured:.{decimals}f} {unit}",
        worst,
        round(measured, decimals) <= limit,
    )


def known(name: str, measured: str, worst: str = "") -> Figure:
    """Return a figure without a limit, given for the others to be understood."""
    return Figure(name, "", measured, worst)
