#define CAF_SUITE offset_plan

#include "deploy/reviewctl/offset_plan.hpp"

#include "deploy/reviewctl/pipeline_status.hpp"
#include "deploy/reviewctl/time_spec.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::ctl;
using namespace std::chrono_literals;

namespace {

const timestamp now = parse_rfc3339("2026-11-22T12:00:00Z").value();

partition_view view_of(std::int64_t begin, std::int64_t end, std::optional<std::int64_t> stored) {
  return {3, {begin, end}, stored, std::nullopt, std::nullopt};
}

std::string account(const partition_view& view, std::int64_t to) {
  return account_of(plan_offset(view, to).value(), false);
}

} // namespace

CAF_TEST(moving back reads again and moving forward skips) {
  CAF_CHECK_EQUAL(account(view_of(0, 200, 120), 100),
                  "partition 3: from 120 to 100: 20 records would be read again (duplicates are harmless)");
  CAF_CHECK_EQUAL(account(view_of(0, 200, 120), 175),
                  "partition 3: from 120 to 175: 55 records would be SKIPPED and never stored");
  CAF_CHECK_EQUAL(account(view_of(0, 200, 120), 120), "partition 3: stays at 120");
  CAF_CHECK_EQUAL(account_of(plan_offset(view_of(0, 200, 120), 119).value(), true),
                  "partition 3: from 120 to 119: 1 records will be read again (duplicates are harmless)");
}

CAF_TEST(a partition that nothing is stored of begins at the beginning of its log) {
  CAF_CHECK_EQUAL(account(view_of(10, 200, std::nullopt), 30),
                  "partition 3: from none to 30: 20 records would be SKIPPED and never stored");
  CAF_CHECK_EQUAL(account(view_of(10, 200, std::nullopt), 10),
                  "partition 3: from none to 10: no record would be skipped or read again");
}

CAF_TEST(an offset that is gone is mended without skipping what is there) {
  const auto plan = plan_offset(view_of(50, 200, 20), 50).value();

  CAF_CHECK_EQUAL(plan.skipped_count, 0);
  CAF_CHECK_EQUAL(plan.gone_count, 30);
  CAF_CHECK_EQUAL(account_of(plan, true), "partition 3: from 20 to 50: 30 records were removed by retention "
                                          "and are never stored");
  CAF_CHECK_EQUAL(plan_offset(view_of(50, 200, 20), 60).value().skipped_count, 10);
}

CAF_TEST(an offset beyond the log is brought back into it) {
  const auto plan = plan_offset(view_of(0, 20, 500), 0).value();

  CAF_CHECK_EQUAL(plan.again_count, 20);
  CAF_CHECK_EQUAL(plan.skipped_count, 0);
}

CAF_TEST(a target outside of the log is invalid) {
  for (const auto to : {9, 21}) {
    const auto plan = plan_offset(view_of(10, 20, 12), to);
    CAF_REQUIRE(!plan);
    CAF_CHECK(plan.error().code == ec::invalid);
    CAF_CHECK_EQUAL(plan.error().detail,
                    "partition 3: expected an offset in [10, 20], got " + std::to_string(to));
  }
}

CAF_TEST(targets are words numbers and times) {
  using kind = offset_target::kind;
  CAF_CHECK(parse_offset_target("begin", now)->what == kind::begin);
  CAF_CHECK(parse_offset_target("end", now)->what == kind::end);
  CAF_CHECK(parse_offset_target("42", now)->offset == 42);
  CAF_CHECK(parse_offset_target("2026-11-22T11:00:00Z", now)->time == now - 1h);
  CAF_CHECK(parse_offset_target("2h", now)->time == now - 2h);
  for (const auto* text : {"", "-1", "middle", "2026-11-22", "99999999999999999999"})
    CAF_CHECK(!parse_offset_target(text, now));
}

CAF_TEST(moments are RFC 3339 or ago) {
  CAF_CHECK(parse_moment("90s", now) == now - 90s);
  CAF_CHECK(parse_moment("15m", now) == now - 15min);
  CAF_CHECK(parse_moment("7d", now) == now - 168h);
  for (const auto* text : {"", "s", "1w", "-1s", "1.5h", "99999999d"})
    CAF_CHECK(!parse_moment(text, now));
}

CAF_TEST(rates are a number a second or a minute) {
  CAF_CHECK(parse_rate("50/s").value() == 50.0);
  CAF_CHECK(parse_rate("50").value() == 50.0);
  CAF_CHECK(parse_rate("30/m").value() == 0.5);
  for (const auto* text : {"", "0", "-1/s", "50/h", "x/s", "/s", "1e9/s", "inf", "nan"})
    CAF_CHECK(!parse_rate(text));
}

CAF_TEST(a partition stands still when nobody carries what waits) {
  partition_status uut;
  uut.home.leader = 1;
  uut.view = view_of(0, 200, 120);
  uut.view.stored_at = now - 5min;
  uut.lag_records = 80;
  uut.lag_time = 300s;
  CAF_CHECK_EQUAL(trouble_of(uut, now, 60s), "no owner");

  uut.owner = 0;
  CAF_CHECK_EQUAL(trouble_of(uut, now, 60s), "stands still");
  CAF_CHECK_EQUAL(trouble_of(uut, now, 300s), "");

  uut.view.stored_at = now - 1s; // far behind, and at work
  CAF_CHECK_EQUAL(trouble_of(uut, now, 60s), "");

  uut.view.log.begin = 150;
  CAF_CHECK_EQUAL(trouble_of(uut, now, 60s), "offset gone: 30 records removed by retention");
  uut.view.log = {0, 100};
  CAF_CHECK_EQUAL(trouble_of(uut, now, 60s), "offset beyond the log");
  uut.home.leader = -1;
  CAF_CHECK_EQUAL(trouble_of(uut, now, 60s), "no leader");
}

CAF_TEST(a partition without owner and without records to store is well) {
  partition_status uut;
  uut.home.leader = 1;
  uut.view = view_of(0, 120, 120);

  CAF_CHECK_EQUAL(trouble_of(uut, now, 60s), "");
}
