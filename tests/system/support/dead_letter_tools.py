"""Reviews and records for the tests of dead letters, offsets and status."""

import json
import uuid

GOOD = {
    "vendor_id": "v",
    "author": "a",
    "rating": 3,
    "created_at": "2026-01-01T00:00:00.000001Z",
}


def review_value(**members):
    """The value of a record: a review with an id of its own unless given."""
    return json.dumps({"review_id": str(uuid.uuid4()), **GOOD, **members}).encode()


def json_lines(done):
    """What a `reviewctl … --json` printed, an object a line."""
    return [json.loads(line) for line in done.stdout.splitlines()]
