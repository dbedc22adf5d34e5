#define CAF_SUITE files

#include "tests/config/config_fixture.hpp"

#include "config/options.hpp"
#include "config/reading.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace reviews;
using namespace reviews::config;

namespace {

void check_file(program of, const std::string& path) {
  const auto read = read_file(of, path);
  std::set<std::string> set;
  for (const auto& each : read.assignments) {
    CAF_MESSAGE(each.key());
    CAF_CHECK(each.to == each.what->get(default_settings(of)));
    set.insert(each.key());
  }
  for (const auto* what : options_of(of)) {
    CAF_MESSAGE(what->key);
    CAF_CHECK(what->takes.type == kind::entries || set.count(what->key) == 1);
  }
  CAF_CHECK(read.mistakes.empty());
}

} // namespace

CAF_TEST(the shipped files hold every key with its default) {
  check_file(program::producer, "config/producer.toml");
  check_file(program::consumer, "config/consumer.toml");
}

// After a change of the table: reviews-producer --print-config | sed 's/ # default$//' > config/producer.toml
CAF_TEST(the shipped files are what the table prints) {
  CAF_CHECK(content_of("config/producer.toml") == effective_toml(producer_settings{}));
  CAF_CHECK(content_of("config/consumer.toml") == effective_toml(consumer_settings{}));
}

CAF_TEST(the shipped files are good to run with) {
  CAF_CHECK(producer_of({"--config", "config/producer.toml"}).settings.has_value());
  CAF_CHECK(consumer_of({"--config", "config/consumer.toml"}).settings.has_value());
}
