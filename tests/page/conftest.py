"""Fixtures: a real browser before real programs; the servers are in tests/system/support/fixtures.py."""

import shutil

import pytest
from browsing.places import use_tools

use_tools()

from browsing.review_page import ReviewPage  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

pytest_plugins = ("support.fixtures",)


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium")
    assert program, "chromium: expected the package of tests/packages, got none"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """visit(producer, path, **context): a tab with storage of its own; its complaints fail the test."""
    tabs = []

    def visit(producer, path="/", **context):
        settings = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **context}
        tab = ReviewPage(chromium.new_context(**settings).new_page(), producer.port)
        tabs.append(tab)
        tab.go(path)
        return tab

    yield visit
    complaints = [complaint for tab in tabs for complaint in tab.complaints]
    for tab in tabs:
        tab.page.context.close()
    assert not complaints


@pytest.fixture
def running(stack):
    """(producer, consumer), both started."""
    return stack.started_producer(), stack.started_consumer()
