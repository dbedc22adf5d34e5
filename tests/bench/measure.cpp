#include "tests/bench/measure.hpp"

#include <boost/json/serialize.hpp>

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace reviews::bench {

namespace {

double own_cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) * 1e-6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// By the process's own clock (clock_getcpuclockid(3)): finer than the ticks of proc(5).
double cpu_seconds_of(std::size_t pid) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(static_cast<pid_t>(pid), &clock) != 0 || ::clock_gettime(clock, &used) != 0)
    return 0;
  return double(used.tv_sec) + double(used.tv_nsec) * 1e-9;
}

} // namespace

process_usage usage_of(std::size_t pid) {
  process_usage result;
  result.cpu_seconds = pid > 0 ? cpu_seconds_of(pid) : 0; // 0 would be this process
  std::string line;
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  while (std::getline(status, line)) {
    std::istringstream words(line);
    std::string name;
    std::size_t kib = 0;
    words >> name >> kib;
    if (name == "VmRSS:")
      result.rss_bytes = kib * 1024;
    if (name == "VmHWM:")
      result.peak_rss_bytes = kib * 1024;
  }
  return result;
}

measure::measure() : began_(std::chrono::steady_clock::now()), cpu_before_(own_cpu_seconds()) {}

double measure::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

void measure::print(std::size_t count, const boost::json::object& more) const {
  boost::json::object result{
      {"count", count},
      {"seconds", seconds()},
      {"cpu_seconds", own_cpu_seconds() - cpu_before_},
      {"peak_rss_bytes", usage_of(static_cast<std::size_t>(::getpid())).peak_rss_bytes}};
  for (const auto& [name, value] : more)
    result[name] = value;
  std::puts(boost::json::serialize(result).c_str());
  std::fflush(stdout); // also for those who end by _Exit
}

boost::json::object describe(const ctl::latency_histogram& latencies) {
  const auto ms = [](std::chrono::microseconds t) { return double(t.count()) * 1e-3; };
  return {{"p50_ms", ms(latencies.quantile(0.5))},
          {"p99_ms", ms(latencies.quantile(0.99))},
          {"max_ms", ms(latencies.max())}};
}

} // namespace reviews::bench
