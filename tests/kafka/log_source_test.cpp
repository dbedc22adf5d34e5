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
