#define CAF_SUITE writer

#include "actors/writer.hpp"

#include "tests/fakes/fake_review_store.hpp"
#include "tests/fixtures/review_samples.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;

namespace {

struct fixture : actor_fixture {
  fixture() : uut(watch(sys.spawn(writer, make_fake_store_factory(database)))) {}

  write_batch make_batch(int count) {
    auto batch = std::make_shared<review_batch>();
    batch->partition = 0;
    batch->next_offset = count;
    for (int i = 0; i < count; ++i)
      batch->rows.add({view_of(make_sample_review(i)), i});
    return {batch};
  }

  std::shared_ptr<fake_database> database = std::make_shared<fake_database>();
  writer_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(writer_tests, fixture)

CAF_TEST(a stored batch is answered with its counts) {
  auto answer = ask_now<batch_written>(uut, make_batch(3));

  CAF_REQUIRE(answer && *answer);
  CAF_CHECK_EQUAL((*answer)->counts.inserted, 3u);
  CAF_CHECK_EQUAL(database->rows.size(), 3u);
}

CAF_TEST(an unreachable database is reported as unavailable and the actor lives on) {
  database->failures = {{ec::unavailable, "08006", {}}};

  auto failed = ask_now<batch_written>(uut, make_batch(3));
  auto answer = ask_now<batch_written>(uut, make_batch(3));

  CAF_REQUIRE(failed && !*failed);
  CAF_CHECK(failed->error().code == ec::unavailable);
  CAF_CHECK_EQUAL(failed->error().detail, "08006");
  CAF_CHECK(answer && *answer);
}

CAF_TEST(a broken store ends the actor after its answer) {
  database->failures = {{ec::broken, "XX000", {}}};
  self->monitor(uut);

  auto pending = self->request(uut, caf::infinite, make_batch(1));
  settle();

  pending.receive([](batch_written&) { CAF_FAIL("stored"); },
                  [](caf::error& why) { CAF_CHECK(to_failure(why).code == ec::broken); });
  self->receive([](const caf::down_msg& down) { CAF_CHECK(to_failure(down.reason).code == ec::broken); });
}

CAF_TEST(offsets are read after the batches asked for before) {
  self->send(uut, make_batch(3));

  auto answer = ask_now<offsets_read>(uut, read_offsets{{0, 1}});

  CAF_REQUIRE(answer && *answer);
  CAF_CHECK((*answer)->next_offsets[0] == 3);
  CAF_CHECK(!(*answer)->next_offsets[1]);
}

CAF_TEST(a drain is answered after the batches asked for before and takes nothing new) {
  auto batch = self->request(uut, caf::infinite, make_batch(3));
  auto drain_answer = self->request(uut, caf::infinite, drain{});
  auto late = self->request(uut, caf::infinite, make_batch(1));
  settle();

  CAF_CHECK(read<batch_written>(batch).has_value());
  CAF_CHECK(read<drained>(drain_answer).has_value());
  auto refused = read<batch_written>(late);
  CAF_REQUIRE(refused && !*refused);
  CAF_CHECK(refused->error().code == ec::unavailable);
  auto offsets = ask_now<offsets_read>(uut, read_offsets{{0}});
  CAF_REQUIRE(offsets && !*offsets);
  CAF_CHECK(offsets->error().code == ec::unavailable);
}

CAF_TEST_FIXTURE_SCOPE_END()
