#define CAF_SUITE log_source

#include "kafka/log_source.hpp"

#include "kafka/producer.hpp"
#include "tests/kafka/mock_cluster.hpp"

#include "caf/test/unit_test.hpp"

#include <numeric>

using namespace reviews;
using namespace reviews::kafka;
using namespace std::chrono_literals;

namespace {

struct fixture {
  mock_cluster cluster;
  kafka_params params = cluster.params();
  log_source_ptr uut = make_log_source_factory(params, params.topic)();

  fixture() { cluster.create_topic(params.topic, 4); }

  void fill(std::size_t count) {
    auto producer = make_producer_factory(params, params.topic)();
    CAF_REQUIRE(producer);
    for (std::size_t i = 0; i < count; ++i)
      CAF_REQUIRE((*producer)->produce(record{"vendor-" + std::to_string(i % 50), "text", {}}, i));
    std::vector<delivery> deliveries;
    CAF_REQUIRE(eventually([&] {
      (*producer)->take_deliveries(deliveries);
      return deliveries.size() == count;
    }));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(log_source_tests, fixture)

CAF_TEST(a look tells ends and homes of every partition) {
  fill(100);

  const auto seen = uut->look(10s);

  CAF_REQUIRE(seen);
  CAF_REQUIRE_EQUAL(seen->size(), 4u);
  std::int64_t sum = 0;
  for (const auto& each : *seen) {
    CAF_CHECK_EQUAL(each.begin, 0);
    CAF_CHECK_EQUAL(each.leader, 1);
    CAF_CHECK(each.replicas == std::vector<std::int32_t>{1});
    CAF_CHECK(each.in_sync == std::vector<std::int32_t>{1});
    sum += each.end;
  }
  CAF_CHECK_EQUAL(sum, 100);
}

CAF_TEST(the next look sees what was written meanwhile) {
  CAF_REQUIRE(uut->look(10s));
  fill(10);

  const auto seen = uut->look(10s);

  CAF_REQUIRE(seen);
  CAF_CHECK_EQUAL(std::accumulate(seen->begin(), seen->end(), std::int64_t{0},
                                  [](std::int64_t sum, const auto& each) { return sum + each.end; }),
                  10);
}

CAF_TEST(a partition without a leader keeps its last figures and hides no other) {
  fill(100);
  const auto before = uut->look(10s);
  CAF_REQUIRE(before);
  cluster.set_leader(params.topic, 2, -1);

  const auto lost = uut->look(10s);

  CAF_REQUIRE(lost);
  CAF_REQUIRE_EQUAL(lost->size(), 4u);
  CAF_CHECK_EQUAL((*lost)[2].leader, -1);
  CAF_CHECK_EQUAL((*lost)[2].end, (*before)[2].end);
  CAF_CHECK_EQUAL((*lost)[0].leader, 1);
  cluster.set_leader(params.topic, 2, 1);
  CAF_CHECK(eventually([&] {
    const auto again = uut->look(10s);
    return again && (*again)[2].leader == 1;
  }));
}

CAF_TEST(a leader that does not answer keeps the ends of others up to date) {
  mock_cluster two(2);
  two.create_topic(params.topic, 2);
  two.set_leader(params.topic, 0, 1);
  two.set_leader(params.topic, 1, 2);
  uut = make_log_source_factory(two.params(), params.topic)();
  CAF_REQUIRE(eventually([&] {
    const auto all = uut->look(10s);
    return all && (*all)[0].leader == 1 && (*all)[1].leader == 2;
  }));
  two.set_rtt(60s, 1);

  CAF_CHECK(eventually([&] {
    const auto seen = uut->look(2s);
    return seen && (*seen)[0].leader == -1 && (*seen)[1].leader == 2;
  }));
}

CAF_TEST(brokers that are away are unavailable in time and seen again when they are back) {
  CAF_REQUIRE(uut->look(10s));
  cluster.set_down();
  const auto began = std::chrono::steady_clock::now();

  const auto lost = uut->look(500ms);

  CAF_REQUIRE(!lost);
  CAF_CHECK(lost.error().code == ec::unavailable);
  CAF_CHECK(std::chrono::steady_clock::now() - began < 5s);
  cluster.set_up();
  CAF_CHECK(eventually([&] { return uut->look(2s).has_value(); }));
}

CAF_TEST_FIXTURE_SCOPE_END()
