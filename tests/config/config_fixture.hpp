#pragma once

#include "config/load.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace reviews {

/// A file of a given content that is deleted in the end.
class temporary_file {
public:
  explicit temporary_file(const std::string& content) {
    auto pattern = (std::filesystem::temp_directory_path() / "reviews-config-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error("temporary directory: none could be made");
    directory_ = pattern;
    std::ofstream(path(), std::ios::binary) << content;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::filesystem::remove_all(directory_); }

  std::string path() const { return (directory_ / "some.toml").string(); }

private:
  std::filesystem::path directory_;
};

using variables = std::map<std::string, std::string>;

inline std::vector<const char*> argv_of(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"program"};
  for (const auto& argument : arguments)
    argv.push_back(argument.c_str());
  return argv;
}

inline auto producer_of(const std::vector<std::string>& arguments, const variables& environment = {},
                        const kafka_check& check = {}) {
  const auto argv = argv_of(arguments);
  return load_producer(static_cast<int>(argv.size()), argv.data(), environment, check);
}

inline auto consumer_of(const std::vector<std::string>& arguments, const variables& environment = {},
                        const kafka_check& check = {}) {
  const auto argv = argv_of(arguments);
  return load_consumer(static_cast<int>(argv.size()), argv.data(), environment, check);
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace reviews
