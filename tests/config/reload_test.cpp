#define CAF_SUITE reload

#include "config/reload.hpp"

#include "tests/config/config_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;

CAF_TEST(hot keys are taken over and cold ones stay as they run) {
  const auto running = consumer_of({"--pool.writers", "2", "--log.format", "json"});
  const auto read = consumer_of({"--pool.writers", "5", "--log.format", "text"});

  const auto result = take_over(running, read);

  CAF_REQUIRE(result.in_force.settings);
  CAF_CHECK_EQUAL(result.in_force.settings->writers, 5u);
  CAF_CHECK(result.in_force.settings->log.format == log::format::json);
  CAF_REQUIRE_EQUAL(result.changes.size(), 2u);
  CAF_CHECK_EQUAL(result.changes[0].key, "pool.writers");
  CAF_CHECK(result.changes[0].hot);
  CAF_CHECK_EQUAL(result.changes[1].key, "log.format");
  CAF_CHECK(!result.changes[1].hot);
}

CAF_TEST(what is shown is what is in force with its source) {
  const auto running = consumer_of({"--log.format", "json"}, {{"REVIEWS_POOL_WRITERS", "3"}});
  temporary_file file("[pool]\nwriters = 4\n[log]\nformat = \"text\"\n");

  const auto text = take_over(running, consumer_of({"--config", file.path()})).in_force.effective_toml;

  CAF_CHECK(holds(text, "writers = 4 # file " + file.path() + ":2:1\n"));
  CAF_CHECK(holds(text, "format = \"json\" # command line --log.format\n"));
}

CAF_TEST(a key that is back at its default has no source) {
  const auto running = producer_of({"--http.rate-limit", "7"});

  const auto result = take_over(running, producer_of({}));

  CAF_CHECK_EQUAL(result.in_force.settings->http.rate_limit, 0.0);
  CAF_CHECK(holds(result.in_force.effective_toml, "rate-limit = 0.0 # default\n"));
}

CAF_TEST(a configuration with mistakes changes nothing and tells them all) {
  const auto running = producer_of({});

  const auto result = take_over(running, producer_of({"--pool.publishers", "0", "--http.port", "x"}));

  CAF_CHECK(!result.in_force.settings);
  CAF_CHECK(holds(result.in_force.text, "pool.publishers"));
  CAF_CHECK(holds(result.in_force.text, "http.port"));
}

CAF_TEST(what goes together in the file must go together with what needs a restart) {
  const auto running = producer_of({});
  const std::vector<std::string> smaller{"--http.batch-reviews-max", "100",
                                         "--backpressure.in-flight-reviews-max", "100"};
  CAF_REQUIRE(producer_of(smaller).settings);

  const auto result = take_over(running, producer_of(smaller));

  CAF_CHECK(!result.in_force.settings);
  CAF_CHECK(holds(result.in_force.text, "backpressure.in-flight-reviews-max: expected at least"));
}

CAF_TEST(a cold key is named at every reload until the restart) {
  const auto first = take_over(producer_of({}), producer_of({"--http.port", "81"}));

  const auto second = take_over(first.in_force, producer_of({"--http.port", "81"}));

  CAF_REQUIRE_EQUAL(second.changes.size(), 1u);
  CAF_CHECK_EQUAL(second.changes[0].key, "http.port");
}

CAF_TEST(limits of the kafka client follow the start) {
  const auto running = consumer_of({});
  const auto before = running.settings->kafka.partition_records_max;

  const auto result = take_over(running, consumer_of({"--backpressure.partition-records-max", "50000"}));

  CAF_CHECK_EQUAL(result.in_force.settings->backpressure.records_max, 50'000u);
  CAF_CHECK_EQUAL(result.in_force.settings->kafka.partition_records_max, before);
}
