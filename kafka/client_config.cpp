#include "kafka/client_config.hpp"

#include "actors/model/log.hpp"

#include <array>
#include <functional>
#include <set>

namespace reviews::kafka {
namespace {

/// librdkafka's levels are syslog's (RFC 5424): 0 emergency … 7 debug.
log::level to_level(int syslog_level) noexcept {
  if (syslog_level <= 3)
    return log::level::error;
  if (syslog_level == 4)
    return log::level::warning;
  return syslog_level <= 6 ? log::level::info : log::level::debug;
}

void write_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  log::write(to_level(level), "kafka_client_log",
             {{"client", std::string_view(client ? rd_kafka_name(client) : "")},
              {"facility", std::string_view(facility)},
              {"message", std::string_view(text)}});
}

/// True when librdkafka's words about the value might repeat a secret.
bool is_secret(std::string_view name) noexcept {
  for (std::string_view word : {"password", "secret", "jaas", "token", ".key", "oauthbearer.config", ".pem"})
    if (name.find(word) != std::string_view::npos)
      return true;
  return false;
}

/// Sets one value. Nothing, or the line that says what is wrong.
std::string set(rd_kafka_conf_t* conf, const setting& s, std::string_view table) {
  std::array<char, 512> text{};
  const auto result = rd_kafka_conf_set(conf, s.name.c_str(), s.value.c_str(), text.data(), text.size());
  if (result == RD_KAFKA_CONF_OK || (result == RD_KAFKA_CONF_UNKNOWN && s.is_optional))
    return {};
  const std::string subject = std::string(table) + "." + s.name;
  if (result == RD_KAFKA_CONF_UNKNOWN)
    return subject + ": expected the name of a librdkafka setting, got an unknown one";
  return subject + ": expected a value that librdkafka takes, got " +
         (is_secret(s.name) ? std::string("another") : std::string(text.data()));
}

void apply_user_settings(rd_kafka_conf_t* conf, const kafka_params& params, role r,
                         std::set<std::string, std::less<>>& taken, std::vector<std::string>& mistakes) {
  for (const auto& [name, value] : user_settings(params, r)) {
    taken.insert(std::string(canonical_name(name)));
    auto mistake = broken_rule(name, value, r);
    if (!mistake)
      mistake = set(conf, {name, value}, table_name(r));
    if (!mistake->empty())
      mistakes.push_back(std::move(*mistake));
  }
}

} // namespace

conf_ptr make_conf(const kafka_params& params, role r, std::vector<std::string>& mistakes) {
  conf_ptr conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), write_log);
  const auto mistakes_before = mistakes.size();
  std::set<std::string, std::less<>> taken;
  apply_user_settings(conf.get(), params, r, taken, mistakes);
  for (const auto& s : default_settings(params, r))
    if (!taken.contains(s.name))
      if (auto mistake = set(conf.get(), s, table_name(r)); !mistake.empty())
        mistakes.push_back(std::move(mistake));
  for (const auto& s : forced_settings(params, r))
    if (auto mistake = set(conf.get(), s, "kafka"); !mistake.empty())
      mistakes.push_back(std::move(mistake));
  return mistakes.size() == mistakes_before ? std::move(conf) : nullptr;
}

outcome<client_ptr> make_client(const kafka_params& params, role r, int events) {
  std::vector<std::string> mistakes;
  auto conf = make_conf(params, r, mistakes);
  if (!conf) {
    std::string all;
    for (const auto& mistake : mistakes)
      all.append(all.empty() ? "" : "; ").append(mistake);
    return failure{ec::refused, std::move(all)};
  }
  rd_kafka_conf_set_events(conf.get(), events);
  const auto type = r == role::producer || r == role::admin ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  std::array<char, 512> text{};
  client_ptr client(rd_kafka_new(type, conf.get(), text.data(), text.size()));
  if (!client)
    return failure{ec::refused,
                   std::string(table_name(r)) + ": expected settings that fit together, got " + text.data()};
  static_cast<void>(conf.release()); // owned by the client now
  return client;
}

} // namespace reviews::kafka
