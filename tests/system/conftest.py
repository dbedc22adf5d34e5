"""What every test of this folder has; the servers are in support/fixtures.py."""

import pytest

from support import interface

pytest_plugins = ("support.fixtures",)


@pytest.fixture(autouse=True)
def keeps_the_interface():
    """No answer of the public port breaks what http/openapi.json promises."""
    interface.take_seen()
    yield
    found = interface.take_seen()
    assert not found, "http/openapi.json:\n" + "\n".join(found)
