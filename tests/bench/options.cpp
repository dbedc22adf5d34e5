#include "tests/bench/options.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace reviews::bench {

namespace {

constexpr int usage_status = 64; ///< EX_USAGE of sysexits.h.

[[noreturn]] void end_with_usage(std::string_view purpose, const std::map<std::string, std::string>& values,
                                 int status) {
  std::fprintf(stderr, "%.*s\n\nOptions and their defaults:\n", static_cast<int>(purpose.size()),
               purpose.data());
  for (const auto& [name, value] : values)
    std::fprintf(stderr, "  --%s %s\n", name.c_str(), value.empty() ? "\"\"" : value.c_str());
  std::exit(status);
}

} // namespace

options::options(int argc, char** argv, std::string_view purpose, std::map<std::string, std::string> defaults)
    : values_(std::move(defaults)) {
  for (int i = 1; i < argc; i += 2) {
    const std::string_view word(argv[i]);
    if (word == "--help")
      end_with_usage(purpose, values_, EXIT_SUCCESS);
    const auto found = word.starts_with("--") ? values_.find(std::string(word.substr(2))) : values_.end();
    if (found == values_.end() || i + 1 == argc) {
      std::fprintf(stderr, "option: expected `--name value` with a known name, got %s\n", argv[i]);
      end_with_usage(purpose, values_, usage_status);
    }
    found->second = argv[i + 1];
  }
}

std::size_t options::number(const std::string& name) const {
  const auto& value = text(name);
  std::size_t result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error == std::errc{} && end == value.data() + value.size())
    return result;
  std::fprintf(stderr, "--%s: expected a whole number, got another text\n", name.c_str());
  std::exit(usage_status);
}

} // namespace reviews::bench
