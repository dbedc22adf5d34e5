// A record's way from a session to PUBLISHER and back, with a
// broker that acknowledges at once: what the actors cost without Kafka.
//
// `on the loop`: asked on the thread that runs the actors, as a session does.
// `across threads`: asked on another thread, so that each way wakes one.

#include "actors/asio_scheduler.hpp"
#include "actors/publisher.hpp"
#include "actors/publisher_intake.hpp"
#include "tests/fakes/recipient.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/defer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <prometheus/registry.h>

#include <iterator>
#include <memory>
#include <semaphore>
#include <thread>
#include <utility>

namespace {

using namespace reviews;
namespace asio = boost::asio;

/// Delivers every record as soon as it has it.
class instant_client final : public producer_client {
public:
  void on_deliveries(std::function<void()> wake) override { wake_ = std::move(wake); }

  outcome<void> produce(record&& what, std::uint64_t token) override {
    const auto taken = std::move(what); // freed here, as librdkafka copies
    ready_.push_back({token, receipt{0, next_offset_++}});
    if (ready_.size() == 1)
      wake_();
    return boost::system::in_place_value;
  }

  void take_deliveries(std::vector<delivery>& out) override {
    std::move(ready_.begin(), ready_.end(), std::back_inserter(out));
    ready_.clear();
  }

  std::optional<failure> end_reason() const override { return std::nullopt; }
  outcome<std::int32_t> partition_count(std::chrono::milliseconds) override { return 1; }

private:
  std::function<void()> wake_;
  std::vector<delivery> ready_;
  std::int64_t next_offset_ = 0;
};

/// PUBLISHER and the intake before it, on a loop of their own.
class publishing {
public:
  publishing() : metrics_(registry_), work_(asio::make_work_guard(loop_)) {
    run_actors_on(loop_, config_);
    system_ = std::make_unique<caf::actor_system>(config_);
    const producer_client_factory make_client = [] { return producer_client_ptr(new instant_client); };
    publisher_ = system_->spawn(publisher, publisher_params{}, make_client, &metrics_);
    auto pool = make_pool<publisher_actor>(1);
    pool->address(0)->set(publisher_);
    intake_ = make_publisher_intake(
        [this](std::function<void()> what) { asio::defer(loop_, std::move(what)); }, pool);
  }

  ~publishing() {
    run_by_itself(); // the system waits for its actors
    caf::anon_send_exit(publisher_, caf::exit_reason::user_shutdown);
    publisher_ = publisher_actor{};
    system_.reset();
    work_.reset();
    runner_.join();
  }

  /// The loop is run by a thread of its own from now on, and by nobody else.
  void run_by_itself() {
    if (!runner_.joinable())
      runner_ = std::thread([this] { loop_.run(); });
  }

  asio::io_context& loop() { return loop_; }

  /// Publishes `count` records, each for itself; `then` is called for each on the loop.
  template <class Then>
  void publish(std::int64_t count, const Then& then) {
    for (std::int64_t i = 0; i < count; ++i) {
      review_intake::records records;
      records.push_back({"cafe-12345", std::string(value_bytes, 'x'), {}});
      intake_->publish(std::move(records), test::call([then](const review_intake::results&) { then(); }));
    }
  }

private:
  static constexpr std::size_t value_bytes = 400;

  asio::io_context loop_{1};
  prometheus::Registry registry_;
  publisher_metrics metrics_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  publisher_actor publisher_;
  std::unique_ptr<publisher_intake> intake_;
  std::thread runner_;
};

void on_the_loop(benchmark::State& state) {
  publishing what;
  for (auto _ : state) {
    auto missing = state.range(0);
    asio::post(what.loop(), [&] { what.publish(state.range(0), [&missing] { --missing; }); });
    while (missing > 0)
      what.loop().run_one();
  }
  state.counters["reviews"] = static_cast<double>(state.range(0)); // an iteration
}
BENCHMARK(on_the_loop)->Name("mailbox round trip on the loop")->ArgName("at once")->Arg(1)->Arg(64);

void across_threads(benchmark::State& state) {
  std::counting_semaphore answered(0);
  publishing what;
  what.run_by_itself();
  for (auto _ : state) {
    what.publish(state.range(0), [&answered] { answered.release(); });
    for (std::int64_t i = 0; i < state.range(0); ++i)
      answered.acquire();
  }
  state.counters["reviews"] = static_cast<double>(state.range(0)); // an iteration
}
BENCHMARK(across_threads)
    ->Name("mailbox round trip across threads")
    ->ArgName("at once")
    ->Arg(1)
    ->Arg(64)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

} // namespace
