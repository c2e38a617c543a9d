# Runs the checks with one client library, and prints its reports as JSON, like run.mjs. The session of a library here
# refreshes its tokens by itself.
import importlib
import json
import os
import sys
import time

import requests

# The service under test is http on this machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

module, text = sys.argv[1:]
setup = json.loads(text)
library = importlib.import_module(module)
poll_seconds = 0.05
max_polls = 200


def attempt(work):
    try:
        return {"value": work()}
    except Exception as error:
        return {"error": {**library.tell(error), "text": str(error)}}


def log_in(how, password):
    return library.log_in(setup, how, setup["username"], password)


def wait_until_refused(url, token):
    for _ in range(max_polls):
        answer = requests.get(url, headers={"Authorization": "Bearer " + token})
        if answer.status_code == 401:
            return
        time.sleep(poll_seconds)
    raise TimeoutError("It did not expire")


# Reads /protected after the expiry of the access token. The library must refresh it by itself.
def outlive():
    renewed = []
    short_lived = {**setup, "url": setup["shortLivedUrl"]}
    session, token = library.open_session(short_lived, setup["username"], setup["password"], renewed.append)
    protected = short_lived["url"] + "/protected"
    wait_until_refused(protected, token["access_token"])
    # The library counts from the arrival of the response, the service from the start of its second.
    time.sleep(1)
    answer = session.get(protected)
    answer.raise_for_status()
    if len(renewed) != 1:
        raise RuntimeError("The library has refreshed %d times" % len(renewed))
    return answer.json()


password = setup["password"]
form = attempt(lambda: log_in("form", password))
token = form.get("value") or {}
report = {
    "version": library.version,
    "form": attempt(lambda: token["access_token"]),
    "basic": attempt(lambda: log_in("basic", password)["access_token"]),
    "without": attempt(lambda: log_in("without", password)["access_token"]),
    "wrongForm": attempt(lambda: log_in("form", "not " + password)),
    "wrongBasic": attempt(lambda: log_in("basic", "not " + password)),
    "protected": attempt(lambda: library.read_protected(setup, token["access_token"])),
    "badToken": attempt(lambda: library.read_protected(setup, "bad")),
    "refresh": attempt(lambda: library.refresh(setup, token)["access_token"]),
    "revoke": attempt(lambda: library.revoke(setup, token) or "revoked"),
    "deadRefresh": attempt(lambda: library.refresh(setup, token)),
    "expired": attempt(outlive),
}
print(json.dumps(report))
