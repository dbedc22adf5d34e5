#define CAF_SUITE static_files

#include "http/gzip.hpp"
#include "http/static_files.hpp"
#include "tests/http/server_fixture.hpp"

#include <fstream>
#include <iterator>

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

class page_server : public server_fixture {
public:
  page_server() : server_fixture(quick(), page_routes()) {}

  wire_response get_with(std::string_view target, std::string_view headers = "") {
    return connect().ask(get(target, headers));
  }

private:
  static router page_routes() {
    router routes;
    add_static_files(routes, nullptr);
    return routes;
  }
};

// The tests run in the project's folder.
std::string file_text(const std::string& name) {
  std::ifstream file("http/page/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(static_files_tests, page_server)

CAF_TEST(the page admits nothing but files of its own host) {
  const auto uut = get_with("/");

  CAF_CHECK_EQUAL(uut.status, 200);
  CAF_CHECK_EQUAL(uut.body, file_text("index.html"));
  CAF_CHECK_EQUAL(uut.header("Content-Type"), "text/html; charset=utf-8");
  CAF_CHECK_EQUAL(uut.header("Content-Security-Policy"),
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  CAF_CHECK_EQUAL(uut.header("X-Content-Type-Options"), "nosniff");
  CAF_CHECK_EQUAL(uut.header("Referrer-Policy"), "same-origin");
  CAF_CHECK_EQUAL(uut.header("Cache-Control"), "no-cache");
  CAF_CHECK_EQUAL(uut.header("Vary"), "Accept-Encoding");
  CAF_CHECK_EQUAL(uut.header("Content-Encoding"), "");
}

CAF_TEST(a file goes out packed to whom admits gzip) {
  const auto uut = get_with("/page/page.css", "Accept-Encoding: br, gzip\r\n");

  std::string unpacked;
  CAF_CHECK_EQUAL(uut.status, 200);
  CAF_CHECK_EQUAL(uut.header("Content-Encoding"), "gzip");
  CAF_CHECK_EQUAL(uut.header("Content-Type"), "text/css; charset=utf-8");
  CAF_CHECK(gunzip(uut.body, 1'000'000, unpacked) == gunzip_result::ok);
  CAF_CHECK_EQUAL(unpacked, file_text("page.css"));
  CAF_CHECK(uut.header("ETag") != get_with("/page/page.css").header("ETag"));
}

CAF_TEST(whoever has a file already is told so) {
  const auto tag = get_with("/").header("ETag");
  const auto packed_tag = get_with("/", "Accept-Encoding: gzip\r\n").header("ETag");

  const auto uut = get_with("/", "If-None-Match: \"other\", " + tag + "\r\n");
  CAF_CHECK_EQUAL(uut.status, 304);
  CAF_CHECK_EQUAL(uut.body, "");
  CAF_CHECK_EQUAL(uut.header("ETag"), tag);
  CAF_CHECK_EQUAL(uut.header("Vary"), "Accept-Encoding");
  CAF_CHECK_EQUAL(get_with("/", "If-None-Match: *\r\n").status, 304);
  CAF_CHECK_EQUAL(get_with("/", "If-None-Match: \"other\"\r\n").status, 200);
  CAF_CHECK_EQUAL(get_with("/", "If-None-Match: " + packed_tag + "\r\n").status, 200);
}

CAF_TEST(HEAD tells the length and sends nothing) {
  auto connection = connect();
  connection.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto uut = connection.read(false);

  CAF_CHECK_EQUAL(uut.status, 200);
  CAF_CHECK_EQUAL(uut.header("Content-Length"), std::to_string(file_text("index.html").size()));
  CAF_CHECK_EQUAL(connection.ask(get("/nowhere")).status, 404);
}

CAF_TEST(other names and types are refused) {
  CAF_CHECK_EQUAL(get_with("/page/nothing.js").status, 404);
  CAF_CHECK_EQUAL(get_with("/page/index.html").status, 404);
  CAF_CHECK_EQUAL(get_with("/page/..%2Findex.html").status, 404);
  CAF_CHECK_EQUAL(get_with("/page/").status, 404);
  CAF_CHECK_EQUAL(get_with("/", "Accept: text/*;q=0.4, image/png\r\n").status, 200);
  const auto uut = get_with("/", "Accept: application/json\r\n");
  CAF_CHECK_EQUAL(uut.status, 406);
  CAF_CHECK_EQUAL(text_at(json_of(uut), "/detail"),
                  "Accept: expected it to admit text/html, got other types");
  CAF_CHECK_EQUAL(connect().ask("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n").header("Allow"), "GET, HEAD");
}

CAF_TEST_FIXTURE_SCOPE_END()
