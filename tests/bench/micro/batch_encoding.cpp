// A batch of rows as the arrays that Postgres is sent; timed for the whole batch.

#include "db/batch_columns.hpp"
#include "tests/bench/sample_reviews.hpp"

#include <benchmark/benchmark.h>

#include <vector>

namespace {

using namespace reviews;

constexpr std::size_t vendors_count = 1000;

void encode_batch(benchmark::State& state) {
  const bench::sample_reviews samples(bench::seed_of_now(), vendors_count);
  review_rows rows;
  for (std::int64_t i = 0; i < state.range(0); ++i)
    rows.add({view_of(samples.taken_in(static_cast<std::uint64_t>(i))), i, {}});
  batch_columns columns;
  for (auto _ : state) {
    columns.encode(rows);
    benchmark::DoNotOptimize(columns[batch_column::text].data());
  }
  state.counters["reviews"] = static_cast<double>(state.range(0)); // an iteration
}
BENCHMARK(encode_batch)->Name("batch encoding")->ArgName("rows")->Arg(1)->Arg(1000);

} // namespace
