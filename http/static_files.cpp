#include "http/static_files.hpp"

#include "embedded/http_page.hpp"
#include "http/entity_tag.hpp"
#include "http/gzip.hpp"
#include "http/media_type.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

namespace {

using std::string_view;

// Scripts, styles, pictures and connections of this host only, nothing inline; nobody may frame a page.
constexpr string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

constexpr std::array<std::pair<string_view, string_view>, 5> content_types{{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".json", "application/json"},
}};

string_view content_type_of(string_view name) {
  for (const auto& [ending, type] : content_types)
    if (name.ends_with(ending))
      return type;
  return "text/plain; charset=utf-8";
}

// One form of a file: its bytes and the header fields that go with them.
struct representation {
  string_view bytes;
  std::string tag;
  std::string headers;
};

// Shared by all sessions, never changed.
class static_file {
public:
  explicit static_file(const embedded::http_page::file& source)
      : name(source.name), content_type_(content_type_of(source.name)), packed_(gzip(source.text)) {
    const auto base = make_entity_tag(source.text);
    plain_ = {source.text, base, head_of(base)};
    // A strong tag names bytes, so the packed ones need another.
    auto packed_tag = base;
    packed_tag.insert(packed_tag.size() - 1, "-gzip");
    gzipped_ = {packed_, packed_tag, head_of(packed_tag) + "Content-Encoding: gzip\r\n"};
  }
  static_file(const static_file&) = delete;
  static_file& operator=(const static_file&) = delete;

  void write(const http_request& request, http_response& out) const {
    const auto media_type = content_type_.substr(0, content_type_.find(';'));
    if (!admits(request, media_type))
      return write_problem(out, problem_kind::not_acceptable,
                           "Accept: expected it to admit " + std::string(media_type) + ", got other types",
                           request.request_id);
    const auto& form = admits_gzip(request) ? gzipped_ : plain_;
    out.headers += form.headers;
    if (names_entity_tag(request, form.tag)) {
      out.status = 304;
      out.content_type = {};
      return;
    }
    out.content_type = content_type_;
    out.body = form.bytes;
  }

  const string_view name;

private:
  std::string head_of(string_view tag) const {
    std::string head = "ETag: ";
    head.append(tag).append("\r\nCache-Control: no-cache\r\nVary: Accept-Encoding\r\n");
    head += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n";
    if (content_type_.starts_with("text/html") || content_type_.starts_with("image/svg"))
      head.append("Content-Security-Policy: ").append(content_security_policy).append("\r\n");
    return head;
  }

  string_view content_type_;
  std::string packed_;
  representation plain_;
  representation gzipped_;
};

using static_folder = std::vector<std::shared_ptr<const static_file>>;

std::shared_ptr<const static_file> find_file(const static_folder& folder, string_view name) {
  const auto at = std::ranges::find(folder, name, [](const auto& file) { return file->name; });
  return at == folder.end() ? nullptr : *at;
}

class get_file : public endpoint {
public:
  explicit get_file(std::shared_ptr<const static_file> file) : file_(std::move(file)) {}

  answer handle(const http_request& request, http_response& out, const reply&) override {
    file_->write(request, out);
    return answer::now;
  }

private:
  std::shared_ptr<const static_file> file_;
};

class get_page_file : public endpoint {
public:
  explicit get_page_file(static_folder folder) : folder_(std::move(folder)) {}

  answer handle(const http_request& request, http_response& out, const reply&) override {
    if (const auto file = find_file(folder_, request.parameter("file")))
      file->write(request, out);
    else
      write_problem(out, problem_kind::not_found, "file: expected one of the page, got another name",
                    request.request_id);
    return answer::now;
  }

private:
  static_folder folder_;
};

} // namespace

void add_static_files(router& routes, http_metrics* metrics) {
  static_folder files;
  for (const auto& source : embedded::http_page::files)
    files.push_back(std::make_shared<const static_file>(source));
  const auto add = [&](string_view pattern, std::unique_ptr<endpoint> target) {
    routes.add(http_method::get, pattern, std::move(target));
    if (metrics)
      for (const unsigned status : {200, 304})
        metrics->prepare(metrics->route(pattern), http_method::get, status);
  };
  constexpr std::array<std::pair<string_view, string_view>, 3> own_paths{
      {{"/", "index.html"}, {"/lessons", "lessons.html"}, {"/openapi.json", "openapi.json"}}};
  for (const auto& [path, name] : own_paths)
    if (auto file = find_file(files, name))
      add(path, std::make_unique<get_file>(std::move(file)));
  std::erase_if(files, [&](const auto& file) {
    return std::ranges::find(own_paths, file->name, [](const auto& own) { return own.second; }) !=
           own_paths.end();
  });
  add("/page/{file}", std::make_unique<get_page_file>(std::move(files)));
}

} // namespace reviews
