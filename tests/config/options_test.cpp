#define CAF_SUITE options

#include "config/options.hpp"

#include "config/convert.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace reviews;
using namespace reviews::config;

namespace {

constexpr auto both = {program::producer, program::consumer};

/// The value as a file holds it.
written written_of(const option& what, const value& v) {
  if (const auto* integer = std::get_if<std::int64_t>(&v)) {
    if (what.takes.type == kind::duration)
      return {format_duration(*integer), ""};
    return {*integer, ""};
  }
  if (const auto* number = std::get_if<double>(&v))
    return {*number, ""};
  if (const auto* text = std::get_if<std::string>(&v))
    return {*text, ""};
  return {std::get<std::vector<std::string>>(v), ""};
}

/// Some value of the domain that is not `old`.
value another(const domain& of, const value& old) {
  switch (of.type) {
  case kind::count:
  case kind::bytes:
  case kind::duration: return std::get<std::int64_t>(old) == of.most ? of.least : of.most;
  case kind::number: return static_cast<double>(of.most);
  case kind::text: return std::string("other");
  case kind::choice:
    return of.choices.back() == std::get<std::string>(old) ? of.choices.front() : of.choices.back();
  case kind::list: return std::vector<std::string>{"*"};
  case kind::entries: return std::map<std::string, std::string>{{"a", "b"}};
  }
  return {};
}

} // namespace

CAF_TEST(every default lies within its range) {
  for (const auto of : both)
    for (const auto* what : options_of(of)) {
      CAF_MESSAGE(what->key);
      const auto standard = what->get(default_settings(of));
      if (what->takes.type == kind::entries)
        CAF_CHECK((std::get<std::map<std::string, std::string>>(standard).empty()));
      else
        CAF_CHECK(convert(what->takes, written_of(*what, standard)).value() == standard);
    }
}

CAF_TEST(each key has a member of its own) {
  for (const auto of : both)
    for (const auto* what : options_of(of)) {
      CAF_MESSAGE(what->key);
      auto settings = default_settings(of);
      const auto changed = another(what->takes, what->get(settings));
      what->set(settings, changed);
      for (const auto* other : options_of(of))
        CAF_CHECK((other->get(settings) == other->get(default_settings(of))) == (other != what));
      CAF_CHECK(what->get(settings) == changed);
    }
}

CAF_TEST(keys and variables are unique) {
  for (const auto of : both) {
    std::set<std::string> keys;
    std::set<std::string> names;
    for (const auto* what : options_of(of)) {
      CAF_CHECK(keys.insert(what->key).second);
      CAF_CHECK(names.insert(environment_name(what->key)).second);
      CAF_CHECK(!what->help.empty() && what->help.back() != '.');
    }
  }
}

CAF_TEST(the keys of a table stand together) {
  for (const auto of : both) {
    std::set<std::string> closed;
    std::string table;
    for (const auto* what : options_of(of))
      if (what->table() != table) {
        table = what->table();
        CAF_CHECK(closed.insert(table).second);
      }
  }
}

CAF_TEST(the names that outsiders rely on are there) {
  for (const auto* key : {"http.host",
                          "http.port",
                          "http.connections-max",
                          "http.body-bytes-max",
                          "http.batch-bytes-max",
                          "http.batch-reviews-max",
                          "http.header-timeout",
                          "http.body-timeout",
                          "http.idle-timeout",
                          "http.request-timeout",
                          "http.cors-allowed-origins",
                          "management.host",
                          "management.port",
                          "kafka.bootstrap-servers",
                          "kafka.topic",
                          "kafka.group-id",
                          "kafka.producer",
                          "database.url",
                          "database.connect-timeout",
                          "database.statement-timeout",
                          "pool.publishers",
                          "pool.readers",
                          "scheduler.threads",
                          "backpressure.in-flight-reviews-max",
                          "backpressure.in-flight-bytes-max",
                          "backpressure.reads-in-flight-max",
                          "supervision.backoff-min",
                          "supervision.backoff-max",
                          "supervision.restarts-max",
                          "supervision.restarts-period",
                          "shutdown.drain-timeout",
                          "log.level",
                          "log.format"})
    CAF_CHECK(find_option(program::producer, key) != nullptr);
  for (const auto* key : {"management.host",
                          "management.port",
                          "kafka.bootstrap-servers",
                          "kafka.topic",
                          "kafka.dlq-topic",
                          "kafka.group-id",
                          "kafka.group-instance-id",
                          "kafka.producer",
                          "kafka.consumer",
                          "database.url",
                          "database.connect-timeout",
                          "database.statement-timeout",
                          "pool.consumers",
                          "pool.writers",
                          "scheduler.threads",
                          "backpressure.partition-records-max",
                          "backpressure.partition-bytes-max",
                          "batch.records-max",
                          "batch.bytes-max",
                          "batch.linger",
                          "supervision.backoff-min",
                          "supervision.backoff-max",
                          "supervision.restarts-max",
                          "supervision.restarts-period",
                          "supervision.stuck-after",
                          "shutdown.drain-timeout",
                          "log.level",
                          "log.format"})
    CAF_CHECK(find_option(program::consumer, key) != nullptr);
  CAF_CHECK_EQUAL(environment_name("http.body-bytes-max"), "REVIEWS_HTTP_BODY_BYTES_MAX");
  CAF_CHECK_EQUAL(environment_name("kafka.bootstrap-servers"), "REVIEWS_KAFKA_BOOTSTRAP_SERVERS");
}

CAF_TEST(what may change while running is marked) {
  for (const auto* key : {"pool.consumers", "pool.writers", "batch.records-max", "batch.linger",
                          "backpressure.partition-records-max", "log.level"})
    CAF_CHECK(find_option(program::consumer, key)->when == effect::hot);
  for (const auto* key :
       {"http.rate-limit", "pool.publishers", "pool.readers", "backpressure.in-flight-reviews-max",
        "backpressure.reads-in-flight-max", "log.level"})
    CAF_CHECK(find_option(program::producer, key)->when == effect::hot);
  for (const auto* key : {"http.port", "kafka.topic", "database.url", "scheduler.threads", "log.format"})
    CAF_CHECK(find_option(program::producer, key)->when == effect::cold);
}

CAF_TEST(an unknown key is answered with what was probably meant) {
  CAF_CHECK_EQUAL(
      unknown_key(program::producer, "http.body-byte-max"),
      "http.body-byte-max: expected a known key of reviews-producer, did you mean body-bytes-max?");
  CAF_CHECK_EQUAL(unknown_key(program::producer, "htpp"),
                  "htpp: expected a known key of reviews-producer, did you mean http?");
  CAF_CHECK_EQUAL(unknown_key(program::producer, "pool.writers"),
                  "pool.writers: expected a known key of reviews-producer, got one of reviews-consumer");
  CAF_CHECK_EQUAL(unknown_key(program::consumer, "nonsense.at-all"),
                  "nonsense.at-all: expected a known key of reviews-consumer");
}
