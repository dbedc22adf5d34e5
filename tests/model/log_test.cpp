#define CAF_SUITE log

#include "actors/model/log.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <unistd.h>

#include <array>
#include <cstdio>
#include <functional>
#include <limits>
#include <string>

using namespace reviews;
namespace json = boost::json;

namespace {

const timestamp when = *parse_rfc3339("2026-11-22T17:28:24.000123Z");

std::string json_line(std::string_view event, log::fields with) {
  return log::format_line(when, log::level::info, log::format::json, event, with);
}

std::string text_line(std::string_view event, log::fields with) {
  return log::format_line(when, log::level::info, log::format::text, event, with);
}

/// What `run` writes to the standard output.
std::string output_of(const std::function<void()>& run) {
  std::fflush(stdout);
  std::FILE* const file = std::tmpfile();
  const int kept = ::dup(STDOUT_FILENO);
  ::dup2(::fileno(file), STDOUT_FILENO);
  run();
  ::dup2(kept, STDOUT_FILENO);
  ::close(kept);

  std::rewind(file);
  std::array<char, 4096> buffer{};
  const auto size = std::fread(buffer.data(), 1, buffer.size(), file);
  std::fclose(file);
  return {buffer.data(), size};
}

} // namespace

CAF_TEST(a line in JSON begins with time and level and event) {
  CAF_CHECK_EQUAL(json_line("batch_failed", {{"partition", 3}, {"reason", "timed out"}}),
                  R"({"time":"2026-11-22T17:28:24.000123Z","level":"info","event":"batch_failed",)"
                  R"("partition":3,"reason":"timed out"})");
  CAF_CHECK_EQUAL(log::format_line(when, log::level::warning, log::format::json, "e", {}),
                  R"({"time":"2026-11-22T17:28:24.000123Z","level":"warning","event":"e"})");
}

CAF_TEST(a line in text begins with time and level and event) {
  CAF_CHECK_EQUAL(
      text_line("batch_failed", {{"partition", 3}, {"reason", "timed out"}, {"topic", "reviews.v1"}}),
      R"(2026-11-22T17:28:24.000123Z INFO batch_failed partition=3 reason="timed out" topic=reviews.v1)");
  CAF_CHECK_EQUAL(log::format_line(when, log::level::error, log::format::text, "e", {}),
                  "2026-11-22T17:28:24.000123Z ERROR e");
}

CAF_TEST(every type of field keeps its type in JSON) {
  const auto line = json::parse(json_line("e", {{"integer", std::int64_t{-5}},
                                                {"largest", std::numeric_limits<std::int64_t>::max()},
                                                {"size", std::size_t{7}},
                                                {"share", 0.25},
                                                {"yes", true},
                                                {"text", std::string("t")},
                                                {"nan", std::numeric_limits<double>::quiet_NaN()},
                                                {"endless", std::numeric_limits<double>::infinity()}}));

  CAF_CHECK(line.at("integer") == -5);
  CAF_CHECK(line.at("largest") == std::numeric_limits<std::int64_t>::max());
  CAF_CHECK(line.at("size") == 7);
  CAF_CHECK(line.at("share") == 0.25);
  CAF_CHECK(line.at("yes") == true);
  CAF_CHECK(line.at("text") == "t");
  CAF_CHECK(line.at("nan").is_null());
  CAF_CHECK(line.at("endless").is_null());
}

CAF_TEST(no text breaks out of its line) {
  const std::string hostile = "a\"b\\c\nd\r\x01\u2028 e=f\xff";

  const auto line = json_line("e", {{"reason", hostile}});
  CAF_CHECK(line.find('\n') == std::string::npos);
  CAF_CHECK(json::parse(line).at("reason") == "a\"b\\c\nd\r\x01\u2028 e=f\uFFFD");
  const auto text = text_line("e", {{"reason", hostile}, {"empty", ""}});
  CAF_CHECK_EQUAL(text, "2026-11-22T17:28:24.000123Z INFO e "
                        "reason=\"a\\\"b\\\\c\\nd\\r\\u0001\u2028 e=f\uFFFD\" empty=\"\"");
}

CAF_TEST(an event is written at once when it reaches the threshold) {
  const auto lines = output_of([] {
    log::configure(log::level::warning, log::format::text);
    log::info("unheard");
    log::warning("heard", {{"n", 1}});
    log::error("heard_too");
    log::configure(log::level::info, log::format::json);
    log::debug("unheard");
    log::info("heard_again");
  });

  CAF_CHECK(lines.find("unheard") == std::string::npos);
  CAF_CHECK(lines.find(" WARNING heard n=1\n") != std::string::npos);
  CAF_CHECK(lines.find(" ERROR heard_too\n{") != std::string::npos);
  CAF_CHECK(lines.ends_with("\"level\":\"info\",\"event\":\"heard_again\"}\n"));
}
