// A posted review's JSON, read and checked by every rule.

#include "actors/model/review_json.hpp"
#include "tests/bench/sample_reviews.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace reviews;

constexpr std::size_t samples_count = 4096;
constexpr std::size_t vendors_count = 1000;

void parse_and_validate(benchmark::State& state) {
  const auto posted = bench::sample_reviews(bench::seed_of_now(), vendors_count).posted(samples_count);
  review_decoder decoder;
  std::size_t next = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto& json = posted[next++ % posted.size()];
    auto decoded = decoder.view_posted(json);
    if (!std::holds_alternative<draft_view>(decoded))
      state.SkipWithError("sample: expected a review, got a mistake");
    benchmark::DoNotOptimize(decoded);
    bytes += json.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(parse_and_validate)->Name("parse and validate");

} // namespace
