"""A till's day with the hub, every request and answer held to the hub's OpenAPI document.

The fuzzer that follows cannot guess an enrolment code or a payload's hash, so what it would never
reach is walked through here: each step must get the status it should, and each answer must
conform to the schema. Prints the token of the enrolled device for the fuzzer.

    python -P conversation.py URL ENROL_CODE
"""

import copy
import hashlib
import json
import sys
import uuid

import schemathesis
import schemathesis.checks

import hooks  # noqa: F401  registers the NDJSON deserializer and check


def invoice(till, counter):
    """A sale of one piece at 1.07 with 7 % inside, paid with 2.00."""
    return {
        "key": str(uuid.uuid4()),
        "till": till,
        "number": f"{till}-{counter:06}",
        "cart": str(uuid.uuid4()),
        "business_date": "2026-01-05",
        "sold_at": "2026-01-05T09:00:00Z",
        "cashier": "ana",
        "cashier_name": "Ana",
        "customer": None,
        "currency": {"code": "EUR", "symbol": "€", "decimals": 2},
        "price_list": "retail",
        "lines": [
            {
                "row": 1, "item": "1082185", "barcode": None, "name": "Bananas", "unit": "each",
                "quantity": "1", "list_price": 107, "price": 107, "discount": 0,
                "invoice_discount": 0, "amount": 107, "tax_rule": "food", "tax_rate": "7",
                "tax_inclusive": True,
            }
        ],
        "discount": {"kind": "none"},
        "totals": {
            "gross": 107, "line_discount": 0, "invoice_discount": 0, "net": 100, "tax": 7,
            "total": 107,
        },
        "tax_lines": [
            {
                "rule": "food", "name": "Food 7 %", "rate": "7", "inclusive": True, "base": 100,
                "tax": 7, "gross": 107,
            }
        ],
        "tenders": [{"mode": "cash", "mode_name": "Cash", "kind": "cash", "amount": 200}],
        "paid": 200,
        "change": 93,
    }


def envelope(document):
    # The hash is over the payload's bytes as they travel, which is how `json.dumps` writes them.
    text = json.dumps(document)
    return {
        "key": document["key"],
        "kind": "invoice",
        "till": document["till"],
        "number": document["number"],
        "business_date": document["business_date"],
        "created_at": document["sold_at"],
        "payload_hash": hashlib.sha256(text.encode()).hexdigest(),
        "payload": document,
    }


schemathesis.checks.load_all_checks()
CHECKS = [
    schemathesis.checks.CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "every_feed_line_conforms",
    )
]


class Conversation:
    def __init__(self, url):
        self.url = url
        self.schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
        self.token = None
        self.steps = 0

    def say(self, method, path, expected, body=None, query=None):
        """Sends a request, holds the answer to the schema and the status to `expected`."""
        arguments = {}
        if body is not None:
            # Bytes, so that the hash of a payload stays the hash of what is sent.
            arguments = {"body": body, "media_type": "application/json"}
        if query:
            arguments["query"] = query
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        case = self.schema[path][method].Case(headers=headers, **arguments)
        response = case.call(base_url=self.url)
        case.validate_response(response, checks=CHECKS)
        if response.status_code != expected:
            raise SystemExit(
                f"{method} {path}: expected {expected}, got {response.status_code}: {response.text}"
            )
        self.steps += 1
        return response


def outcomes(response):
    return [result["outcome"] for result in response.json()["results"]]


def expect(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"{what}: expected {wanted}, got {got}")


def main(url, code):
    talk = Conversation(url)
    device = {"code": code, "device_name": "Contract", "platform": "test", "app_version": "0"}
    talk.say("GET", "/v1/health", 200)
    talk.say("GET", "/openapi.json", 200)
    talk.say("GET", "/v1/snapshot", 401)
    talk.say("POST", "/v1/devices/enrol", 403, {**device, "code": "0000-0000"})
    enrolled = talk.say("POST", "/v1/devices/enrol", 201, device).json()
    talk.say("POST", "/v1/devices/enrol", 403, device)
    talk.token = enrolled["token"]
    till = enrolled["till"]

    talk.say("POST", "/v1/sessions", 201, {"user": "ana", "password": "ana-demo"})
    for _ in range(5):
        talk.say("POST", "/v1/sessions", 403, {"user": "sam", "password": "wrong"})
    talk.say("POST", "/v1/sessions", 429, {"user": "sam", "password": "sam-demo"})

    snapshot = talk.say("GET", "/v1/snapshot", 200)
    cursor = json.loads(snapshot.text.splitlines()[-1])["cursor"]
    talk.say("GET", "/v1/changes", 200, query={"after": 0, "limit": 100})
    talk.say("GET", "/v1/changes", 200, query={"after": cursor})
    talk.say("GET", "/v1/changes", 409, query={"after": cursor + 1})
    talk.say("GET", "/v1/changes", 422, query={"limit": 0})

    sales = [invoice(till, counter) for counter in (1, 2, 3)]
    batch = {"documents": [envelope(sale) for sale in sales]}
    expect("first", outcomes(talk.say("POST", "/v1/documents", 200, batch)), ["accepted"] * 3)
    expect("again", outcomes(talk.say("POST", "/v1/documents", 200, batch)), ["duplicate"] * 3)
    reused_key = {**invoice(till, 4), "key": sales[0]["key"]}
    reused_number = invoice(till, 2)
    short = copy.deepcopy(invoice(till, 5))
    short["totals"]["total"] = 106
    odd = {"documents": [envelope(reused_key), envelope(reused_number), envelope(short), None]}
    expect(
        "odd",
        outcomes(talk.say("POST", "/v1/documents", 200, odd)),
        ["fork", "fork", "rejected", "rejected"],
    )
    listed = talk.say("GET", "/v1/documents", 200, query={"business_date": "2026-01-05"}).json()
    expect("listed", [row["number"] for row in listed["documents"]],
           [sale["number"] for sale in sales])
    talk.say("GET", "/v1/documents", 200, query={"after": 1, "limit": 1})
    talk.say("POST", "/v1/documents", 413, {"documents": [None] * 501})
    print(json.dumps({"token": talk.token, "steps": talk.steps}))


if __name__ == "__main__":
    main(*sys.argv[1:])
