#include "actors/model/log.hpp"

#include "actors/model/review_json.hpp"
#include "actors/model/utf8.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <memory>

namespace reviews::log {

namespace {

std::atomic<format> current_format{format::json};

spdlog::level::level_enum to_spdlog(level severity) noexcept {
  switch (severity) {
  case level::debug: return spdlog::level::debug;
  case level::info: return spdlog::level::info;
  case level::warning: return spdlog::level::warn;
  case level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// Never destroyed, so that threads may log while the process ends. The sink
/// flushes every line.
spdlog::logger& logger() {
  static spdlog::logger* const instance = [] {
    auto* made = new spdlog::logger("reviews", std::make_shared<spdlog::sinks::stdout_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::info);
    return made;
  }();
  return *instance;
}

std::string_view json_name(level severity) noexcept {
  switch (severity) {
  case level::debug: return "debug";
  case level::info: return "info";
  case level::warning: return "warning";
  case level::error: return "error";
  }
  return "error";
}

std::string_view text_name(level severity) noexcept {
  switch (severity) {
  case level::debug: return "DEBUG";
  case level::info: return "INFO";
  case level::warning: return "WARNING";
  case level::error: return "ERROR";
  }
  return "ERROR";
}

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void append_quoted(std::string& out, std::string_view text) {
  if (utf8::well_formed_prefix(text) == text.size())
    append_json_string(out, text);
  else
    append_json_string(out, utf8::replace_ill_formed(text));
}

bool is_plain_word(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-:/@+,").find(c) != std::string_view::npos;
  });
}

/// Appends a field's value for the chosen format.
struct value_writer {
  std::string& out;
  format how;

  void operator()(std::int64_t value) const { append_number(out, value); }
  void operator()(double value) const {
    if (std::isfinite(value))
      append_number(out, value);
    else
      out += "null";
  }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::string_view value) const {
    if (how == format::text && is_plain_word(value))
      out += value;
    else
      append_quoted(out, value);
  }
};

void append_json_line(std::string& out, timestamp when, level severity, std::string_view event, fields with) {
  out += R"({"time":")";
  append_rfc3339(out, when);
  out.append(R"(","level":")").append(json_name(severity)).append(R"(","event":)");
  append_quoted(out, event);
  for (const auto& field : with) {
    out += ',';
    append_quoted(out, field.name);
    out += ':';
    std::visit(value_writer{out, format::json}, field.value);
  }
  out += '}';
}

void append_text_line(std::string& out, timestamp when, level severity, std::string_view event, fields with) {
  const value_writer write_value{out, format::text};
  append_rfc3339(out, when);
  out.append(1, ' ').append(text_name(severity)).append(1, ' ');
  write_value(event);
  for (const auto& field : with) {
    out += ' ';
    write_value(field.name);
    out += '=';
    std::visit(write_value, field.value);
  }
}

} // namespace

void configure(level threshold, format how) {
  current_format = how;
  logger().set_level(to_spdlog(threshold));
}

void write(level severity, std::string_view event, fields with) {
  const auto how_bad = to_spdlog(severity);
  if (!logger().should_log(how_bad))
    return;
  const auto line = format_line(now_utc(), severity, current_format, event, with);
  logger().log(how_bad, spdlog::string_view_t(line.data(), line.size()));
}

std::string format_line(timestamp when, level severity, format how, std::string_view event, fields with) {
  std::string out;
  if (how == format::json)
    append_json_line(out, when, severity, event, with);
  else
    append_text_line(out, when, severity, event, with);
  return out;
}

} // namespace reviews::log
