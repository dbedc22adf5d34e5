"""Requests that must all be refused with a 4xx."""

import gzip
import json
import random
import uuid

from .http_client import BATCH, REVIEW

_GOOD = {"vendor_id": "v", "author": "a", "rating": 3}


def _changed(**members):
    return json.dumps({**_GOOD, **members})


def _without(member):
    return json.dumps({name: value for name, value in _GOOD.items() if name != member})


def _raw(rating):
    return f'{{"vendor_id":"v","author":"a","rating":{rating}}}'


_BROKEN_RULES = (
    [_without(member) for member in _GOOD]
    + [_changed(vendor_id=value) for value in ("", "v" * 65, "a b", "ä", "a/b", 7, None, ["v"], {})]
    + [_changed(author=value) for value in ("", " \t", "\u2003", "a" * 81, "\0", 1, None, ["a"])]
    + [_changed(rating=value) for value in (0, 6, -1, 10**30, True, "5", None, [5], {})]
    + [_changed(title=value) for value in ("t" * 121, "\0", 1, {})]
    + [_changed(text=value) for value in ("é" * 4001, "a\0b", [], 1.5)]
    + [_changed(review_id=value) for value in ("", "nonsense", str(uuid.UUID(int=1))[:-1], 4, "g" * 36)]
    + [_changed(created_at="2026-01-01T00:00:00Z"), _changed(**{"__proto__": {}}), _changed(**{"": 0})]
    + [_raw(number) for number in ("5.0", "5e0", "0.5e1", "1e400", "-0", "9" * 400)]
    + ['{"vendor_id":"v","author":"a","rating":3,"rating":3}', '{"vendor_id":"v","author":"\\ud800","rating":3}']
    + ["[]", "null", "3", '"review"', "true", "[" + json.dumps(_GOOD) + "]"]
)

_NOT_JSON = [
    b"",
    b" ",
    b"{",
    b"}",
    b"{]",
    b"nul",
    b"\xef\xbb\xbf",
    b"\xff\xfe{\x00}\x00",
    b'{"vendor_id":"v","author":"a","rating":3',
    b'{"vendor_id":"v","author":"a","rating":3}}',
    b'{"vendor_id":"v","author":"a","rating":3} {}',
    b'{"vendor_id":"v","author":"a","rating":3,}',
    b"{'vendor_id':'v','author':'a','rating':3}",
    b'{vendor_id:"v","author":"a","rating":3}',
    b'{"vendor_id":"v","author":"a\n","rating":3}',
    b'{"vendor_id":"v","author":"\\x41","rating":3}',
    b'{"vendor_id":"v","author":"a","rating":03}',
    b'{"vendor_id":"v","author":"a","rating":+3}',
    b'{"vendor_id":"v","author":"a","rating":NaN}',
    b'{"vendor_id":"v","author":"a","rating":0x3}',
    b'{"vendor_id":"v","author":"a","rating":3} // why',
    b"[" * 30000,
    b'{"a":' * 10000,
    b"[" * 30000 + b"]" * 30000,
]

_BAD_UTF8 = [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80", b"\xf8\x88\x80\x80\x80"]

_BOMB = gzip.compress(b'{"vendor_id":"v","author":"' + b"a" * 8_000_000 + b'","rating":3}')


def _fixed():
    yield from ((rule.encode(), REVIEW, {}) for rule in _BROKEN_RULES)
    yield from ((body, REVIEW, {}) for body in _NOT_JSON)
    for bad in _BAD_UTF8:
        yield b'{"vendor_id":"v","author":"a' + bad + b'","rating":3}', REVIEW, {}
    good = json.dumps(_GOOD).encode()
    yield good, "text/plain", {}
    yield good, "application/xml", {}
    yield good, "application/json; charset=utf-16", {}
    yield good, "", {}
    yield b'{"text":"' + b"x" * 70_000 + b'"}', REVIEW, {}
    yield good, REVIEW, {"content-encoding": "gzip"}
    yield good, REVIEW, {"content-encoding": "br"}
    yield gzip.compress(good)[:-9], REVIEW, {"content-encoding": "gzip"}
    yield _BOMB, REVIEW, {"content-encoding": "gzip"}
    yield good, REVIEW, {"idempotency-key": "k" * 256}
    yield good, REVIEW, {"idempotency-key": '""'}
    yield b"\n".join([b"{}"] * 50), BATCH, {}
    yield b"", BATCH, {}
    yield b"\n".join([good] * 1001), BATCH, {}


def _mutations(seed):
    """Good reviews with a byte that JSON forbids where it stands, for ever."""
    pick = random.Random(seed)
    good = bytearray(json.dumps(_GOOD, separators=(",", ":")).encode())
    structure = [place for place, byte in enumerate(good) if byte in b'{}:,']
    while True:
        body = bytearray(good)
        body[pick.choice(structure)] = pick.choice(b"\x00\x01\x7f\xff!@;")
        yield bytes(body), REVIEW, {}


def hostile_requests(count, seed=1):
    """`count` of (body, content type, headers): every fixed one in turn, mutations between them."""
    fixed = list(_fixed())
    mutations = _mutations(seed)
    for number in range(count):
        yield fixed[number // 2 % len(fixed)] if number % 2 == 0 else next(mutations)
