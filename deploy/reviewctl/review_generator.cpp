#include "deploy/reviewctl/review_generator.hpp"

#include "actors/model/review_json.hpp"
#include "deploy/reviewctl/phrases.hpp"
#include "deploy/reviewctl/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace reviews::ctl {

namespace {

constexpr double zipf_exponent = 1.05;
constexpr double text_length_median = 200;
constexpr double text_length_spread = 0.9;                                  ///< Of the logarithm.
constexpr std::size_t text_bytes_max = review_limits::text_length_max - 64; ///< Leaves room for an emoji.
constexpr std::array rating_shares = {0.07, 0.05, 0.09, 0.24, 0.55};

/// Roughly normal with deviation 1: the sum of twelve, less its mean (Irwin–Hall).
double normal(random& dice) {
  double sum = -6;
  for (int i = 0; i < 12; ++i)
    sum += dice.fraction();
  return sum;
}

std::string_view pick(random& dice, std::span<const std::string_view> from) {
  return from[dice.below(from.size())];
}

const language& pick_language(random& dice) {
  static const auto total = [] {
    unsigned sum = 0;
    for (const auto& each : languages())
      sum += each.weight;
    return sum;
  }();
  auto drawn = dice.below(total);
  for (const auto& each : languages()) {
    if (drawn < each.weight)
      return each;
    drawn -= each.weight;
  }
  return languages().front();
}

int pick_rating(random& dice) {
  auto drawn = dice.fraction();
  for (int rating = 1; rating < review_limits::rating_max; ++rating) {
    drawn -= rating_shares[static_cast<std::size_t>(rating - 1)];
    if (drawn < 0)
      return rating;
  }
  return review_limits::rating_max;
}

std::string make_text(random& dice, const language& tongue) {
  const auto wanted = text_length_median * std::exp(text_length_spread * normal(dice));
  const auto bytes_max = std::min(static_cast<std::size_t>(wanted), text_bytes_max);
  std::string text(pick(dice, tongue.sentences));
  while (text.size() < bytes_max) {
    const auto sentence = pick(dice, tongue.sentences);
    if (text.size() + tongue.gap.size() + sentence.size() > text_bytes_max)
      break;
    text.append(dice.below(12) == 0 ? std::string_view("\n") : tongue.gap).append(sentence);
  }
  if (dice.below(5) == 0)
    text.append(" ").append(pick(dice, emoji()));
  return text;
}

review_id make_id(random& dice, std::uint64_t micros) {
  review_id id{};
  const auto millis = micros / 1000;
  for (int i = 0; i < 6; ++i)
    id.data[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  auto bits = dice.next();
  for (int i = 6; i < 8; ++i, bits >>= 8)
    id.data[i] = static_cast<std::uint8_t>(bits);
  bits = dice.next();
  for (int i = 8; i < 16; ++i, bits >>= 8)
    id.data[i] = static_cast<std::uint8_t>(bits);
  id.data[6] = static_cast<std::uint8_t>(0x70 | (id.data[6] & 0x0f)); // version 7
  id.data[8] = static_cast<std::uint8_t>(0x80 | (id.data[8] & 0x3f)); // variant of RFC 9562
  return id;
}

std::string vendor_name(std::size_t number) {
  const auto all = trades();
  return std::string(all[number % all.size()]) + "-" + std::to_string(number);
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  append_json_string(out, text);
}

} // namespace

review_generator::review_generator(std::uint64_t seed, std::size_t vendors) : seed_(seed) {
  vendors_up_to_.reserve(vendors);
  double sum = 0;
  for (std::size_t rank = 1; rank <= std::max<std::size_t>(vendors, 1); ++rank)
    vendors_up_to_.push_back(sum += std::pow(double(rank), -zipf_exponent));
  for (auto& each : vendors_up_to_)
    each /= sum;
}

review_draft review_generator::make(std::uint64_t index) const {
  random dice(seed_, index);
  review_draft made;
  made.id = make_id(dice, seed_ + index);
  const auto at = std::lower_bound(vendors_up_to_.begin(), vendors_up_to_.end() - 1, dice.fraction());
  made.vendor_id = vendor_name(static_cast<std::size_t>(at - vendors_up_to_.begin()));
  const auto& tongue = pick_language(dice);
  made.author = pick(dice, tongue.names);
  made.rating = pick_rating(dice);
  if (dice.below(5) != 0)
    made.title = std::string(pick(dice, tongue.titles));
  if (dice.below(8) != 0)
    made.text = make_text(dice, tongue);
  return made;
}

void review_generator::append_json(std::string& out, std::uint64_t index, bool with_id) const {
  const auto made = make(index);
  out.append("{\"vendor_id\":");
  append_json_string(out, made.vendor_id);
  append_member(out, "author", made.author);
  out.append(",\"rating\":").append(std::to_string(made.rating));
  if (made.title)
    append_member(out, "title", *made.title);
  if (made.text)
    append_member(out, "text", *made.text);
  if (with_id) {
    out.append(",\"review_id\":\"");
    append_to(out, *made.id);
    out.push_back('"');
  }
  out.push_back('}');
}

std::string review_generator::idempotency_key(std::uint64_t index) const {
  return "load-" + std::to_string(seed_) + "-" + std::to_string(index);
}

} // namespace reviews::ctl
