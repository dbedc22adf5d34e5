#include "config/masks.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace reviews::config {

namespace {

bool holds(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

/// A parameter of libpq that is no secret: whatever is not surely harmless is hidden.
bool is_harmless(std::string_view parameter) noexcept {
  constexpr std::array harmless{"host",
                                "hostaddr",
                                "port",
                                "dbname",
                                "user",
                                "connect_timeout",
                                "client_encoding",
                                "application_name",
                                "keepalives",
                                "keepalives_idle",
                                "keepalives_interval",
                                "keepalives_count",
                                "sslmode",
                                "sslrootcert",
                                "sslcert",
                                "sslkey",
                                "target_session_attrs",
                                "tcp_user_timeout",
                                "channel_binding",
                                "gssencmode",
                                "fallback_application_name",
                                "passfile",
                                "service",
                                "load_balance_hosts"};
  return std::find(harmless.begin(), harmless.end(), parameter) != harmless.end();
}

std::string mask_query(std::string_view query) {
  std::string out;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto parameter = query.substr(0, end);
    const auto equals = std::min(parameter.find('='), parameter.size());
    if (is_harmless(parameter.substr(0, equals)))
      out += parameter;
    else
      out.append(parameter.substr(0, equals)).append("=").append(mask);
    if (end < query.size())
      out += '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return out;
}

/// libpq takes as the password what stands between the first colon and the first `@` ahead of
/// any slash; a password with an unescaped slash or question mark hides the whole rest.
std::string mask_uri(std::string_view uri) {
  const auto authority = uri.find("://") + 3;
  auto end = std::min(uri.find_first_of("/?", authority), uri.size());
  const auto last_at = uri.rfind('@');
  std::string out(uri.substr(0, authority));
  if (last_at != std::string_view::npos && last_at > end)
    return out.append(mask);
  if (const auto at = uri.substr(authority, end - authority).rfind('@'); at != std::string_view::npos) {
    const auto user = uri.substr(authority, at);
    const auto colon = user.find(':');
    out += user.substr(0, colon);
    if (colon != std::string_view::npos)
      out.append(":").append(mask);
    out += '@';
    out += uri.substr(authority + at + 1, end - authority - at - 1);
  } else {
    out += uri.substr(authority, end - authority);
  }
  const auto question = std::min(uri.find('?', end), uri.size());
  out += uri.substr(end, question - end);
  if (question < uri.size())
    out.append("?").append(mask_query(uri.substr(question + 1)));
  return out;
}

/// The end of a keyword's value that starts at `from`: quoted or up to a blank, with backslashes.
std::size_t end_of_value(std::string_view text, std::size_t from) noexcept {
  const bool quoted = from < text.size() && text[from] == '\'';
  auto i = from + (quoted ? 1 : 0);
  for (; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (quoted && text[i] == '\'')
      return i + 1;
    else if (!quoted && text[i] == ' ')
      return i;
  }
  return std::min(i, text.size());
}

std::string mask_keywords(std::string_view text) {
  std::string out;
  while (true) {
    const auto start = text.find_first_not_of(' ');
    if (start == std::string_view::npos)
      return out;
    text.remove_prefix(start);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
      return out.empty() ? std::string(mask) : out.append(" ").append(mask);
    const auto keyword = text.substr(0, text.substr(0, equals).find_last_not_of(' ') + 1);
    const auto begin = std::min(text.find_first_not_of(' ', equals + 1), text.size());
    const auto end = end_of_value(text, begin);
    out.append(out.empty() ? "" : " ");
    if (holds(keyword, " ") || !is_harmless(keyword))
      out.append(is_harmless(keyword) || keyword == "password" || keyword == "sslpassword" ? keyword : mask)
          .append("=")
          .append(mask);
    else
      out.append(keyword).append("=").append(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

} // namespace

std::string mask_url(std::string_view url) {
  const auto is_uri = url.rfind("postgresql://", 0) == 0 || url.rfind("postgres://", 0) == 0;
  if (is_uri)
    return mask_uri(url);
  return holds(url, "=") && !holds(url, "://") ? mask_keywords(url) : std::string(mask);
}

bool is_secret_entry(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array parts{"password",    "secret", "passphrase",         "ssl.key.pem",
                             "private.key", "jaas",   "oauthbearer.config", "https.proxy"};
  return lower == "ssl_key" ||
         std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return holds(lower, part); });
}

value masked(const option& what, const value& v) {
  if (what.takes.secret)
    return mask_url(std::get<std::string>(v));
  const auto* entries = std::get_if<std::map<std::string, std::string>>(&v);
  if (entries == nullptr)
    return v;
  auto shown = *entries;
  for (auto& [name, text] : shown)
    if (is_secret_entry(name))
      text = mask;
  return shown;
}

} // namespace reviews::config
