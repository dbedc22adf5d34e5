"""What moves on the page without being asked: the feed, the lanes, the group, and the connection itself."""

import re

from playwright.sync_api import expect
from support.waiting import wait_until


def partition_of(stack, vendor):
    return stack.database.reviews_of(vendor)[0]["topic_partition"]


def test_a_review_appears_in_another_tab_once_it_is_stored(stack, running, visit):
    producer, consumer = running
    reader, writer = visit(producer), visit(producer)
    reader.wait_until_live()
    expect(reader.page.locator("#feed-empty")).to_be_visible()

    writer.write()
    writer.expect_stored()

    article = reader.page.locator("#feed article")
    expect(article).to_have_count(1)
    facts = writer.facts()
    expect(article.locator(".place")).to_have_text(f"partition {facts['partition']} · offset {facts['offset']}")
    expect(article.get_by_role("heading")).to_have_text("Très bon")
    expect(article.get_by_role("img", name="5 out of 5 stars")).to_be_visible()
    partition = int(facts["partition"])
    wait_until(lambda: reader.lane(partition) == {"end": 1, "stored": 1, "lag": 0}, 10, "the lane")
    expect(reader.page.locator("#lanes .cell[data-mine]")).to_have_count(0)


def test_a_review_waits_at_its_partition_until_a_consumer_comes_back(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    consumer.stop()
    expect(tab.page.locator("#lanes > [data-state=unassigned]")).to_have_count(6)
    expect(tab.page.locator("#changes")).to_contain_text("All partitions: nobody reads them now.")
    expect(tab.page.locator("#members")).to_contain_text("Nobody")

    tab.write()
    expect(tab.journey).to_have_attribute("data-state", "waiting")
    expect(tab.page.locator("#journey-said")).to_contain_text("No consumer reads that partition right now.")
    partition, offset = int(tab.facts()["partition"]), int(tab.facts()["offset"])
    assert [(each.partition, each.offset) for each in stack.topic.read()] == [(partition, offset)]
    wait_until(lambda: tab.lane(partition) == {"end": 1, "stored": 0, "lag": 1}, 10, "the lag")
    expect(tab.page.locator("#lanes .cell[data-mine][data-cell=waiting]")).to_have_count(1)

    tab.page.reload()
    expect(tab.journey).to_have_attribute("data-state", "waiting")

    consumer.start()
    tab.expect_stored()
    expect(tab.page.locator("#journey-said")).to_contain_text("Nothing was lost.")
    expect(tab.result).to_contain_text("Stored. Thank you.")
    wait_until(lambda: tab.lane(partition) == {"end": 1, "stored": 1, "lag": 0}, 10, "the lane")
    assert partition_of(stack, "cafe-uno") == partition


def test_only_new_records_arrive_on_a_lane(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    for count in range(1, 7):
        tab.write(title=f"#{count}")
        expect(tab.page.locator("#lanes .cell[data-mine]")).to_have_count(count)
    tab.page.reload()
    tab.wait_until_live()
    cells = tab.page.locator("#lanes [data-partition='1'] .cell:not([data-cell=next])")
    expect(cells).to_have_count(6)
    fresh = tab.page.locator("#lanes .cell.fresh")
    known = fresh.count()  # of an event that was a moment behind

    tab.page.set_viewport_size({"width": 800, "height": 900})
    tab.page.get_by_role("link", name="cafe-uno").first.click()
    tab.page.go_back()
    expect(cells).to_have_count(6)
    assert fresh.count() == known
    tab.write(title="#7")
    expect(fresh).to_have_count(known + 1)


def test_the_end_of_a_lane_is_in_sight_however_long_its_log(stack, visit):
    tab = visit(stack.started_producer())

    sights = tab.page.evaluate(
        """async () => {
            const { Track } = await import('/page/track.js');
            const sights = [];
            for (const width of [190, 413])
                for (const log_end of [0, 5, 36, 1747, 26096, 12345678]) {
                    const track = new Track();
                    track.element.style.width = `${width}px`;
                    document.body.append(track.element);
                    track.show({ partition: 0, log_start: 0, log_end, stored: log_end });
                    while (!track.element.querySelector('.cell:not([data-cell=next])') && log_end > 0)
                        await new Promise(requestAnimationFrame);
                    const next = track.element.querySelector('[data-cell=next]').getBoundingClientRect();
                    sights.push([width, log_end, next.right <= track.element.getBoundingClientRect().right]);
                }
            return sights;
        }"""
    )

    assert len(sights) == 12 and [sight for sight in sights if not sight[2]] == []


def test_a_second_consumer_takes_partitions_before_ones_eyes(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    expect(tab.page.locator("#members .member")).to_have_count(1)

    stack.started_consumer("two")

    expect(tab.page.locator("#members .member")).to_have_count(2, timeout=30_000)
    members = tab.page.locator("#members .member")
    expect(members.nth(1)).to_contain_text(f"{stack.group_id}-two")
    wait_until(lambda: [members.nth(i).locator(".token").count() for i in (0, 1)] == [3, 3], 30, "three each")
    expect(tab.page.locator("#changes")).to_contain_text(re.compile(r"joined the group"))
    expect(tab.page.locator("#changes")).to_contain_text(re.compile(r"(Rebalance: partitions|Partitions) [\d, and]+ (move|go) "))


def test_a_database_outage_is_told_and_reviews_wait(stack, running, visit, postgres):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.expect_failures("503")

    postgres.stop()
    try:
        expect(tab.page.locator("#changes")).to_contain_text("Postgres is out of reach.", timeout=30_000)
        tab.write()
        expect(tab.journey).to_have_attribute("data-state", "waiting", timeout=30_000)
        expect(tab.page.locator("#journey-said")).to_contain_text("Postgres is out of reach.")
        tab.page.get_by_role("searchbox").fill("cafe-uno")
        tab.page.keyboard.press("Enter")
        expect(tab.page.locator("#vendor")).to_contain_text("the database is away. Posting goes on")
    finally:
        postgres.start()
    expect(tab.page.locator("#vendor .summary")).to_contain_text("from 1 review", timeout=60_000)
    expect(tab.page.locator("#vendor .trouble")).to_have_count(0)
    tab.page.go_back()
    expect(tab.journey).to_have_attribute("data-state", "stored", timeout=60_000)


def test_offline_is_told_and_what_was_written_goes_out_afterwards(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.expect_failures("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    context = tab.page.context

    context.set_offline(True)
    expect(tab.connection).to_have_text("Offline")
    expect(tab.page.locator("#notice")).to_contain_text("You are offline.")
    tab.write()
    expect(tab.result).to_contain_text("Your review is kept here")
    assert stack.topic.read() == []

    context.set_offline(False)
    tab.expect_stored()
    expect(tab.connection).to_have_text("Live")
    expect(tab.page.locator("#notice")).to_be_hidden()
    assert len(stack.database.reviews_of("cafe-uno")) == 1


def test_a_lost_stream_is_told_and_found_again(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.expect_failures("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "503")

    producer.stop()
    expect(tab.connection).to_have_text("Connection lost, trying again")
    expect(tab.page.locator("#notice")).to_contain_text("No news from the server.")

    producer.start()
    expect(tab.connection).to_have_text("Live", timeout=40_000)
    tab.write()
    tab.expect_stored()


def test_an_attempt_that_hangs_is_given_up(stack, running, visit):
    producer, consumer = running
    tab = visit(producer)
    tab.wait_until_live()
    tab.expect_failures("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "503")
    attempts = []

    def answer_nothing_at_first(route):
        attempts.append(route)
        if len(attempts) > 1:
            route.continue_()

    tab.page.route("**/v1/events", answer_nothing_at_first)
    producer.stop()
    producer.start()

    expect(tab.connection).to_have_text("Live", timeout=40_000)
    assert len(attempts) == 2


def test_live_updates_can_be_paused(stack, running, visit):
    producer, consumer = running
    tab, writer = visit(producer), visit(producer)
    tab.wait_until_live()

    tab.page.get_by_role("button", name="Pause live updates").click()
    writer.write()
    writer.expect_stored()
    wait_until(lambda: writer.lane(int(writer.facts()["partition"]))["stored"] == 1, 10, "the lane of the other tab")
    assert tab.lane(int(writer.facts()["partition"]))["stored"] == 0
    expect(tab.page.locator("#feed article")).to_have_count(0)

    tab.page.get_by_role("button", name="Resume live updates").click()
    expect(tab.page.locator("#feed article")).to_have_count(1)
    wait_until(lambda: tab.lane(int(writer.facts()["partition"]))["stored"] == 1, 10, "the lane")
