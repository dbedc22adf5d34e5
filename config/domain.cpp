#include "config/domain.hpp"
#include "config/convert.hpp"

#include <utility>

namespace reviews::config {

namespace {

domain ranged(kind type, std::int64_t least, std::int64_t most) {
  domain made;
  made.type = type;
  made.least = least;
  made.most = most;
  return made;
}

std::string quoted_choices(const domain& of) {
  std::string joined;
  for (const auto& name : of.choices)
    joined += (joined.empty() ? "\"" : ", \"") + name + "\"";
  return joined;
}

std::string rule_text(text_rule rule) {
  switch (rule) {
  case text_rule::any: return "characters";
  case text_rule::word: return "characters without white space";
  case text_rule::name: return "of A-Z a-z 0-9 . _ -";
  case text_rule::origin: return "origins";
  }
  return {};
}

} // namespace

domain count(std::int64_t least, std::int64_t most) {
  return ranged(kind::count, least, most);
}

domain bytes(std::int64_t least, std::int64_t most) {
  return ranged(kind::bytes, least, most);
}

domain duration(std::chrono::milliseconds least, std::chrono::milliseconds most) {
  return ranged(kind::duration, least.count(), most.count());
}

domain number(std::int64_t least, std::int64_t most) {
  return ranged(kind::number, least, most);
}

domain text(std::int64_t length_min, std::int64_t length_max, text_rule rule) {
  auto made = ranged(kind::text, length_min, length_max);
  made.rule = rule;
  return made;
}

domain secret(std::int64_t length_min, std::int64_t length_max) {
  auto made = text(length_min, length_max, text_rule::any);
  made.secret = true;
  return made;
}

domain choice(std::vector<std::string> names) {
  auto made = ranged(kind::choice, 0, 0);
  made.choices = std::move(names);
  return made;
}

domain list(std::int64_t size_max, text_rule rule) {
  auto made = ranged(kind::list, 0, size_max);
  made.rule = rule;
  return made;
}

domain entries(std::int64_t size_max) {
  return ranged(kind::entries, 0, size_max);
}

std::string expectation(const domain& of) {
  switch (of.type) {
  case kind::count: return "an integer from " + range_text(of);
  case kind::bytes: return "a size from " + range_text(of) + ", in bytes or such as \"64KiB\"";
  case kind::duration:
    return (of.step > 1 ? "whole seconds from " : "a duration from ") + range_text(of) +
           (of.step > 1 ? ", such as \"10s\"" : ", such as \"10s\" or \"250ms\"");
  case kind::number: return "a number from " + range_text(of);
  case kind::text: return "a string of " + range_text(of);
  case kind::choice: return "one of " + quoted_choices(of);
  case kind::list:
    return "up to " + std::to_string(of.most) +
           " origins, each \"*\" or such as \"https://example.org\" without a path";
  case kind::entries: return "up to " + std::to_string(of.most) + " names with a string, number or boolean";
  }
  return {};
}

std::string range_text(const domain& of) {
  switch (of.type) {
  case kind::count:
  case kind::number: return std::to_string(of.least) + " to " + std::to_string(of.most);
  case kind::bytes: return format_bytes(of.least) + " to " + format_bytes(of.most);
  case kind::duration: return format_duration(of.least) + " to " + format_duration(of.most);
  case kind::text:
    return std::to_string(of.least) + " to " + std::to_string(of.most) + " " + rule_text(of.rule);
  case kind::choice: return quoted_choices(of);
  case kind::list: return "up to " + std::to_string(of.most) + " " + rule_text(of.rule);
  case kind::entries: return "up to " + std::to_string(of.most) + " names";
  }
  return {};
}

std::string placeholder(const domain& of) {
  switch (of.type) {
  case kind::count: return "N";
  case kind::bytes: return "SIZE";
  case kind::duration: return "TIME";
  case kind::number: return "NUMBER";
  case kind::text: return "TEXT";
  case kind::choice: return "NAME";
  case kind::list: return "A,B,...";
  case kind::entries: return "NAME=VALUE";
  }
  return {};
}

} // namespace reviews::config
