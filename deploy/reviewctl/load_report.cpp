#include "deploy/reviewctl/load_report.hpp"

#include "actors/model/utf8.hpp"
#include "deploy/reviewctl/text.hpp"

#include <boost/json.hpp>

namespace reviews::ctl {

namespace json = boost::json;

namespace {

std::string millis(std::chrono::microseconds duration) {
  return fixed(double(duration.count()) / 1000, 2) + " ms";
}

double per_second(const load_report& report) {
  return report.elapsed.count() > 0 ? double(report.counts.accepted) / report.elapsed.count() : 0;
}

std::string name_of(int status) {
  return status == 0 ? "no answer" : "status " + std::to_string(status);
}

} // namespace

std::string to_text(const load_report& report) {
  const auto& counts = report.counts;
  const auto& times = report.latencies;
  const auto line = [](std::string_view name, const std::string& value) {
    return padded(name, 12) + value + "\n";
  };
  std::string text = line("sent", std::to_string(counts.sent)) +
                     line("accepted", std::to_string(counts.accepted)) +
                     line("rejected", std::to_string(counts.rejected_count()));
  for (const auto& [status, count] : counts.rejected)
    text += "  " + padded(name_of(status), 10) + std::to_string(count) +
            ", such as: " + utf8::replace_ill_formed(counts.examples.at(status)) + "\n";
  text += line("retried", std::to_string(counts.retried));
  text += line("throughput",
               fixed(per_second(report), 0) + " reviews/s for " + fixed(report.elapsed.count(), 1) + " s");
  text += line("latency", "p50 " + millis(times.quantile(0.5)) + "  p99 " + millis(times.quantile(0.99)) +
                              "  p99.9 " + millis(times.quantile(0.999)) + "  max " + millis(times.max()));
  text += line("own cpu", fixed(report.cpu.count(), 1) + " s");
  return text + line("seed", std::to_string(report.seed));
}

std::string to_json(const load_report& report) {
  const auto& counts = report.counts;
  const auto& times = report.latencies;
  json::object rejected;
  for (const auto& [status, count] : counts.rejected)
    rejected[std::to_string(status)] = {{"count", count},
                                        {"example", utf8::replace_ill_formed(counts.examples.at(status))}};
  return json::serialize(json::object{{"sent", counts.sent},
                                      {"accepted", counts.accepted},
                                      {"rejected_count", counts.rejected_count()},
                                      {"rejected", std::move(rejected)},
                                      {"retried", counts.retried},
                                      {"elapsed_seconds", report.elapsed.count()},
                                      {"reviews_per_second", per_second(report)},
                                      {"latency_us",
                                       {{"p50", times.quantile(0.5).count()},
                                        {"p99", times.quantile(0.99).count()},
                                        {"p99.9", times.quantile(0.999).count()},
                                        {"max", times.max().count()}}},
                                      {"cpu_seconds", report.cpu.count()},
                                      {"seed", report.seed}});
}

} // namespace reviews::ctl
