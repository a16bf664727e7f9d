"""The door for people."""

from collections.abc import Callable
from typing import Any

import pytest

from monitor.web.access import SESSION_SECONDS, Access

TOKEN = "schlüssel-of-some-length"  # noqa: S105 - of this test alone

Serve = Callable[..., Any]


def sign_in(made: Any, token: str = TOKEN) -> Any:
    return made.client.post("/login", data={"token": token}, headers={"Origin": "http://hub.example:8081"})


def with_session(made: Any, session: str) -> Any:
    return made.client.get("/api/v1/snapshot", headers={"Cookie": f"hub_monitor_session={session}"})


def session_of(response: Any) -> str:
    return str(response.headers["Set-Cookie"]).split(";")[0].partition("=")[2]


def test_who_knows_the_token_gets_a_session(serve: Serve) -> None:
    """It is out of reach of scripts and of other sites, and opens the rest."""
    made = serve(token=TOKEN, loopback=False)
    made.tick()
    response = sign_in(made)
    assert (response.status_code, response.headers["Location"]) == (303, "/dashboard/")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert with_session(made, session_of(response)).status_code == 200


def test_a_session_survives_a_restart_and_ends_with_its_token(serve: Serve) -> None:
    """The key is derived from the token: nothing is stored."""
    session = session_of(sign_in(serve(token=TOKEN)))
    for token, status in ((TOKEN, 200), ("another-token-altogether", 401)):
        again = serve(token=token)
        again.tick()
        assert with_session(again, session).status_code == status


def test_a_session_is_not_for_ever() -> None:
    """After 30 days the token is asked for again."""
    access = Access(token=TOKEN, allowed_hosts=())
    assert access.accepts(access.session())
    moment = access._signer.get_timestamp()
    access._signer.get_timestamp = lambda: moment - SESSION_SECONDS - 1  # type: ignore[method-assign]
    old = access.session()
    del access._signer.get_timestamp
    assert not access.accepts(old)


@pytest.mark.parametrize("session", ["", "person", "person.x.y", "é", "\x00", "." * 5000])
def test_a_forged_session_is_none(session: str) -> None:
    """Whatever it looks like."""
    assert not Access(token=TOKEN, allowed_hosts=()).accepts(session)


def test_a_wrong_token_says_so_and_after_five_of_them_guessing_has_to_wait(serve: Serve) -> None:
    """The right one gets in all the same."""
    made = serve(token=TOKEN)
    for _ in range(5):
        response = sign_in(made, "wrong")
        assert response.status_code == 401
        assert "not the token" in response.text
        assert "Set-Cookie" not in response.headers
    late = sign_in(made, "wrong")
    assert (late.status_code, "Set-Cookie" in late.headers) == (429, False)
    assert 0 < int(late.headers["Retry-After"]) <= 61
    assert sign_in(made).status_code == 303
    made.clock.advance(61)
    assert sign_in(made, "wrong").status_code == 401


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_behind_tls_the_session_stays_behind_tls(serve: Serve, scheme: str, secure: bool) -> None:
    """A proxy ends TLS before us: the page's origin says whether there is any."""
    origin = {"Origin": f"{scheme}://hub.example:8081"}
    response = serve(token=TOKEN).client.post("/login", data={"token": TOKEN}, headers=origin)
    assert response.status_code == 303
    assert ("; Secure" in response.headers["Set-Cookie"]) is secure


def test_the_form_cannot_be_sent_from_another_site(serve: Serve) -> None:
    """Nobody is signed in by a page of somebody else's."""
    made = serve(token=TOKEN)
    response = made.client.post("/login", data={"token": TOKEN}, headers={"Origin": "http://evil.example"})
    assert response.status_code == 403


def test_a_browser_is_led_to_the_door_and_a_program_told(serve: Serve) -> None:
    """One gets a page, the other a 401 that names the scheme."""
    made = serve(dash=True, token=TOKEN)
    page = made.client.get("/dashboard/", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, page.headers["Location"]) == (303, "/login")
    program = made.client.get("/dashboard/")
    assert program.status_code == 401
    assert program.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_page_has_no_script(serve: Serve) -> None:
    """It works with the strictest policy."""
    made = serve(token=TOKEN)
    page = made.client.get("/login")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert 'type="password"' in page.text


def test_without_a_token_there_is_no_door(serve: Serve) -> None:
    """It leads straight in."""
    made = serve()
    assert made.client.get("/login").headers["Location"] == "/dashboard/"
    assert sign_in(made).headers["Location"] == "/dashboard/"
