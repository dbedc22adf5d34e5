#include "tests/bench/measure.hpp"

#include <boost/json/serialize.hpp>

#include <sys/resource.h>
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

/// User and system time, fields 14 and 15; the name in parentheses may hold spaces.
double cpu_seconds_of(const std::string& stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos)
    return 0;
  std::istringstream rest(stat.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field)
    rest >> skipped;
  double user = 0;
  double system = 0;
  rest >> user >> system;
  return (user + system) / double(::sysconf(_SC_CLK_TCK));
}

} // namespace

process_usage usage_of(std::size_t pid) {
  const auto folder = "/proc/" + std::to_string(pid);
  process_usage result;
  std::string line;
  std::ifstream stat(folder + "/stat");
  std::getline(stat, line);
  result.cpu_seconds = cpu_seconds_of(line);
  std::ifstream status(folder + "/status");
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
