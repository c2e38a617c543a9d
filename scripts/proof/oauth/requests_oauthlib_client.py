import re

import requests_oauthlib
from oauthlib.oauth2 import LegacyApplicationClient
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from requests_oauthlib import OAuth2Session

version = requests_oauthlib.__version__


def log_in(setup, how, username, password):
    client_id = None if how == "without" else setup["clientId"]
    session = OAuth2Session(client=LegacyApplicationClient(client_id=client_id))
    token = session.fetch_token(
        setup["url"] + "/token",
        username=username,
        password=password,
        client_secret=None if how == "without" else setup["clientSecret"],
        include_client_id=how == "form",
    )
    return token["access_token"]


def read_protected(setup, token):
    session = OAuth2Session(token={"access_token": token, "token_type": "bearer"})
    answer = session.get(setup["url"] + "/protected")
    # The library leaves a refusal to the caller, as an answer.
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
