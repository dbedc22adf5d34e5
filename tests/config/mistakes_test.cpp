#define CAF_SUITE mistakes

#include "tests/config/config_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;

namespace {

/// The mistake of a file with this content, without the file's path.
std::string mistake_in(const std::string& content) {
  temporary_file file(content);
  const auto text = producer_of({"--config", file.path()}).text;
  return holds(text, file.path()) ? text.substr(text.find(file.path()) + file.path().size()) : text;
}

} // namespace

CAF_TEST(all mistakes of all sources are named at once) {
  temporary_file file(
      "[log]\nlevel = \"loud\"\n[http]\nport = \"80x\"\n  body-byte-max = 1\n[htpp]\nport = 1\n"
      "[management]\nport = 65536\n");

  const auto loaded = producer_of({"--config", file.path(), "--http.port", "99999", "--http.prot", "1"},
                                  {{"REVIEWS_HTTP_PORT", "many"}});

  const auto at = file.path();
  CAF_CHECK(!loaded.settings);
  CAF_CHECK_EQUAL(loaded.exit_status, 78);
  CAF_CHECK_EQUAL(
      loaded.text,
      at + ":2:1: log.level: expected one of \"debug\", \"info\", \"warning\", \"error\", got \"loud\"\n" + //
          at + ":4:1: http.port: expected an integer from 0 to 65535, got \"80x\"\n" +                      //
          at +
          ":5:3: http.body-byte-max: expected a known key of reviews-producer, did you mean "
          "body-bytes-max?\n" +
          at + ":6:2: htpp: expected a known key of reviews-producer, did you mean http?\n" + //
          at + ":9:1: management.port: expected an integer from 0 to 65535, got 65536\n" +
          "environment REVIEWS_HTTP_PORT: expected an integer from 0 to 65535, got \"many\"\n"
          "command line --http.port: expected an integer from 0 to 65535, got \"99999\"\n"
          "command line --http.prot: expected a known key of reviews-producer, did you mean port?\n");
}

CAF_TEST(a value of the wrong type says what it got) {
  CAF_CHECK_EQUAL(mistake_in("http = 5"), ":1:1: http: expected a table, got 5\n");
  CAF_CHECK_EQUAL(mistake_in("[http.port]"),
                  ":1:7: http.port: expected an integer from 0 to 65535, got a table\n");
  CAF_CHECK_EQUAL(mistake_in("[http]\nport = true"),
                  ":2:1: http.port: expected an integer from 0 to 65535, got true\n");
  CAF_CHECK_EQUAL(mistake_in("[http]\nport = 2026-11-22"),
                  ":2:1: http.port: expected an integer from 0 to 65535, got a date or time\n");
  CAF_CHECK(
      holds(mistake_in("[http]\ncors-allowed-origins = [1]"), "got a list that holds more than strings"));
  CAF_CHECK(holds(mistake_in("[http]\ncors-allowed-origins = \"*\""), "got \"*\""));
  CAF_CHECK_EQUAL(mistake_in("\"http.port\" = 5"),
                  ":1:1: \"http.port\": expected a name in its table, got a quoted one with a dot\n");
}

CAF_TEST(a syntax error has its position) {
  CAF_CHECK(mistake_in("[http]\nport = = 5\n").rfind(":2:8: ", 0) == 0);
  CAF_CHECK(mistake_in("[http]\nport = 1\nport = 2\n").rfind(":3:", 0) == 0);
}

CAF_TEST(a file that cannot be read is a mistake) {
  const auto missing = producer_of({"--config", "/nonexistent/x.toml"});

  CAF_CHECK_EQUAL(missing.exit_status, 78);
  CAF_CHECK_EQUAL(missing.text,
                  "/nonexistent/x.toml: expected a readable file, got No such file or directory\n");
  CAF_CHECK(holds(producer_of({"--config", "/"}).text, "/: expected a readable file, got Is a directory"));
  CAF_CHECK(holds(mistake_in("# " + std::string(1 << 20, 'x')), "expected a file of up to 1 MiB"));
}

CAF_TEST(entries are checked by name and type) {
  CAF_CHECK(
      holds(mistake_in("[kafka.producer]\n\"linger ms\" = 5"),
            ":2:1: kafka.producer: expected a name of 1 to 128 of A-Z a-z 0-9 . _ -, got \"linger ms\""));
  CAF_CHECK(holds(mistake_in("[kafka.producer]\nlinger.ms = [5]"),
                  ":2:1: kafka.producer.linger.ms: expected a string"));
  CAF_CHECK(holds(mistake_in("[kafka]\nproducer = 5"), ":2:1: kafka.producer: expected a table, got 5"));
  CAF_CHECK_EQUAL(
      producer_of({"--kafka.producer", "linger.ms"}).text,
      "command line --kafka.producer: expected NAME=VALUE such as linger.ms=5, got something else\n");
}

CAF_TEST(flags lacking their value or unknown are mistakes) {
  CAF_CHECK_EQUAL(producer_of({"--http.port"}).text,
                  "command line --http.port: expected a value, got none\n");
  CAF_CHECK_EQUAL(producer_of({"--http.port", "--http.host", "a"}).text,
                  "command line --http.port: expected a value, got none\n");
  CAF_CHECK_EQUAL(producer_of({"--config"}).text, "command line --config: expected a value, got none\n");
  CAF_CHECK_EQUAL(producer_of({"x"}).text, "command line: expected flags only, got a word without one\n");
  CAF_CHECK_EQUAL(producer_of({"--http.port", "-1"}).text,
                  "command line --http.port: expected an integer from 0 to 65535, got \"-1\"\n");
  CAF_CHECK_EQUAL(
      producer_of({"--http.host", "", "--http.port", "1"}).text,
      "command line --http.host: expected a string of 1 to 255 characters without white space, got \"\"\n");
}

