import re

import authlib
from authlib.integrations.requests_client import OAuth2Session, OAuthError

version = authlib.__version__


# The library's own "none" would send the field client_id all the same, and "None" in it.
def add_nothing(client, method, uri, headers, body):
    return uri, headers, body


methods = {"form": "client_secret_post", "basic": "client_secret_basic", "without": add_nothing}


def log_in(setup, how, username, password):
    session = OAuth2Session(setup["clientId"], setup["clientSecret"], token_endpoint_auth_method=methods[how])
    token = session.fetch_token(setup["url"] + "/token", username=username, password=password)
    return token["access_token"]


def read_protected(setup, token):
    session = OAuth2Session(token={"access_token": token, "token_type": "bearer"})
    answer = session.get(setup["url"] + "/protected")
    # The library leaves a refusal to the caller, as an answer.
    answer.raise_for_status()
    return answer.json()


def tell(error):
    if isinstance(error, OAuthError):
        return {"type": "OAuthError", "error": error.error, "description": error.description}
    answer = getattr(error, "response", None)
    if answer is None:
        return {"type": type(error).__name__}
    code = re.search('error="([^"]+)"', answer.headers.get("WWW-Authenticate", ""))
    return {"type": "session.get", "error": code and code[1], "status": answer.status_code}
