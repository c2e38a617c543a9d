import re

import authlib
from authlib.integrations.requests_client import OAuth2Session, OAuthError

version = authlib.__version__


# The "none" of the library would send the field client_id with the value "None".
def add_nothing(client, method, uri, headers, body):
    return uri, headers, body


methods = {"form": "client_secret_post", "basic": "client_secret_basic", "without": add_nothing}


def create_session(setup, how="form", **more):
    return OAuth2Session(
        setup["clientId"],
        setup["clientSecret"],
        token_endpoint_auth_method=methods[how],
        revocation_endpoint_auth_method=methods[how],
        **more,
    )


def log_in(setup, how, username, password):
    session = create_session(setup, how)
    return session.fetch_token(setup["url"] + "/token", username=username, password=password)


def refresh(setup, token):
    return create_session(setup).refresh_token(setup["url"] + "/token", refresh_token=token["refresh_token"])


def revoke(setup, token):
    create_session(setup).revoke_token(setup["url"] + "/revoke", token=token["refresh_token"]).raise_for_status()


def open_session(setup, username, password, on_refresh):
    url = setup["url"] + "/token"
    update_token = lambda token, refresh_token=None, access_token=None: on_refresh(token)
    session = create_session(setup, token_endpoint=url, update_token=update_token)
    return session, dict(session.fetch_token(url, username=username, password=password))


def read_protected(setup, token):
    session = OAuth2Session(token={"access_token": token, "token_type": "bearer"})
    answer = session.get(setup["url"] + "/protected")
    # The library returns an error response to the caller.
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
