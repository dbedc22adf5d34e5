#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace reviews::bench {

/// Options of the form `--name value`, each with a default. On an unknown name or
/// a missing value prints the usage and ends the process with status 64; with 0 on `--help`.
class options {
public:
  options(int argc, char** argv, std::string_view purpose, std::map<std::string, std::string> defaults);

  /// The value as text. @pre `name` has a default.
  const std::string& text(const std::string& name) const { return values_.at(name); }

  /// The value as a number; ends the process with status 64 when it is none.
  std::size_t number(const std::string& name) const;

private:
  std::map<std::string, std::string> values_;
};

} // namespace reviews::bench
