"""A vendor's page: rating, histogram, reviews by pages, and finding it."""

import pytest
from playwright.sync_api import expect

RATINGS = [5, 5, 5, 4, 4, 3, 1] + [5] * 16


@pytest.fixture
def rated(stack, running):
    """cafe-uno with 23 stored reviews, `#0` the oldest; the producer."""
    producer, consumer = running
    with producer.client() as client:
        client.post_batch(
            [
                {"vendor_id": "cafe-uno", "author": "Ada", "rating": rating, "title": f"#{number}"}
                for number, rating in enumerate(RATINGS)
            ]
        )
    stack.wait_until_caught_up()
    return producer


def titles(tab):
    return tab.page.locator("#vendor article h3").all_inner_texts()


def test_a_vendor_is_found_by_its_id(rated, visit):
    tab = visit(rated)

    tab.page.get_by_label("Find a vendor by its id").fill("cafe-uno")
    tab.page.get_by_role("button", name="Find").click()

    heading = tab.page.get_by_role("heading", name="cafe-uno", level=1)
    expect(heading).to_be_focused()
    expect(tab.page).to_have_url(f"{tab.origin}/?vendor=cafe-uno")
    expect(tab.page).to_have_title("cafe-uno · reviews")
    summary = tab.page.locator("#vendor .summary")
    mean = sum(RATINGS) / len(RATINGS)
    expect(summary).to_contain_text(f"{mean:.2f} of 5, from 23 reviews")
    expect(summary.get_by_role("img")).to_have_attribute("aria-label", f"{mean:.1f} out of 5 stars")
    assert summary.locator(".bar-count").all_inner_texts() == ["19", "2", "1", "0", "1"]

    tab.page.go_back()
    expect(tab.page.get_by_role("heading", name="Your review")).to_be_visible()


def test_reviews_come_newest_first_and_page_by_page(rated, visit):
    tab = visit(rated, "/?vendor=cafe-uno")
    expect(tab.page.locator("#vendor article")).to_have_count(10)

    for count in (20, 23):
        tab.page.get_by_role("button", name="More reviews").click()
        expect(tab.page.locator("#vendor article")).to_have_count(count)
    expect(tab.page.locator("#vendor li").nth(20 + 5)).to_be_focused()  # five are the histogram's
    expect(tab.page.get_by_role("button", name="More reviews")).to_be_hidden()
    assert sorted(titles(tab)) == sorted(f"#{number}" for number in range(23))
    assert titles(tab)[0] == "#22"


def test_a_new_review_joins_the_vendors_page_by_itself(rated, visit):
    tab = visit(rated, "/?vendor=cafe-uno")
    expect(tab.page.locator("#vendor article")).to_have_count(10)
    expect(tab.connection).to_have_text("Live")

    with rated.client() as client:
        assert client.post({"vendor_id": "cafe-uno", "author": "Bea", "rating": 2, "title": "new"}).status == 202

    expect(tab.page.locator("#vendor article").first).to_contain_text("new")
    expect(tab.page.locator("#vendor .summary")).to_contain_text("from 24 reviews")
    expect(tab.page.locator("#vendor .said")).to_have_text("New: 2 of 5 by Bea.")


def test_a_vendor_that_nobody_reviewed_invites_one(rated, visit):
    tab = visit(rated, "/?vendor=nobody-yet")
    expect(tab.page.locator("#vendor .said")).to_have_text("Nobody has reviewed this vendor yet. Be the first.")
    expect(tab.page.locator("#vendor .summary")).to_have_text("No stars yet.")

    tab.page.get_by_role("link", name="Write a review").click()
    expect(tab.page.get_by_label("Vendor id")).to_have_value("nobody-yet")
    expect(tab.page.get_by_label("Vendor id")).to_be_focused()
    tab.fill(author="Ada", stars=4)
    tab.send()
    tab.expect_stored()
    tab.result.get_by_role("link", name="nobody-yet").click()
    expect(tab.page.locator("#vendor .summary")).to_contain_text("from 1 review")


def test_what_is_no_id_is_told(rated, visit):
    tab = visit(rated)
    tab.expect_failures("422")

    tab.go("/?vendor=" + "%C3%A9" * 3)

    expect(tab.page.locator("#vendor .said")).to_contain_text("That is no vendor id")
    expect(tab.page.get_by_role("link", name="Write a review")).to_have_count(0)


@pytest.mark.parametrize("vendor", [".", ".."])
def test_an_id_that_no_address_can_hold_is_told(rated, visit, vendor):
    tab = visit(rated, f"/?vendor={vendor}")

    expect(tab.page.locator("#vendor .said")).to_contain_text("An address cannot hold this id")
    expect(tab.page.get_by_role("link", name="Write a review")).to_have_count(0)


def test_a_long_review_is_whole_on_the_vendors_page(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.write(text="long\n" * 40 + "the end")
    tab.expect_stored()

    is_cut = "text => text.scrollHeight > text.clientHeight"
    assert tab.page.locator("#feed .text").evaluate(is_cut)
    tab.go("/?vendor=cafe-uno")
    expect(tab.page.locator("#vendor .text")).to_contain_text("the end")
    assert not tab.page.locator("#vendor .text").evaluate(is_cut)


def test_text_runs_as_its_script_does(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.write(author="מרים", title="שלום", text="مرحبا")
    tab.expect_stored()

    tab.go("/?vendor=cafe-uno")
    direction = "element => getComputedStyle(element).direction"
    for part in ("h3", ".text", ".by b"):
        assert tab.page.locator(f"#vendor article {part}").evaluate(direction) == "rtl"
    assert tab.page.locator("#vendor article .by").evaluate(direction) == "ltr"
