#include "tests/bench/store_floor.hpp"

#include "tests/bench/measure.hpp"
#include "tests/bench/sample_reviews.hpp"

#include <future>
#include <vector>

namespace reviews::bench {

namespace {

/// Contents are made once and repeat; ids do not.
struct row_source {
  row_source(std::size_t pool_size, std::size_t vendors, std::size_t partitions_count)
      : seed(seed_of_now()), partitions(partitions_count) {
    const sample_reviews samples(seed, vendors);
    for (std::size_t i = 0; i < pool_size; ++i) {
      pool.push_back(samples.taken_in(i));
      partition_of_pool.push_back(partition_of(pool.back().vendor_id, static_cast<std::int32_t>(partitions)));
    }
  }

  std::int32_t partition(std::size_t index) const { return partition_of_pool[index % pool.size()]; }

  review make(std::size_t index) const {
    auto result = pool[index % pool.size()];
    result.created_at = timestamp(std::chrono::microseconds(seed + index));
    result.id = make_review_id(result.created_at);
    return result;
  }

  std::uint64_t seed;
  std::size_t partitions;
  std::vector<review> pool;
  std::vector<std::int32_t> partition_of_pool;
};

void store_share(const row_source& rows, const options& given, std::size_t worker, const batch_sink& sink) {
  const auto connections = given.number("connections");
  const auto batch_rows = given.number("batch");
  const auto records = given.number("records");
  std::vector<plain_batch> batches(rows.partitions);
  for (std::size_t i = 0; i < batches.size(); ++i)
    batches[i].partition = static_cast<std::int32_t>(i);
  const auto flush = [&](plain_batch& batch) {
    batch.from_offset = batch.next_offset;
    batch.next_offset += static_cast<std::int64_t>(batch.rows.size());
    sink(batch);
    batch.rows.clear();
  };
  for (std::size_t i = 0; i < records; ++i) {
    const auto partition = static_cast<std::size_t>(rows.partition(i));
    if (partition % connections != worker)
      continue;
    auto& batch = batches[partition];
    batch.rows.push_back({rows.make(i), batch.next_offset + static_cast<std::int64_t>(batch.rows.size())});
    if (batch.rows.size() == batch_rows)
      flush(batch);
  }
  for (auto& batch : batches)
    if (!batch.rows.empty())
      flush(batch);
}

} // namespace

std::map<std::string, std::string> store_options() {
  return {{"url", "postgresql://reviews@localhost:5432/reviews"},
          {"records", "100000"},
          {"batch", "1000"},
          {"connections", "1"},
          {"partitions", "6"},
          {"vendors", "1000"},
          {"pool", "20000"},
          {"group", "bench"},
          {"topic", "bench"}};
}

void run_store_floor(const options& given, const std::function<batch_sink()>& make_sink) {
  const row_source rows(given.number("pool"), given.number("vendors"), given.number("partitions"));
  std::vector<batch_sink> sinks;
  for (std::size_t i = 0; i < given.number("connections"); ++i)
    sinks.push_back(make_sink());
  const measure whole;
  std::vector<std::future<void>> workers;
  for (std::size_t i = 0; i < sinks.size(); ++i)
    workers.push_back(std::async(std::launch::async, [&, i] { store_share(rows, given, i, sinks[i]); }));
  for (auto& each : workers)
    each.get();
  whole.print(given.number("records"));
}

} // namespace reviews::bench
