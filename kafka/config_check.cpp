#include "kafka/config_check.hpp"

#include "kafka/client_config.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <map>
#include <string>

namespace reviews::kafka {
namespace {

/// Kafka's rule for topic names (org.apache.kafka.common.internals.Topic).
bool is_topic_name(const std::string& name) {
  const auto is_legal = [](unsigned char c) {
    return (c < 128 && std::isalnum(c)) || c == '.' || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 249 && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), is_legal);
}

void check_topic(const char* key, const std::string& name, std::vector<std::string>& mistakes) {
  if (!is_topic_name(name))
    mistakes.push_back(std::string(key) + ": expected 1..249 of A-Z a-z 0-9 . _ -, got " + name);
}

/// The value under the first of `names` that is set; empty when none is.
std::string value_of(const std::map<std::string, std::string>& settings,
                     std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (const auto found = settings.find(name); found != settings.end())
      return found->second;
  return {};
}

/// Without a way to a token librdkafka would wait for one forever.
void check_token(const kafka_params& params, role r, std::vector<std::string>& mistakes) {
  const auto& given = user_settings(params, r);
  if (value_of(given, {"sasl.mechanisms", "sasl.mechanism"}) == "OAUTHBEARER" &&
      value_of(given, {"sasl.oauthbearer.method"}) != "oidc" &&
      value_of(given, {"enable.sasl.oauthbearer.unsecure.jwt"}) != "true")
    mistakes.push_back(
        std::string(table_name(r)) +
        ".sasl.oauthbearer.method: expected oidc with sasl.mechanisms OAUTHBEARER, got no way to a token");
}

void check_role(const kafka_params& params, role r, std::vector<std::string>& mistakes) {
  const auto mistakes_before = mistakes.size();
  if (!make_conf(params, r, mistakes) || mistakes.size() != mistakes_before)
    return;
  check_token(params, r, mistakes);
  auto offline = params;
  offline.bootstrap_servers.clear();
  offline.producer["log_level"] = offline.consumer["log_level"] = "3"; // no word on missing servers
  if (auto client = make_client(offline, r, 0); !client)
    mistakes.push_back(client.error().detail);
}

} // namespace

std::vector<std::string> check(const kafka_params& params) {
  std::vector<std::string> mistakes;
  if (params.bootstrap_servers.empty())
    mistakes.emplace_back("kafka.bootstrap-servers: expected host:port, got nothing");
  check_topic("kafka.topic", params.topic, mistakes);
  check_topic("kafka.dlq-topic", params.dlq_topic, mistakes);
  if (params.topic == params.dlq_topic)
    mistakes.push_back("kafka.dlq-topic: expected another topic than kafka.topic, got " + params.dlq_topic);
  if (params.group_id.empty())
    mistakes.emplace_back("kafka.group-id: expected a name, got nothing");
  check_role(params, role::producer, mistakes);
  check_role(params, role::consumer, mistakes);
  return mistakes;
}

} // namespace reviews::kafka
