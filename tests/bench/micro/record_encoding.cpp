// The Kafka record of a review: key, JSON value, headers.

#include "actors/model/review_record.hpp"
#include "tests/bench/sample_reviews.hpp"

#include <benchmark/benchmark.h>

#include <vector>

namespace {

using namespace reviews;

constexpr std::size_t samples_count = 4096;
constexpr std::size_t vendors_count = 1000;

void encode_record(benchmark::State& state) {
  const bench::sample_reviews samples(bench::seed_of_now(), vendors_count);
  std::vector<review> taken_in;
  for (std::size_t i = 0; i < samples_count; ++i)
    taken_in.push_back(samples.taken_in(i));
  std::size_t next = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    auto encoded = make_review_record(view_of(taken_in[next++ % taken_in.size()]));
    bytes += bytes_of(encoded);
    benchmark::DoNotOptimize(encoded);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(encode_record)->Name("record encoding");

} // namespace
