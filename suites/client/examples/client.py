"""A create with nothing but Python's standard library. urlencode writes blanks as +, and everything else as the form wants it."""
import base64
import json
import os
import urllib.parse
import urllib.request

fields = {
    "object_reference_id": f"cust_python_{os.getpid()}",
    "mobile_number": "987654321",
    "email_address": "ana.souza@example.com",
    "first_name": "Ana",
    # str(True) would be "True", which is neither of the two values that there are.
    "options.get_client_auth_token": "true" if True else "false",
}
credential = base64.b64encode(f"{os.environ['CONFORM_API_KEY']}:".encode()).decode()
request = urllib.request.Request(
    f"{os.environ['CONFORM_URL']}/customers",
    data=urllib.parse.urlencode(fields).encode(),
    headers={"Authorization": f"Basic {credential}", "x-merchantid": os.environ["CONFORM_MERCHANT_ID"]},
)
with urllib.request.urlopen(request, timeout=10) as response:
    print("created", json.load(response)["id"])
