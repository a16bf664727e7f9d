"""`/login`: the door for people where programs send the bearer token."""

from typing import Final

from flask import Flask, Response, request
from markupsafe import Markup

from monitor.web.access import SESSION_SECONDS, Access
from monitor.web.attempts import Attempts
from monitor.web.guard import COOKIE, LOGIN, too_many

_PAGE: Final = Markup("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hub Monitor: sign in</title>
<style>
  :root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }}
  body {{ display: grid; place-items: center; min-height: 90vh; margin: 0 }}
  form {{ display: grid; gap: .75rem; width: min(20rem, 90vw) }}
  h1 {{ font-size: 1.25rem; margin: 0 }}
  input, button {{ font: inherit; padding: .5rem .75rem }}
  p {{ margin: 0; min-height: 1.5em }}
</style>
<form method="post">
  <h1>Hub Monitor</h1>
  <label for="token">Token</label>
  <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
  <button>Sign in</button>
  <p role="alert">{problem}</p>
</form>
</html>
""")


def install(server: Flask, access: Access, attempts: Attempts, home: str) -> None:
    """Add the page; who knows the token goes on to `home` with a session cookie."""

    def page(problem: str = "", status: int = 200) -> Response:
        return Response(_PAGE.format(problem=problem), status, mimetype="text/html")

    def go_home() -> Response:
        return Response(status=303, headers={"Location": home})

    @server.get(LOGIN)
    def login() -> Response:
        """The form; without a token there is nothing to ask for."""
        return page() if access.required else go_home()

    @server.post(LOGIN)
    def sign_in() -> Response:
        """Take the form's `token`; 401 when it is wrong, 429 after five wrong ones in a minute."""
        if not access.required:
            return go_home()
        if not access.opens(request.form.get("token", "").encode("utf-8", "replace")):
            address = request.remote_addr or ""
            wait = attempts.wait_seconds(address)
            if wait > 0:
                refusal = page(f"Too many wrong tokens. Try again in {int(wait) + 1} s.", 429)
                refusal.headers["Retry-After"] = too_many(wait).headers["Retry-After"]
                return refusal
            attempts.failed(address)
            return page("That is not the token.", 401)
        answer = go_home()
        # Behind a proxy the request itself is plain; the page's own origin, which the guard has checked, tells.
        secure = request.is_secure or request.headers.get("Origin", "").startswith("https://")
        answer.set_cookie(
            COOKIE, access.session(), SESSION_SECONDS, httponly=True, samesite="Strict", secure=secure
        )
        return answer
