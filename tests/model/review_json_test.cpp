#define CAF_SUITE review_json

#include "actors/model/review_json.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <cstdlib>
#include <random>
#include <string>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

std::string json_of(const review& r) {
  std::string out;
  append_json(out, view_of(r));
  return out;
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void append_code_point(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

/// Random reviews that keep every rule, at all lengths and in all of Unicode.
class review_maker {
public:
  explicit review_maker(std::uint32_t seed) : random_(seed) {}

  review next() {
    review r;
    for (auto& byte : r.id)
      byte = static_cast<std::uint8_t>(between(0, 255));
    constexpr std::string_view vendor = "ABCXYZabcxyz019._-";
    for (auto length = between(1, 64); length > 0; --length)
      r.vendor_id += vendor[between(0, vendor.size() - 1)];
    r.author = "x" + text(between(0, 79));
    r.rating = static_cast<int>(between(1, 5));
    if (between(0, 1) == 1)
      r.title = text(between(0, 120));
    if (between(0, 1) == 1)
      r.text = text(between(0, 4000));
    constexpr std::size_t seconds_max = 253'402'300'799; // The last of the year 9999.
    r.created_at = timestamp{std::chrono::seconds{between(0, seconds_max)} + between(0, 999'999) * 1us};
    return r;
  }

private:
  std::size_t between(std::size_t min, std::size_t max) {
    return std::uniform_int_distribution<std::size_t>(min, max)(random_);
  }

  std::string text(std::size_t length) {
    static constexpr std::array<std::uint32_t, 6> limits{0x20, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF, 0x5F};
    std::string out;
    const auto limit = limits[between(0, limits.size() - 1)];
    while (length > 0) {
      const auto code = static_cast<std::uint32_t>(between(1, limit));
      if (code >= 0xD800 && code <= 0xDFFF)
        continue;
      append_code_point(out, code);
      --length;
    }
    return out;
  }

  std::mt19937 random_;
};

void check_equal(const review& got, const review& expected) {
  CAF_CHECK(got.id == expected.id);
  CAF_CHECK_EQUAL(got.vendor_id, expected.vendor_id);
  CAF_CHECK_EQUAL(got.author, expected.author);
  CAF_CHECK_EQUAL(got.rating, expected.rating);
  CAF_CHECK(got.title == expected.title);
  CAF_CHECK(got.text == expected.text);
  CAF_CHECK(got.created_at == expected.created_at);
}

} // namespace

CAF_TEST(a review is written in the order of the contract) {
  const review r{parse_review_id("b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42").value(),
                 "v",
                 "Zo\u00eb",
                 4,
                 "A \"title\"",
                 "line\n",
                 timestamp{1us}};

  CAF_CHECK_EQUAL(json_of(r),
                  R"({"review_id":"b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42","vendor_id":"v","author":")"
                  "Zo\u00eb"
                  R"(","rating":4,"title":"A \"title\"","text":"line\n",)"
                  R"("created_at":"1970-01-01T00:00:00.000001Z"})");
}

CAF_TEST(absent members are left out and empty ones are kept) {
  review r{{}, "v", "a", 1, std::nullopt, "", timestamp{}};

  CAF_CHECK_EQUAL(json_of(r),
                  R"({"review_id":"00000000-0000-0000-0000-000000000000","vendor_id":"v","author":"a",)"
                  R"("rating":1,"text":"","created_at":"1970-01-01T00:00:00.000000Z"})");
}

CAF_TEST(a string is escaped where JSON asks for it) {
  CAF_CHECK_EQUAL(json_string(""), R"("")");
  CAF_CHECK_EQUAL(json_string("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  CAF_CHECK_EQUAL(json_string(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
  CAF_CHECK_EQUAL(json_string("\u00e9\u2028\U0001F600"), "\"\u00e9\u2028\U0001F600\"");
}

CAF_TEST(a string of nothing but escapes fits at every length) {
  for (std::size_t length = 0; length < 200; ++length) {
    std::string expected = "\"";
    for (std::size_t i = 0; i < length; ++i)
      expected += "\\u0001";
    CAF_CHECK_EQUAL(json_string(std::string(length, '\x01')), expected + '"');
  }
}

CAF_TEST(a string is appended to what is there) {
  std::string out = "[";
  append_json_string(out, "a");
  out += ',';
  append_json_string(out, "b");

  CAF_CHECK_EQUAL(out, R"(["a","b")");
}

CAF_TEST(what is written is read back the same) {
  // REVIEWS_TEST_SEED repeats a run.
  const auto* given = std::getenv("REVIEWS_TEST_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::stoul(given)) : std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  review_maker maker(seed);
  review_decoder uut;

  for (int i = 0; i < 500; ++i) {
    const auto expected = maker.next();
    const auto decoded = uut.decode_stored(json_of(expected));
    const auto* got = std::get_if<review>(&decoded);
    if (got == nullptr)
      CAF_FAIL("a valid review was not read, seed " << seed);
    check_equal(*got, expected);
  }
}

CAF_TEST(a decoder can be moved) {
  review_decoder first;
  review_decoder second = std::move(first);
  first = review_decoder{};

  CAF_CHECK(std::holds_alternative<not_json>(first.view_posted("")));
  CAF_CHECK(std::holds_alternative<not_a_review>(second.view_posted("{}")));
}
