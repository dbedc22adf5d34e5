#define CAF_SUITE print

#include "tests/config/config_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;

CAF_TEST(each value is printed with its source) {
  temporary_file file("[http]\nport = 1\n");

  const auto printed = producer_of({"--print-config", "--config", file.path(), "--http.rate-limit", "5"},
                                   {{"REVIEWS_LOG_LEVEL", "debug"}});

  CAF_CHECK(!printed.settings);
  CAF_CHECK_EQUAL(printed.exit_status, 0);
  CAF_CHECK(holds(printed.text, "\nport = 1 # file " + file.path() + ":2:1\n"));
  CAF_CHECK(holds(printed.text, "\nrate-limit = 5.0 # command line --http.rate-limit\n"));
  CAF_CHECK(holds(printed.text, "\nlevel = \"debug\" # environment REVIEWS_LOG_LEVEL\n"));
  CAF_CHECK(holds(printed.text, "\nbody-bytes-max = 65536 # default\n"));
}

CAF_TEST(what is printed reads back as the same settings) {
  const std::vector<std::string> arguments{"--http.port",
                                           "81",
                                           "--http.rate-limit",
                                           "0.1",
                                           "--log.level",
                                           "error",
                                           "--http.cors-allowed-origins",
                                           "https://a.org,https://b.org",
                                           "--http.idle-timeout",
                                           "1500ms",
                                           "--kafka.producer",
                                           "linger.ms=5",
                                           "--kafka.producer",
                                           "client.id=a \"b\" \\ é\n#",
                                           "--kafka.producer",
                                           "a=007",
                                           "--kafka.producer",
                                           "b=true",
                                           "--kafka.producer",
                                           "c=-1",
                                           "--kafka.producer",
                                           "d=",
                                           "--kafka.producer",
                                           "e=-0",
                                           "--supervision.restarts-period",
                                           "2h"};
  const auto first = producer_of(arguments);
  CAF_REQUIRE(first.settings);
  temporary_file file(first.effective_toml);

  const auto second = producer_of({"--config", file.path()});

  CAF_CHECK_EQUAL(second.text, "");
  CAF_REQUIRE(second.settings);
  CAF_CHECK(diff(*first.settings, *second.settings).empty());
  CAF_CHECK(!diff(*first.settings, producer_settings{}).empty());
  CAF_CHECK_EQUAL(second.settings->kafka.producer.at("client.id"), "a \"b\" \\ é\n#");
}

CAF_TEST(a consumer reads back what it printed) {
  const auto first = consumer_of({"--database.url", "host=/tmp dbname=d", "--kafka.consumer",
                                  "session.timeout.ms=6000", "--kafka.group-instance-id", "a-0"});
  temporary_file file(first.effective_toml);

  const auto second = consumer_of({"--config", file.path()});

  CAF_REQUIRE(first.settings && second.settings);
  CAF_CHECK(diff(*first.settings, *second.settings).empty());
}

CAF_TEST(no secret is printed) {
  const auto loaded =
      consumer_of({"--database.url", "postgresql://u:geheim@h/d", "--kafka.consumer", "sasl.password=geheim",
                   "--kafka.producer", "ssl.key.password=geheim", "--kafka.producer", "sasl.username=u"});

  CAF_REQUIRE(loaded.settings);
  CAF_CHECK_EQUAL(loaded.settings->kafka.consumer.at("sasl.password"), "geheim");
  for (const auto& text : {loaded.effective_toml, effective_toml(*loaded.settings)}) {
    CAF_CHECK(!holds(text, "geheim"));
    CAF_CHECK(holds(text, "url = \"postgresql://u:***@h/d\""));
    CAF_CHECK(holds(text, "\"sasl.password\" = \"***\""));
    CAF_CHECK(holds(text, "\"sasl.username\" = \"u\""));
  }
}
