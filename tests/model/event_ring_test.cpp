#define CAF_SUITE event_ring

#include "actors/model/event_ring.hpp"

#include <thread>
#include <vector>

#include "caf/test/unit_test.hpp"

using namespace reviews;

namespace {

struct fixture {
  std::shared_ptr<event_ring> make(std::size_t events_max = 8, std::size_t bytes_max = 1'000'000,
                                   std::size_t listeners_max = 4) {
    return std::make_shared<event_ring>(events_max, bytes_max, listeners_max);
  }

  static void add(event_ring& to, std::int64_t offset) { to.add({0, offset}, text(offset)); }
  static std::string text(std::int64_t offset) { return "event " + std::to_string(offset) + "\n\n"; }

  std::string take(ring_listener& from) {
    std::string out;
    is_open = from.take(out, [this] { ++wakes; });
    return out;
  }

  int wakes = 0;
  bool is_open = true;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_ring_tests, fixture)

CAF_TEST(a new listener is told what comes from now on) {
  auto uut = make();
  add(*uut, 1);
  auto listener = uut->listen({});
  add(*uut, 2);
  add(*uut, 3);

  CAF_CHECK_EQUAL(take(*listener), text(2) + text(3));
  CAF_CHECK_EQUAL(take(*listener), "");
}

CAF_TEST(a listener that comes back goes on after the event it had last) {
  auto uut = make();
  for (int i = 1; i <= 4; ++i)
    add(*uut, i);

  CAF_CHECK_EQUAL(take(*uut->listen(event_id{0, 2})), text(3) + text(4));
  CAF_CHECK_EQUAL(take(*uut->listen(event_id{0, 4})), "");
}

CAF_TEST(an id that is not known starts at the newest) {
  auto uut = make(2);
  for (int i = 1; i <= 4; ++i)
    add(*uut, i);

  CAF_CHECK_EQUAL(take(*uut->listen(event_id{0, 1})), "");
  CAF_CHECK_EQUAL(take(*uut->listen(event_id{1, 3})), "");
}

CAF_TEST(a listener who was left behind jumps to the newest and is told how much it missed) {
  auto uut = make(4);
  auto listener = uut->listen({});
  for (int i = 1; i <= 9; ++i)
    add(*uut, i);

  CAF_CHECK_EQUAL(take(*listener), ": skipped 8 events\n\n" + text(9));
  add(*uut, 10);
  CAF_CHECK_EQUAL(take(*listener), text(10));
}

CAF_TEST(events and bytes are bounded and the newest is kept however large) {
  auto uut = make(3, 60);
  for (int i = 1; i <= 9; ++i)
    add(*uut, i);
  CAF_CHECK_EQUAL(uut->events(), 3u);

  uut->add({0, 10}, std::string(50, 'x'));
  CAF_CHECK_EQUAL(uut->events(), 2u);
  CAF_CHECK_LESS_OR_EQUAL(uut->bytes(), 60u);
  uut->add({0, 11}, std::string(500, 'x'));

  CAF_CHECK_EQUAL(uut->events(), 1u);
  CAF_CHECK_EQUAL(uut->bytes(), 500u);
}

CAF_TEST(one take is bounded and an event larger than that comes whole) {
  auto uut = make(100);
  auto listener = uut->listen({});
  const std::string large(ring_listener::take_bytes_max / 2 + 1, 'a');
  const std::string huge(3 * ring_listener::take_bytes_max, 'b');
  uut->add({0, 1}, large);
  uut->add({0, 2}, large);
  uut->add({0, 3}, huge);

  CAF_CHECK_EQUAL(take(*listener).size(), large.size());
  CAF_CHECK_EQUAL(take(*listener).size(), large.size());
  CAF_CHECK_EQUAL(take(*listener).size(), huge.size());
  CAF_CHECK_EQUAL(take(*listener).size(), 0u);
}

CAF_TEST(of the status only the newest is told and a newcomer is told at once) {
  auto uut = make();
  auto first = uut->listen({});
  uut->set_status("one\n\n");
  uut->set_status("two\n\n");

  CAF_CHECK_EQUAL(take(*first), "two\n\n");
  CAF_CHECK_EQUAL(take(*first), "");
  CAF_CHECK_EQUAL(take(*uut->listen({})), "two\n\n");
}

CAF_TEST(only who waits is woken and only once) {
  auto uut = make();
  auto waiting = uut->listen({});
  auto busy = uut->listen({});
  take(*waiting);
  take(*waiting);
  add(*uut, 1);

  uut->tell();
  uut->tell();

  CAF_CHECK_EQUAL(wakes, 1);
  CAF_CHECK_EQUAL(take(*waiting), text(1));
}

CAF_TEST(a listener that has left is not woken and makes room) {
  auto uut = make(8, 1'000, 1);
  auto listener = uut->listen({});
  take(*listener);
  CAF_CHECK(!uut->listen({}));
  CAF_CHECK_EQUAL(uut->listeners(), 1u);

  listener.reset();
  uut->tell();

  CAF_CHECK_EQUAL(wakes, 0);
  CAF_CHECK_EQUAL(uut->listeners(), 0u);
  CAF_CHECK(uut->listen({}));
}

CAF_TEST(a close wakes and ends all listeners and lets nobody in) {
  auto uut = make();
  auto listener = uut->listen({});
  take(*listener);

  uut->close();

  CAF_CHECK_EQUAL(wakes, 1);
  take(*listener);
  CAF_CHECK(!is_open);
  CAF_CHECK(uut->is_closed());
  CAF_CHECK(!uut->listen({}));
}

CAF_TEST(what was forgotten is not gone back to) {
  auto uut = make();
  add(*uut, 1);
  add(*uut, 2);
  uut->set_status("old\n\n");

  uut->clear();
  add(*uut, 7);

  CAF_CHECK_EQUAL(take(*uut->listen(event_id{0, 1})), "");
  CAF_CHECK_EQUAL(uut->events(), 1u);
}

CAF_TEST(listeners on threads of their own are told everything in order while events come) {
  auto uut = make(100'000, 100'000'000, 4);
  std::vector<std::string> heard(4);
  std::vector<std::thread> threads;
  std::string all;
  for (int i = 0; i < 5'000; ++i)
    all += text(i);
  for (auto& mine : heard)
    threads.emplace_back([&mine, &all, listener = uut->listen({})] {
      while (mine.size() < all.size()) {
        std::string out;
        if (!listener->take(out, [] {}))
          return;
        mine += out;
      }
    });
  for (int i = 0; i < 5'000; ++i) {
    add(*uut, i);
    uut->tell();
  }
  for (auto& each : threads)
    each.join();

  for (const auto& each : heard)
    CAF_CHECK(each == all);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(an id is read in its one form) {
  CAF_CHECK(parse_event_id("3-17") == (event_id{3, 17}));
  CAF_CHECK_EQUAL(to_string(event_id{3, 17}), "3-17");
  for (const auto* text : {"", "3", "3-", "-17", "3-17-", "3--17", "a-1", "1-a", " 3-17", "99999999999-1"})
    CAF_CHECK(!parse_event_id(text));
}
