#define CAF_SUITE review_id

#include "actors/model/review_id.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

std::uint64_t milliseconds_of(const review_id& id) {
  std::uint64_t value = 0;
  std::for_each(id.begin(), id.begin() + 6, [&](std::uint8_t byte) { value = value << 8 | byte; });
  return value;
}

const timestamp some_moment{1'795'368'504'123'456us};

} // namespace

CAF_TEST(a fresh id has the layout of version 7) {
  const auto id = make_review_id(some_moment);

  CAF_CHECK_EQUAL(milliseconds_of(id), 1'795'368'504'123u);
  CAF_CHECK_EQUAL(reviews::to_string(id).substr(14, 1), "7");
  CAF_CHECK_EQUAL(*(id.begin() + 8) >> 6, 2);
}

CAF_TEST(ids of one thread increase strictly while the clock stands still or goes back) {
  std::vector<std::string> ids;
  for (int i = 0; i < 10'000; ++i)
    ids.push_back(reviews::to_string(make_review_id(some_moment)));
  for (int i = 0; i < 100; ++i)
    ids.push_back(reviews::to_string(make_review_id(some_moment - i * 1s)));

  CAF_CHECK(std::is_sorted(ids.begin(), ids.end(), std::less_equal<>{}));
}

CAF_TEST(ids follow the clock below a millisecond) {
  std::string earlier, later;
  std::thread([&] {
    earlier = reviews::to_string(make_review_id(some_moment));
    later = reviews::to_string(make_review_id(some_moment + 1us));
  }).join();

  CAF_CHECK_EQUAL(earlier.substr(0, 18), "01a2044d-4b3b-774b"); // 456 us are 0x74b of 4096 parts
  CAF_CHECK_EQUAL(later.substr(0, 18), "01a2044d-4b3b-774f");
}

CAF_TEST(moments that version 7 cannot hold become the nearest ones) {
  review_id before{}, after{};
  std::thread([&] {
    before = make_review_id(timestamp{-1s});
    after = make_review_id(timestamp::max());
  }).join();

  CAF_CHECK_EQUAL(milliseconds_of(before), 0u);
  CAF_CHECK_EQUAL(milliseconds_of(after), 0xFFFF'FFFF'FFFFu);
}

CAF_TEST(threads never make the same id) {
  constexpr std::size_t threads_count = 4;
  constexpr std::size_t ids_per_thread = 5'000;
  std::vector<std::vector<review_id>> made(threads_count);
  std::vector<std::thread> threads;
  for (auto& ids : made)
    threads.emplace_back([&ids] {
      for (std::size_t i = 0; i < ids_per_thread; ++i)
        ids.push_back(make_review_id(some_moment));
    });
  for (auto& thread : threads)
    thread.join();

  std::set<review_id> distinct;
  for (const auto& ids : made)
    distinct.insert(ids.begin(), ids.end());
  CAF_CHECK_EQUAL(distinct.size(), threads_count * ids_per_thread);
}

CAF_TEST(the id of a key is the version 5 that other implementations compute) {
  // Computed by Python: uuid.uuid5(uuid.UUID("b1f5a9de-..."), vendor + "\x1f" + key)
  CAF_CHECK_EQUAL(reviews::to_string(review_id_of_key("vendor-1", "order-42")),
                  "d9f10364-7448-5612-b00b-be32e8ce173a");
  CAF_CHECK_EQUAL(reviews::to_string(review_id_of_key("a", "")), "217ba808-1563-5fce-8a7e-fd4d01cd7513");
  CAF_CHECK_EQUAL(reviews::to_string(review_id_of_key("vendor-1", "order-42:0")),
                  "f5c673bb-2fcf-529f-ac43-4ae49748cd12");
  CAF_CHECK_EQUAL(reviews::to_string(review_id_of_key(std::string(64, 'x'), std::string(255, 'k'))),
                  "43e89281-5f64-5eff-8a54-159354d30307");
}

CAF_TEST(vendor and key are kept apart) {
  CAF_CHECK(review_id_of_key("ab", "c") != review_id_of_key("a", "bc"));
}

CAF_TEST(an id is read in either case and written in lower case) {
  const auto id = parse_review_id("B1F5A9DE-52c4-5f6e-9b0b-3D8F0C1A7E42");

  CAF_REQUIRE(id.has_value());
  CAF_CHECK_EQUAL(reviews::to_string(*id), "b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42");
}

CAF_TEST(an id is appended to what is there) {
  std::string out = "id ";
  append_to(out, review_id{});

  CAF_CHECK_EQUAL(out, "id 00000000-0000-0000-0000-000000000000");
}

CAF_TEST(other forms of an id are nothing) {
  for (const auto* text :
       {"", "b1f5a9de", "b1f5a9de52c45f6e9b0b3d8f0c1a7e42", "{b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42}",
        "b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e4", "b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e422",
        "b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e4g", "b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e4 ",
        "b1f5a9de052c4-5f6e-9b0b-3d8f0c1a7e42", "b1f5a9d-e52c4-5f6e-9b0b-3d8f0c1a7e42",
        "urn:uuid:b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42", "--------------------------------...."})
    CAF_CHECK(!parse_review_id(text));
  CAF_CHECK(!parse_review_id(std::string(36, '\0')));
}
