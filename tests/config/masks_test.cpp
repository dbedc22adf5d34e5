#define CAF_SUITE masks

#include "config/masks.hpp"

#include "caf/test/unit_test.hpp"

#include <string>

using namespace reviews::config;

CAF_TEST(a URI loses its password and keeps the rest) {
  CAF_CHECK_EQUAL(mask_url("postgresql://reviews@localhost:5432/reviews"),
                  "postgresql://reviews@localhost:5432/reviews");
  CAF_CHECK_EQUAL(mask_url("postgresql://u:geheim@h:1,i:2/d?sslmode=require"),
                  "postgresql://u:***@h:1,i:2/d?sslmode=require");
  CAF_CHECK_EQUAL(mask_url("postgres://u:a@geheim@h/d"), "postgres://u:***@h/d");
  CAF_CHECK_EQUAL(mask_url("postgresql:///d?host=/tmp&user=u"), "postgresql:///d?host=/tmp&user=u");
}

CAF_TEST(parameters that might be secret are hidden) {
  CAF_CHECK_EQUAL(mask_url("postgresql://h/d?password=geheim&port=1"),
                  "postgresql://h/d?password=***&port=1");
  CAF_CHECK_EQUAL(mask_url("postgresql://h/d?sslpassword=geheim"), "postgresql://h/d?sslpassword=***");
  CAF_CHECK(mask_url("postgresql://h/d?pass%77ord=geheim").find("geheim") == std::string::npos);
}

CAF_TEST(a password with unescaped marks takes the rest along) {
  for (const auto* url : {"postgresql://u:ge/heim@h/d", "postgresql://u:ge?heim@h/d",
                          "postgresql://u:x@ge/heim@h/d", "postgresql://u:ge/h:heim@h"})
    CAF_CHECK(mask_url(url).find("heim") == std::string::npos);
}

CAF_TEST(keywords lose their passwords) {
  CAF_CHECK_EQUAL(mask_url("host=h password=geheim dbname=d"), "host=h password=*** dbname=d");
  CAF_CHECK_EQUAL(mask_url("password = 'ge heim\\' x' host=h"), "password=*** host=h");
  CAF_CHECK_EQUAL(mask_url("host=h password=ge\\ heim"), "host=h password=***");
  CAF_CHECK_EQUAL(mask_url("host=h password='geheim"), "host=h password=***");
}

CAF_TEST(what is not understood is hidden as a whole) {
  for (const auto* url :
       {"geheim", "mysql://u:geheim@h", "host=h geheim", "geheim password=x", "POSTGRES://u:geheim@h"})
    CAF_CHECK(mask_url(url).find("geheim") == std::string::npos);
}

CAF_TEST(settings of librdkafka that hold secrets are known) {
  for (const auto* name : {"sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem",
                           "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config", "SASL.PASSWORD"})
    CAF_CHECK(is_secret_entry(name));
  for (const auto* name : {"sasl.username", "linger.ms", "ssl.key.location", "ssl.ca.pem"})
    CAF_CHECK(!is_secret_entry(name));
}
