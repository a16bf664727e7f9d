"""`/api/v1/baselines`: record, list, change, activate, take out and bring in."""

from collections.abc import Iterable
from typing import Any, Final

from flask import Flask, Response, request

from monitor.core.baseline import Baseline
from monitor.core.baseline_document import NAME_LENGTH, NOTE_LENGTH, from_json, to_json
from monitor.core.experiment import Recording
from monitor.core.impact_document import baseline_document
from monitor.core.marker import Marker
from monitor.core.reference import LEAST_SECONDS
from monitor.engine.experiment import Experiment
from monitor.web.body import Body
from monitor.web.errors import JSON, answer

PATH: Final = "/api/v1/baselines"
DEFAULT_SECONDS: Final = 300
MOST_SECONDS: Final = 24 * 3600
_WHOLE: Final = 0.9


def install(server: Flask, experiment: Experiment) -> None:
    """Add the routes."""

    @server.get(PATH)
    def baselines() -> Response:
        """All baselines of the target, which is active, and what is being recorded."""
        state = experiment.state()
        return answer(
            {
                "baselines": [baseline_document(baseline) for baseline in state.baselines],
                "active": None if state.impact is None else state.impact.baseline.id,
                "recording": None if state.recording is None else recording_document(state.recording),
            }
        )

    @server.post(PATH)
    def record() -> Response:
        """Record the last seconds, or begin to record the next ones."""
        body = Body.read(("name", "seconds", "note", "next"))
        name = body.text("name", NAME_LENGTH)
        note = body.text("note", NOTE_LENGTH, default="")
        seconds = body.whole("seconds", LEAST_SECONDS, MOST_SECONDS, default=DEFAULT_SECONDS)
        if body.flag("next", default=False):
            return answer({"recording": recording_document(experiment.record_next(seconds, name, note))}, 202)
        baseline = experiment.record_last(seconds, name, note)
        reason = _why_shorter(baseline, seconds, experiment.state().markers)
        return answer(_one(baseline) | {"requested_seconds": seconds, "reason": reason}, 201)

    @server.post(f"{PATH}/import")
    def bring_in() -> Response:
        """Keep a baseline that was exported; it gets an id of its own."""
        return answer(_one(experiment.add(from_json(request.get_data()))), 201)

    @server.get(f"{PATH}/<identity>")
    def baseline(identity: str) -> Response:
        """One baseline in short."""
        return answer(_one(experiment.get(identity)))

    @server.patch(f"{PATH}/<identity>")
    def change(identity: str) -> Response:
        """Rename it, note something, pin it."""
        body = Body.read(("name", "note", "pinned"))
        return answer(
            _one(
                experiment.change(
                    identity,
                    name=body.text("name", NAME_LENGTH) if "name" in body else None,
                    note=body.text("note", NOTE_LENGTH, default="") if "note" in body else None,
                    pinned=body.flag("pinned", default=False) if "pinned" in body else None,
                )
            )
        )

    @server.delete(f"{PATH}/<identity>")
    def delete(identity: str) -> Response:
        """Forget it, unless it is pinned."""
        experiment.delete(identity)
        return answer({"deleted": identity})

    @server.post(f"{PATH}/<identity>/activate")
    def activate(identity: str) -> Response:
        """Compare with it from now on."""
        return answer(_one(experiment.activate(identity)))

    @server.get(f"{PATH}/<identity>/export")
    def take_out(identity: str) -> Response:
        """The whole baseline as a document, for another monitor."""
        response = Response(to_json(experiment.get(identity)), mimetype=JSON)
        response.headers["Content-Disposition"] = f'attachment; filename="baseline-{identity}.json"'
        return response


def _why_shorter(baseline: Baseline, asked: int, markers: Iterable[Marker]) -> str:
    """Say so where a baseline has less than nine tenths of the seconds that were asked for, else ""."""
    if baseline.seconds >= _WHOLE * asked:
        return ""
    since = baseline.end - 1000 * asked
    changes = [marker.text for marker in markers if since < marker.at <= baseline.start]
    why = f"it begins after “{changes[-1]}”" if changes else "no more was measured"
    return f"{baseline.seconds} s of the {asked} s asked for: {why}"


def _one(baseline: Baseline) -> dict[str, Any]:
    return {"baseline": baseline_document(baseline)}


def recording_document(recording: Recording) -> dict[str, Any]:
    """Return what is being recorded as JSON."""
    return {"name": recording.name, "note": recording.note, "start": recording.start, "end": recording.end}
