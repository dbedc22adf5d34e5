#define CAF_SUITE load

#include "tests/config/config_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace std::chrono_literals;

CAF_TEST(of two files the later one wins and the rest of the first stays) {
  temporary_file first("[http]\nport = 1\nhost = \"::1\"\n");
  temporary_file second("[http]\nport = 2\n");

  const auto loaded = producer_of({"--config", first.path(), "--config", second.path()});

  CAF_REQUIRE(loaded.settings);
  CAF_CHECK_EQUAL(loaded.settings->http.port, 2);
  CAF_CHECK_EQUAL(loaded.settings->http.host, "::1");
}

CAF_TEST(without any source the defaults hold) {
  const auto producer = producer_of({});
  const auto consumer = consumer_of({});

  CAF_REQUIRE(producer.settings && consumer.settings);
  CAF_CHECK_EQUAL(producer.settings->http.port, 8080);
  CAF_CHECK_EQUAL(producer.settings->http.body_bytes_max, 65'536u);
  CAF_CHECK_EQUAL(producer.settings->management.port, 8081);
  CAF_CHECK_EQUAL(consumer.settings->management.port, 8082);
  CAF_CHECK(producer.warnings.empty() && consumer.warnings.empty());
}

CAF_TEST(the command line beats the environment which beats the file) {
  temporary_file file("[http]\nport = 1\nidle-timeout = \"1s\"\nbody-timeout = \"1s\"\n");
  const variables environment{{"REVIEWS_HTTP_PORT", "2"}, {"REVIEWS_HTTP_IDLE_TIMEOUT", "2s"}};

  const auto loaded = producer_of({"--http.port", "3", "--config", file.path()}, environment);

  CAF_REQUIRE(loaded.settings);
  CAF_CHECK_EQUAL(loaded.settings->http.port, 3);
  CAF_CHECK(loaded.settings->http.idle_timeout == 2s);
  CAF_CHECK(loaded.settings->http.body_timeout == 1s);
  CAF_CHECK(loaded.settings->http.header_timeout == 10s);
}

CAF_TEST(entries of one table come from all sources) {
  temporary_file file("[kafka.producer]\n\"linger.ms\" = 1\nbatch.size = 2\ncompression.type = \"lz4\"\n"
                      "socket.keepalive.enable = true\n");
  const variables environment{{"REVIEWS_KAFKA_PRODUCER_LINGER_MS", "3"},
                              {"REVIEWS_KAFKA_PRODUCER_BATCH_SIZE", "4"}};

  const auto loaded = producer_of(
      {"--config", file.path(), "--kafka.producer", "linger.ms=5", "--kafka.producer", "client.id=a=b"},
      environment);

  CAF_REQUIRE(loaded.settings);
  CAF_CHECK((loaded.settings->kafka.producer ==
             std::map<std::string, std::string>{{"linger.ms", "5"},
                                                {"batch.size", "4"},
                                                {"compression.type", "lz4"},
                                                {"socket.keepalive.enable", "true"},
                                                {"client.id", "a=b"}}));
}

CAF_TEST(every kind of value reaches its member) {
  const auto producer = producer_of(
      {"--http.rate-limit", "2.5", "--http.cors-allowed-origins", "https://a.org,*", "--log.level=warning",
       "--log.format", "text", "--supervision.restarts-period", "2m", "--http.host", "::1",
       "--backpressure.in-flight-bytes-max", "64MiB", "--pool.publishers", "2"});
  const auto consumer =
      consumer_of({"--database.url", "host=h", "--backpressure.partition-records-max", "5000",
                   "--backpressure.partition-bytes-max", "16MiB", "--batch.linger", "0s"});

  CAF_REQUIRE(producer.settings && consumer.settings);
  CAF_CHECK_EQUAL(producer.settings->http.rate_limit, 2.5);
  CAF_CHECK((producer.settings->http.cors_allowed_origins == std::vector<std::string>{"https://a.org", "*"}));
  CAF_CHECK(producer.settings->log.level == log::level::warning);
  CAF_CHECK(producer.settings->log.format == log::format::text);
  CAF_CHECK(producer.settings->supervision.restarts_period == 120s);
  CAF_CHECK_EQUAL(producer.settings->http.host, "::1");
  CAF_CHECK_EQUAL(producer.settings->publishers, 2u);
  CAF_CHECK_EQUAL(consumer.settings->database.url, "host=h");
  CAF_CHECK(consumer.settings->batch.linger == 0ms);
  CAF_CHECK_EQUAL(consumer.settings->kafka.partition_records_max, 5'000u);
  CAF_CHECK_EQUAL(consumer.settings->kafka.partition_bytes_max, 16u << 20);
}

CAF_TEST(every level and format of the log is taken by its name) {
  const std::map<std::string, log::level> levels{{"debug", log::level::debug},
                                                 {"info", log::level::info},
                                                 {"warning", log::level::warning},
                                                 {"error", log::level::error}};
  for (const auto& [name, level] : levels)
    CAF_CHECK(producer_of({"--log.level", name}).settings->log.level == level);
  CAF_CHECK(producer_of({"--log.format", "json"}).settings->log.format == log::format::json);
}

CAF_TEST(help and version end with 0 and need no good configuration) {
  const auto help = producer_of({"--help", "--http.port", "x"});
  const auto version = consumer_of({"--version"});

  CAF_CHECK(!help.settings && !version.settings);
  CAF_CHECK_EQUAL(help.exit_status, 0);
  CAF_CHECK(holds(help.text, "--http.body-bytes-max SIZE"));
  CAF_CHECK(holds(help.text, "64KiB"));
  CAF_CHECK(!holds(help.text, "--kafka.dlq-topic"));
  CAF_CHECK_EQUAL(version.exit_status, 0);
  CAF_CHECK_EQUAL(version.text, "reviews-consumer " REVIEWS_VERSION "\n");
}

CAF_TEST(a good configuration that is only checked ends with 0) {
  const auto checked = producer_of({"--check-config"}, {{"REVIEWS_OTHER_PORT", "tcp://10.0.0.1:80"}});

  CAF_CHECK(!checked.settings);
  CAF_CHECK_EQUAL(checked.exit_status, 0);
  CAF_CHECK_EQUAL(checked.text,
                  "warning: environment REVIEWS_OTHER_PORT: expected the name of a key, ignored\n"
                  "The configuration has no mistakes.\n");
}

CAF_TEST(unknown variables are a warning and those of the other program nothing) {
  const auto loaded = producer_of(
      {}, {{"REVIEWS_NOTHING", "1"}, {"REVIEWS_DATABASE_URL", "x"}, {"REVIEWS_KAFKA_PRODUCER_", "x"}});

  CAF_CHECK(loaded.settings.has_value());
  CAF_CHECK(
      (loaded.warnings ==
       std::vector<std::string>{"environment REVIEWS_KAFKA_PRODUCER_: expected the name of a key, ignored",
                                "environment REVIEWS_NOTHING: expected the name of a key, ignored"}));
}

CAF_TEST(the process environment holds our variables only) {
  setenv("REVIEWS_HTTP_PORT", "81=2", 1);
  setenv("UNRELATED_PORT", "1", 1);

  const auto found = process_environment();

  unsetenv("REVIEWS_HTTP_PORT");
  unsetenv("UNRELATED_PORT");
  CAF_CHECK_EQUAL(found.at("REVIEWS_HTTP_PORT"), "81=2");
  CAF_CHECK_EQUAL(found.count("UNRELATED_PORT"), 0u);
}

CAF_TEST(the differences between two configurations are named) {
  const auto before = *consumer_of({}).settings;
  const auto after =
      *consumer_of({"--pool.writers", "3", "--kafka.consumer", "a=b", "--log.level", "info"}).settings;

  const auto found = diff(before, after);

  CAF_REQUIRE_EQUAL(found.size(), 2u);
  CAF_CHECK_EQUAL(found[0].key, "kafka.consumer");
  CAF_CHECK(!found[0].hot);
  CAF_CHECK_EQUAL(found[1].key, "pool.writers");
  CAF_CHECK(found[1].hot);
  CAF_CHECK(diff(before, before).empty());
  CAF_CHECK(diff(producer_settings{}, producer_settings{}).empty());
}
