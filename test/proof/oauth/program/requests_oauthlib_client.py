import re

import requests
import requests_oauthlib
from oauthlib.oauth2 import LegacyApplicationClient
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from requests_oauthlib import OAuth2Session

version = requests_oauthlib.__version__


def log_in(setup, how, username, password):
    client_id = None if how == "without" else setup["clientId"]
    session = OAuth2Session(client=LegacyApplicationClient(client_id=client_id))
    return session.fetch_token(
        setup["url"] + "/token",
        username=username,
        password=password,
        client_secret=None if how == "without" else setup["clientSecret"],
        include_client_id=how == "form",
    )


def named(setup):
    return {"client_id": setup["clientId"], "client_secret": setup["clientSecret"]}


def refresh(setup, token):
    session = OAuth2Session(client=LegacyApplicationClient(client_id=setup["clientId"]))
    return session.refresh_token(setup["url"] + "/token", refresh_token=token["refresh_token"], **named(setup))


# The library prepares the request, and the caller sends it.
def revoke(setup, token):
    client = LegacyApplicationClient(client_id=setup["clientId"])
    url, headers, body = client.prepare_token_revocation_request(
        setup["url"] + "/revoke", token["refresh_token"], token_type_hint="refresh_token"
    )
    requests.post(url, data=body, headers=headers).raise_for_status()


def open_session(setup, username, password, on_refresh):
    url = setup["url"] + "/token"
    session = OAuth2Session(
        client=LegacyApplicationClient(client_id=setup["clientId"]),
        auto_refresh_url=url,
        auto_refresh_kwargs=named(setup),
        token_updater=on_refresh,
    )
    token = session.fetch_token(url, username=username, password=password, include_client_id=True)
    return session, dict(token)


def read_protected(setup, token):
    session = OAuth2Session(token={"access_token": token, "token_type": "bearer"})
    answer = session.get(setup["url"] + "/protected")
    # The library returns an error response to the caller.
    answer.raise_for_status()
    return answer.json()


def tell(error):
    if isinstance(error, OAuth2Error):
        return {
            "type": type(error).__name__,
            "error": error.error,
            "description": error.description,
        }
    answer = getattr(error, "response", None)
    if answer is None:
        return {"type": type(error).__name__}
    code = re.search('error="([^"]+)"', answer.headers.get("WWW-Authenticate", ""))
    return {"type": "session.get", "error": code and code[1], "status": answer.status_code}