CAF_TEST(of a repeated flag the last one counts and an empty one is a value) {
  const auto loaded = consumer_of({"--management.port=1", "--management.port=2",
                                   "--kafka.group-instance-id=", "--kafka.group-id", "[a,b]"});

  CAF_REQUIRE(loaded.settings);
  CAF_CHECK_EQUAL(loaded.settings->management.port, 2);
  CAF_CHECK_EQUAL(loaded.settings->kafka.group_id, "[a,b]");
}

CAF_TEST(values that do not go together are named with their place) {
  CAF_CHECK_EQUAL(producer_of({"--supervision.backoff-min", "20s"}).text,
                  "command line --supervision.backoff-min: supervision.backoff-max: expected at least "
                  "supervision.backoff-min (20s), got 10s\n");
  CAF_CHECK_EQUAL(
      consumer_of({}, {{"REVIEWS_BATCH_RECORDS_MAX", "5000"}}).text,
      "environment REVIEWS_BATCH_RECORDS_MAX: expected at most backpressure.partition-records-max (4000), "
      "got 5000\n");
  CAF_CHECK_EQUAL(consumer_of({"--backpressure.partition-bytes-max", "1MiB"}).text,
                  "command line --backpressure.partition-bytes-max: batch.bytes-max: expected at most "
                  "backpressure.partition-bytes-max (1MiB), got 4MiB\n");
  CAF_CHECK(holds(mistake_in("[backpressure]\nin-flight-reviews-max = 999\n"),
                  ":2:1: backpressure.in-flight-reviews-max: expected at least http.batch-reviews-max x "
                  "pool.publishers (1000), got 999"));
}

CAF_TEST(the window of each publisher holds one batch) {
  CAF_CHECK(producer_of({"--pool.publishers", "6"}).settings.has_value());
  CAF_CHECK(holds(producer_of({"--pool.publishers", "7"}).text,
                  "backpressure.in-flight-bytes-max: expected at least"));
  CAF_CHECK(holds(producer_of({"--pool.publishers", "11"}).text,
                  "http.batch-reviews-max x pool.publishers (11000)"));
}

CAF_TEST(a request outlives the message it waits for) {
  CAF_CHECK(producer_of({"--http.request-timeout", "5001ms"}).settings.has_value());
  CAF_CHECK(holds(producer_of({"--http.request-timeout", "5s"}).text,
                  "kafka.producer.message.timeout.ms: expected 1 to less than http.request-timeout (5000)"));
  CAF_CHECK(producer_of({"--http.request-timeout", "5s", "--kafka.producer", "message.timeout.ms=4000"})
                .settings.has_value());
  CAF_CHECK(
      holds(mistake_in("[kafka.producer]\nmessage.timeout.ms = 10000\n"),
            ":2:1: kafka.producer.message.timeout.ms: expected 1 to less than http.request-timeout (10000), "
            "in ms, got 10000"));
  CAF_CHECK(!producer_of({"--kafka.producer", "delivery.timeout.ms=0"}).settings);
}

CAF_TEST(a drain outlives what is in flight) {
  CAF_CHECK(
      holds(producer_of({"--shutdown.drain-timeout", "9s"}).text,
            "command line --shutdown.drain-timeout: expected at least http.request-timeout (10s), got 9s"));
  CAF_CHECK(holds(consumer_of({"--shutdown.drain-timeout", "9s"}).text,
                  "expected at least database.statement-timeout"));
}

CAF_TEST(a key with a mistake of its own is not judged with others) {
  CAF_CHECK_EQUAL(consumer_of({"--batch.records-max", "x", "--backpressure.partition-records-max", "1"}).text,
                  "command line --batch.records-max: expected an integer from 1 to 10000, got \"x\"\n");
}

CAF_TEST(checks of the caller are added with their place) {
  const auto check = [](const kafka_params& kafka) {
    return kafka.producer.count("acks") > 0
               ? std::vector<std::string>{"kafka.producer.acks: expected no override, got \"1\""}
               : std::vector<std::string>{};
  };

  CAF_CHECK(producer_of({}, {}, check).settings.has_value());
  CAF_CHECK_EQUAL(producer_of({"--kafka.producer", "acks=1"}, {}, check).text,
                  "command line --kafka.producer: kafka.producer.acks: expected no override, got \"1\"\n");
  CAF_CHECK_EQUAL(producer_of({}, {{"REVIEWS_KAFKA_PRODUCER_ACKS", "1"}}, check).text,
                  "environment REVIEWS_KAFKA_PRODUCER_ACKS: expected no override, got \"1\"\n");
}

CAF_TEST(no mistake repeats a secret) {
  const std::string long_secret = "geheim" + std::string(5'000, 'x');
  temporary_file file("[database]\nurl = [\"geheim\"]\nur = \"geheim\"\n");

  for (const auto& text :
       {consumer_of({"--database.url", long_secret}).text,
        consumer_of({}, {{"REVIEWS_DATABASE_URL", long_secret}}).text,
        consumer_of({"--databse.url", "geheim"}).text, consumer_of({"--databse.url=geheim"}).text,
        consumer_of({"--kafka.producer", "sasl password=geheim"}).text, consumer_of({"geheim"}).text,
        consumer_of({"--config", file.path()}).text}) {
    CAF_CHECK(!text.empty());
    CAF_CHECK(!holds(text, "geheim"));
  }
}
