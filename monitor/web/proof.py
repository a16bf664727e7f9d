"""`/api/v1/proof`: a randomised on/off test of one optimisation."""

from typing import Final

from flask import Flask, Response

from monitor.core.paired import LEAST_PAIRS
from monitor.core.proof import (
    DEFAULT_HALF_SECONDS,
    DEFAULT_PAIRS,
    LEAST_HALF_SECONDS,
    MOST_HALF_SECONDS,
    MOST_PAIRS,
    ProofState,
)
from monitor.core.proof_document import proof_document
from monitor.engine.prover import Prover
from monitor.web.body import Body
from monitor.web.errors import answer

PATH: Final = "/api/v1/proof"
NAME_LENGTH: Final = 64


def install(server: Flask, prover: Prover) -> None:
    """Add the routes."""

    @server.get(PATH)
    def proof() -> Response:
        """The proof under way, or the last one; null before the first."""
        return _answer(prover.state())

    @server.post(PATH)
    def begin() -> Response:
        """Begin to turn an optimisation on and off."""
        body = Body.read(("optimization", "pairs", "half_seconds"))
        optimization = body.text("optimization", NAME_LENGTH)
        pairs = body.whole("pairs", LEAST_PAIRS, MOST_PAIRS, default=DEFAULT_PAIRS)
        half = body.whole("half_seconds", LEAST_HALF_SECONDS, MOST_HALF_SECONDS, default=DEFAULT_HALF_SECONDS)
        return _answer(prover.begin(optimization, pairs, half), 202)

    @server.delete(PATH)
    def cancel() -> Response:
        """End it, and put the switch back."""
        return _answer(prover.cancel())


def _answer(state: ProofState | None, status: int = 200) -> Response:
    return answer({"proof": proof_document(state)}, status)
