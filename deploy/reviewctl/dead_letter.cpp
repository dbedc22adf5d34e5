#include "deploy/reviewctl/dead_letter.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace reviews::ctl {

namespace {

constexpr std::string_view error_prefix = "__connect.errors.";
constexpr std::uint64_t attempts_max = 1'000'000;
constexpr std::size_t vendor_bytes_max = 64;

template <class Number>
std::optional<Number> number_of(const std::optional<std::string>& text) {
  Number number{};
  if (!text)
    return std::nullopt;
  const auto* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  return read.ec == std::errc() && read.ptr == end && number >= 0 ? std::optional(number) : std::nullopt;
}

const std::optional<std::string>* last_of(const record& what, std::string_view name) {
  const auto found = std::find_if(what.headers.rbegin(), what.headers.rend(),
                                  [&](const record_header& each) { return each.name == name; });
  return found == what.headers.rend() ? nullptr : &found->value;
}

void read_header(dead_letter& letter, std::string_view name, const std::optional<std::string>& value) {
  if (name == "topic") { // a later failure begins: of the one before nothing holds
    letter.topic = value.value_or("");
    letter.origin = {};
    letter.reason = letter.message = letter.stage = {};
    letter.dropped_value_bytes.reset();
  } else if (name == "partition") {
    letter.origin.partition = number_of<std::int32_t>(value).value_or(-1);
  } else if (name == "offset") {
    letter.origin.offset = number_of<std::int64_t>(value).value_or(-1);
  } else if (name == "exception.class.name") {
    letter.reason = value.value_or("");
  } else if (name == "exception.message") {
    letter.message = value.value_or("");
  } else if (name == "stage") {
    letter.stage = value.value_or("");
  } else if (name == "dropped.value.bytes") {
    letter.dropped_value_bytes = number_of<std::uint64_t>(value);
  }
}

std::string place_text(const dead_letter& letter) {
  return letter.topic + "/" + std::to_string(letter.origin.partition) + "/" +
         std::to_string(letter.origin.offset);
}

} // namespace

dead_letter read_dead_letter(log_place id, timestamp written_at, record what) {
  dead_letter letter;
  letter.id = id;
  letter.written_at = written_at;
  for (const auto& [name, value] : what.headers)
    if (name.starts_with(error_prefix))
      read_header(letter, std::string_view(name).substr(error_prefix.size()), value);
  if (const auto* before = last_of(what, dlq_header::attempts))
    letter.attempts += std::min(number_of<std::uint64_t>(*before).value_or(0), attempts_max);
  letter.what = std::move(what);
  return letter;
}

std::string vendor_of(const dead_letter& letter) {
  constexpr std::string_view legal = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  const auto& key = letter.what.key;
  const bool is_vendor = key && !key->empty() && key->size() <= vendor_bytes_max &&
                         key->find_first_not_of(legal) == std::string::npos;
  return is_vendor ? *key : "-";
}

record make_replay(const dead_letter& letter) {
  record out{letter.what.key, letter.what.value, {}};
  std::vector<record_header> failures;
  for (const auto& header : letter.what.headers) {
    if (header.name == dlq_header::failure)
      failures.push_back(header);
    else if (!header.name.starts_with(error_prefix) && header.name != dlq_header::attempts)
      out.headers.push_back(header);
  }
  if (!last_of(out, dlq_header::origin))
    out.headers.push_back({std::string(dlq_header::origin), place_text(letter)});
  failures.push_back({std::string(dlq_header::failure), place_text(letter) + " " + letter.reason});
  if (failures.size() > dead_letter_failures_max)
    failures.erase(failures.begin() + 1, failures.end() - (dead_letter_failures_max - 1));
  out.headers.insert(out.headers.end(), failures.begin(), failures.end());
  out.headers.push_back({std::string(dlq_header::attempts), std::to_string(letter.attempts)});
  return out;
}

record make_marker(const resolution& what) {
  const auto place = std::to_string(what.letter.partition) + ":" + std::to_string(what.letter.offset);
  return {place,
          std::nullopt,
          {{std::string(dlq_header::resolved), what.verdict},
           {std::string(dlq_header::offset), std::to_string(what.letter.offset)}}};
}

std::optional<resolution> read_marker(std::int32_t partition, const record& what) {
  const auto* verdict = last_of(what, dlq_header::resolved);
  const auto* offset = last_of(what, dlq_header::offset);
  // The consumer puts this header on every dead letter, so a letter is never taken for a marker.
  const bool is_letter = last_of(what, std::string(error_prefix) + "topic") != nullptr;
  if (!verdict || !offset || is_letter || what.value)
    return std::nullopt;
  const auto number = number_of<std::int64_t>(*offset);
  if (!number || !*verdict)
    return std::nullopt;
  return resolution{{partition, *number}, **verdict};
}

} // namespace reviews::ctl
