"""From the form to the row: what the page says is what Kafka and Postgres say."""

import json
import re

from playwright.sync_api import expect
from support.waiting import wait_until


def test_the_journey_tells_the_numbers_of_kafka_and_postgres(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()

    tab.write()
    tab.expect_stored()

    facts = tab.facts()
    (record,) = stack.topic.read()
    row = stack.database.review(facts["review_id"])
    assert json.loads(record.value)["review_id"] == facts["review_id"]
    assert (int(facts["partition"]), int(facts["offset"])) == (record.partition, record.offset)
    assert (row["topic_partition"], row["topic_offset"]) == (record.partition, record.offset)
    assert (row["vendor_id"], row["author"], row["rating"]) == ("cafe-uno", "Ada", 5)
    assert (row["title"], row["text"]) == ("Très bon", "great ☕")
    stored = stack.database.next_offsets(stack.group_id, stack.topic_name)
    assert int(facts["next_offset"]) == stored[record.partition] == record.offset + 1
    assert (facts["from_offset"], facts["last_offset"], facts["rows"]) == ("0", "0", "1")
    assert facts["consumer"] == f"{stack.group_id}-one"
    assert re.fullmatch(r"consumer-\d+", facts["actor"])
    assert re.fullmatch(r"writer-\d+", facts["writer"])
    math = tab.math()
    assert math["bytes"] == "c63a61f66e65-2du75n6eo6f"
    assert math["murmur2"] == "0x6c888e89 = 1820888713"
    assert math["remainder"] == f"1820888713 mod 6 = {record.partition}"
    expect(tab.journey.get_by_text(f"Kafka’s answer says the same: partition {record.partition}.")).to_be_visible()
    wait_until(lambda: tab.lane(record.partition) == {"end": 1, "stored": 1, "lag": 0}, 10, "the lane")
    expect(tab.page.locator("#lanes .cell[data-mine]")).to_have_count(1)
    for other in set(range(6)) - {record.partition}:
        assert tab.lane(other) == {"end": 0, "stored": 0, "lag": 0}


def test_a_negative_hash_finds_the_same_partition(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()

    tab.write(vendor="foobar")
    tab.expect_stored()

    assert tab.math()["sign bit off"] == "-790332482 & 0x7fffffff = 1357151166"
    (record,) = stack.topic.read()
    assert record.partition == 1357151166 % 6 == int(tab.facts()["partition"])


def test_errors_stand_beside_their_fields(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.expect_failures("422")

    tab.fill(title="t" * 121)
    tab.send()

    expect(tab.error_of("vendor_id")).to_contain_text("1 to 64 characters of A-Z a-z 0-9 . _ -")
    expect(tab.error_of("author")).to_contain_text("Expected a string of 1 to 80 characters")
    expect(tab.error_of("rating")).to_contain_text("Give one to five stars. Expected an integer from 1 to 5")
    expect(tab.error_of("title")).to_contain_text("0 to 120 characters, got 121")
    expect(tab.error_of("text")).to_be_hidden()
    expect(tab.result).to_have_text("Not sent: 4 fields need another look.")
    expect(tab.page.get_by_label("Vendor id")).to_be_focused()
    expect(tab.page.get_by_label("Vendor id")).to_have_attribute("aria-invalid", "true")
    expect(tab.page.locator("#title-count")).to_have_text("121 of 120")

    tab.fill(vendor="cafe-uno")
    expect(tab.error_of("vendor_id")).to_be_hidden()
    tab.write()
    tab.expect_stored()
    assert stack.database.review_count() == 1


def test_characters_are_counted_as_the_server_counts_them(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)

    tab.fill(title="👩‍🚀😀")
    expect(tab.page.locator("#title-count")).to_have_text("4 of 120")

    tab.write(author="😀" * 80, text="é" * 4000)
    tab.expect_stored()
    assert stack.database.reviews_of("cafe-uno")[0]["author"] == "😀" * 80


def test_script_in_a_review_is_shown_as_text(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    author = "<img src=x onerror=document.title='taken'>"
    text = "<script>document.title='taken'</script> & <b>bold</b>"

    tab.write(author=author, text=text, title="<i>title</i>")
    tab.expect_stored()

    for place, path in (("#feed", None), ("#vendor", "/?vendor=cafe-uno")):
        if path:
            tab.go(path)
        article = tab.page.locator(f"{place} article")
        expect(article.locator(".text")).to_have_text(text)
        expect(article.locator("h3")).to_have_text("<i>title</i>")
        expect(article.locator(".by b")).to_have_text(author)
        assert article.locator("img, script, i, .text b").count() == 0
    assert tab.page.title() == "cafe-uno · reviews"


def test_a_retry_after_a_lost_answer_stores_once(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.expect_failures("ERR_FAILED")
    keys = []

    def lose_the_first_answer(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    tab.page.route("**/v1/reviews", lose_the_first_answer)
    tab.write()
    tab.expect_stored()

    assert len(keys) == 2 and keys[0] == keys[1]
    (row,) = stack.database.reviews_of("cafe-uno")
    records = stack.topic.read()
    assert [json.loads(record.value)["review_id"] for record in records] == [row["review_id"]] * 2
    assert stack.database.rating("cafe-uno")["rating_count"] == 1
    assert tab.facts()["review_id"] == row["review_id"]


def test_a_reload_in_doubt_keeps_the_key(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.expect_failures("ERR_FAILED")
    tab.page.route("**/v1/reviews", lambda route: (route.fetch(), route.abort()))
    tab.write()
    expect(tab.result).to_contain_text("No answer came (try 1)")

    tab.page.unroute("**/v1/reviews")
    tab.page.reload()
    expect(tab.result).to_contain_text("its key is kept")
    tab.send()
    tab.expect_stored()

    assert len(stack.database.reviews_of("cafe-uno")) == 1


def test_the_journey_is_still_there_after_a_look_at_the_lessons(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.write()
    tab.expect_stored()
    facts, said = tab.facts(), tab.page.locator("#journey-said").inner_text()

    tab.page.get_by_role("link", name="The lesson says how").click()
    expect(tab.page.get_by_role("heading", name="Nobody misses a consumer")).to_be_visible()
    tab.page.get_by_role("link", name="Write", exact=True).click()

    tab.wait_until_live()
    tab.expect_stored()
    assert (tab.facts(), tab.page.locator("#journey-said").inner_text()) == (facts, said)


def test_a_browser_that_keeps_nothing_can_post(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    tab.go()

    tab.wait_until_live()
    tab.write()
    tab.expect_stored()


def test_a_consumer_that_is_slow_is_told_before_the_server_gives_up(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    waits = []
    tab.page.on("request", lambda request: waits.append(request.headers.get("prefer")))

    consumer.kill()
    tab.write()

    expect(tab.journey).to_have_attribute("data-state", "waiting", timeout=4_000)
    assert "wait=2" in waits
    consumer.start()
    tab.expect_stored()
    expect(tab.page.locator("#journey-said")).to_contain_text("after the producer took it in. Nothing was lost.")


def test_a_busy_server_is_asked_again_when_it_says(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.expect_failures("503")
    tries = []

    def busy_once(route):
        tries.append(route.request.headers["idempotency-key"])
        if len(tries) == 1:
            return route.fulfill(
                status=503,
                headers={"retry-after": "1", "content-type": "application/problem+json"},
                body='{"title":"Overloaded","status":503}',
            )
        return route.continue_()

    tab.page.route("**/v1/reviews", busy_once)
    tab.write()
    expect(tab.result).to_contain_text("The server asks for a moment")
    tab.expect_stored()

    assert len(tries) == 2 and tries[0] == tries[1]
    assert stack.database.review_count() == 1


def test_from_load_to_a_stored_review_by_keyboard_alone(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    keyboard = tab.page.keyboard

    keyboard.press("Tab")
    expect(tab.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(tab.page.get_by_role("button", name="Fill in an example")).to_be_focused()
    keyboard.press("Tab")
    keyboard.type("cafe-uno")
    keyboard.press("Tab")
    keyboard.press("Space")
    for _ in range(3):
        keyboard.press("ArrowRight")
    expect(tab.page.get_by_role("radio", name="4 stars")).to_be_checked()
    keyboard.press("Tab")
    keyboard.type("Grace")
    keyboard.press("Tab")
    keyboard.type("By keys")
    keyboard.press("Tab")
    keyboard.type("No mouse was harmed.")
    keyboard.press("Tab")
    expect(tab.page.get_by_role("button", name="Send review")).to_be_focused()
    keyboard.press("Enter")
    tab.expect_stored()

    (row,) = stack.database.reviews_of("cafe-uno")
    assert (row["author"], row["rating"], row["title"]) == ("Grace", 4, "By keys")
    expect(tab.page.get_by_role("button", name="Send review")).to_be_focused()


def test_stars_by_touch(stack, running, visit):
    producer, consumer = running
    tab = visit(producer, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)

    tab.page.locator("#rating label").nth(2).tap()
    expect(tab.page.locator("#stars-said")).to_have_text("Good")
    tab.fill(vendor="cafe-uno", author="Ada")
    tab.page.get_by_role("button", name="Send review").tap()
    tab.expect_stored()

    assert stack.database.reviews_of("cafe-uno")[0]["rating"] == 3


def test_a_second_opinion_lands_behind_the_first(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.write()
    tab.expect_stored()
    first = tab.facts()

    tab.page.get_by_role("button", name="Fill in a second opinion").click()
    tab.send()
    expect(tab.journey.locator("[data-fact=offset]")).to_have_text("1")
    tab.expect_stored()

    second = tab.facts()
    assert (second["partition"], second["offset"], second["next_offset"]) == (first["partition"], "1", "2")
    assert [row["author"] for row in stack.database.reviews_of("cafe-uno")] == ["Ada", "Bea"]


def test_murmur2_has_the_known_answers(stack, visit):
    """Those of org.apache.kafka.common.utils.UtilsTest."""
    tab = visit(stack.started_producer())
    known = {
        "21": -973932308,
        "foobar": -790332482,
        "a-little-bit-long-string": -985981536,
        "a-little-bit-longer-string": -1486304829,
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
        "abc": 479470107,
    }

    hashes = tab.page.evaluate(
        """async (keys) => {
            const { bytes_of, murmur2 } = await import('/page/murmur2.js');
            return Object.fromEntries(keys.map((key) => [key, murmur2(bytes_of(key))]));
        }""",
        list(known),
    )

    assert hashes == known
