#define CAF_SUITE table_check

#include "deploy/reviewctl/table_check.hpp"
#include "deploy/reviewctl/verify_report.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::ctl;

namespace {

review_id id_of(std::uint8_t number) {
  review_id id{};
  id.data[15] = number;
  return id;
}

class fake_tables : public verification {
public:
  outcome<std::uint64_t> visit_reviews(review_order,
                                       const std::function<void(const stored_row&)>& visit) override {
    for (const auto& row : rows)
      visit(row);
    return rows.size();
  }
  outcome<std::vector<rating_mismatch>> mismatched_ratings(std::size_t) override { return mismatches; }
  outcome<std::vector<consumer_offset>> offsets() override { return std::vector<consumer_offset>(); }

  std::vector<stored_row> rows;
  std::vector<rating_mismatch> mismatches;
};

/// Partition 0 holds offsets 10..19: reviews 1, 2, 3 at 10, 11, 12, a record
/// that is no review at 13, and nothing a consumer sees after that.
struct fixture {
  fixture() {
    auto& log = report.in_log;
    log.parts = {{10, 20, 13, 20}};
    for (std::uint8_t i = 1; i <= 3; ++i)
      log.valid.add({id_of(i), {0, 9 + i}, "cafe", 5});
    log.letters.add_invalid({0, 13}, "cafe", "{");
    log.letters.add_dead_letter("cafe", "{");
    log.record_count = 4;
    log.valid.seal();
    report.in_tables.next_offsets = {14};
    for (std::uint8_t i = 1; i <= 3; ++i)
      tables.rows.push_back({id_of(i), 0, 9 + i, "cafe", 5});
  }

  const findings& check() {
    check_offsets(report.in_log, report.in_tables, report.found);
    CAF_CHECK(check_rows(tables, report.in_log, report.in_tables, report.found));
    CAF_CHECK(check_ratings(tables, report.found));
    return report.found;
  }

  fake_tables tables;
  verify_report report;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(table_check_tests, fixture)

CAF_TEST(nothing is found where everything is right) {
  CAF_CHECK(check().empty());
  CAF_CHECK_EQUAL(report.in_tables.row_count, 3u);
  CAF_CHECK_EQUAL(report.in_tables.vendor_count, 1u);
  CAF_CHECK_EQUAL(report.in_tables.pending_count, 0u);
  CAF_CHECK(to_text(report).find("holds: every review") != std::string::npos);
}

CAF_TEST(a record without a row is found) {
  tables.rows.pop_back();

  CAF_CHECK_EQUAL(check().count_of("record_without_row"), 1u);
  CAF_CHECK(to_text(report).find("partition=0 offset=12 review_id=00000000-0000-0000-0000-000000000003") !=
            std::string::npos);
  CAF_CHECK(to_json(report).find(R"("problems":[{"kind":"record_without_row","count":1,)") !=
            std::string::npos);
}

CAF_TEST(a review among the dead letters needs no row) {
  tables.rows.pop_back();
  report.in_log.poisoned[id_of(3)] = 1;

  CAF_CHECK(check().empty());
}

CAF_TEST(a dead letter that was replayed excuses its record but not the replay) {
  tables.rows.pop_back();
  report.in_log.poisoned[id_of(3)] = 1;
  report.in_log.valid.add({id_of(3), {0, 13}, "cafe", 5});
  report.in_log.valid.seal();

  CAF_CHECK_EQUAL(check().count_of("record_without_row"), 1u);
}

CAF_TEST(what the consumer has not come to is behind and not missing) {
  tables.rows.pop_back();
  report.in_tables.next_offsets = {12};

  const auto& found = check();

  CAF_CHECK_EQUAL(found.count_of("record_without_row"), 0u);
  CAF_CHECK_EQUAL(found.count_of("not_caught_up"), 1u);
  CAF_CHECK_EQUAL(report.in_tables.pending_count, 2u);
}

CAF_TEST(rows that the log does not explain are found) {
  tables.rows.push_back({id_of(9), 0, 15, "cafe", 5});
  tables.rows.push_back({id_of(8), 0, 25, "cafe", 5});
  tables.rows[0].rating = 4;
  tables.rows[1].partition = 1;

  const auto& found = check();

  CAF_CHECK_EQUAL(found.count_of("row_without_record"), 1u);
  CAF_CHECK_EQUAL(found.count_of("row_beyond_log"), 1u);
  CAF_CHECK_EQUAL(found.count_of("row_wrong_value"), 1u);
  CAF_CHECK_EQUAL(found.count_of("row_wrong_place"), 1u);
}

CAF_TEST(rows older than the log and rows newer than the walk are counted only) {
  report.in_log.parts[0].end_now = 30;
  tables.rows.push_back({id_of(9), 0, 3, "hotel", 5});
  tables.rows.push_back({id_of(8), 0, 25, "cafe", 5});

  CAF_CHECK(check().empty());
  CAF_CHECK_EQUAL(report.in_tables.older_row_count, 1u);
  CAF_CHECK_EQUAL(report.in_tables.newer_row_count, 1u);
  CAF_CHECK(to_text(report).find("note: 1 rows are older than the log") != std::string::npos);
}

CAF_TEST(an invalid record without a dead letter is found unless retention took it) {
  report.in_log.letters.add_invalid({0, 12}, "cafe", "[");

  CAF_CHECK_EQUAL(check().count_of("record_without_dead_letter"), 1u);

  report.found = {};
  report.in_log.are_letters_trimmed = true;
  CAF_CHECK(check().empty());
}

CAF_TEST(offsets outside the log are found) {
  report.in_tables.next_offsets = {21};
  CAF_CHECK_EQUAL(check().count_of("offset_beyond_log"), 1u);

  report.in_tables.next_offsets = {9};
  CAF_CHECK_EQUAL(check().count_of("offset_before_log"), 1u);
}

CAF_TEST(ratings that are not the aggregate are found) {
  tables.mismatches.push_back({"cafe", {2, 10, {}}, {3, 15, {}}});

  CAF_CHECK_EQUAL(check().count_of("rating_mismatch"), 1u);
}

CAF_TEST(of many findings of a kind the first twenty are shown) {
  for (int i = 0; i < 25; ++i)
    report.found.add("not_caught_up", {{"partition", i}});

  const auto text = report.found.to_text();

  CAF_CHECK(text.find("partition=19\n") != std::string::npos);
  CAF_CHECK(text.find("partition=20\n") == std::string::npos);
  CAF_CHECK(text.find("and 5 more") != std::string::npos);
  CAF_CHECK_EQUAL(report.found.count_of("not_caught_up"), 25u);
}

CAF_TEST(offsets are those of the group and the topic) {
  const std::vector<consumer_offset> all = {{"writer", "reviews", 1, 7, {}},
                                            {"writer", "other", 0, 8, {}},
                                            {"else", "reviews", 0, 9, {}},
                                            {"writer", "reviews", 5, 10, {}}};

  const auto found = next_offsets_of(all, "writer", "reviews", 2);

  CAF_CHECK(!found[0]);
  CAF_CHECK(found[1] && *found[1] == 7);
}

CAF_TEST_FIXTURE_SCOPE_END()
