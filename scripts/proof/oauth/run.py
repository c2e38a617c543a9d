# Runs one client library through its checks and prints what it reports as JSON; see run.mjs.
import importlib
import json
import os
import sys

# The service under test is http on this machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

module, text = sys.argv[1:]
setup = json.loads(text)
library = importlib.import_module(module)


def attempt(work):
    try:
        return {"value": work()}
    except Exception as error:
        return {"error": {**library.tell(error), "text": str(error)}}


def log_in(how, password):
    return attempt(lambda: library.log_in(setup, how, setup["username"], password))


def read_protected(token):
    return attempt(lambda: library.read_protected(setup, token))


password = setup["password"]
form = log_in("form", password)
report = {
    "version": library.version,
    "form": form,
    "basic": log_in("basic", password),
    "without": log_in("without", password),
    "wrongForm": log_in("form", "not " + password),
    "wrongBasic": log_in("basic", "not " + password),
    "protected": read_protected(form.get("value")),
    "badToken": read_protected("bad"),
}
print(json.dumps(report))
