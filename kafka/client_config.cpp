#include "kafka/client_config.hpp"

#include "actors/model/log.hpp"

#include <openssl/x509_vfy.h>

#include <syslog.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <set>

namespace reviews::kafka {
namespace {

/// librdkafka's levels are syslog's (RFC 5424): 0 emergency … 7 debug.
log::level to_level(int syslog_level) noexcept {
  if (syslog_level <= LOG_ERR)
    return log::level::error;
  if (syslog_level == LOG_WARNING)
    return log::level::warning;
  return syslog_level <= LOG_INFO ? log::level::info : log::level::debug;
}

/// A connection that failed: librdkafka tries again, and an error event says so, too.
bool is_connection_trouble(std::string_view facility) noexcept {
  return facility == "FAIL" || facility == "ERROR" || facility == "SSLCERTVRFY";
}

void write_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  const auto shown = is_connection_trouble(facility) ? std::max(level, LOG_WARNING) : level;
  log::write(to_level(shown), "kafka_client_log",
             {{"client", std::string_view(client ? rd_kafka_name(client) : "")},
              {"facility", std::string_view(facility)},
              {"message", std::string_view(text)}});
}

/// Names what is wrong with a broker's certificate, which librdkafka itself calls only "not verified".
int check_certificate(rd_kafka_t*, const char*, std::int32_t, int* x509_error, int, const char*, std::size_t,
                      char* text, std::size_t size, void*) {
  if (*x509_error == X509_V_OK)
    return 1;
  std::snprintf(text, size, "%s", X509_verify_cert_error_string(*x509_error));
  return 0;
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
  rd_kafka_conf_set_ssl_cert_verify_cb(conf.get(), check_certificate);
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
