"""The walls stand: each rule is broken on purpose once, and seen."""

import pytest

import include_rules
from include_rules import broken_rules, cycles


@pytest.mark.parametrize(
    ("path", "include"),
    [
        ("actors/model/a.cpp", "<caf/all.hpp>"),
        ("actors/ports/a.hpp", "<caf/actor.hpp>"),
        ("http/a.cpp", "<caf/all.hpp>"),
        ("actors/a.cpp", "<librdkafka/rdkafka.h>"),
        ("deploy/producer/main.cpp", "<librdkafka/rdkafka.h>"),
        ("http/a.cpp", "<pqxx/pqxx>"),
        ("deploy/reviewctl/a.cpp", "<libpq-fe.h>"),
        ("actors/a.cpp", "<boost/beast/http.hpp>"),
        ("deploy/reviewctl/a.cpp", "<boost/beast.hpp>"),
        ("actors/publisher.cpp", "<boost/asio.hpp>"),
        ("kafka/a.cpp", "<boost/asio/post.hpp>"),
        ("http/a.cpp", "<simdjson.h>"),
        ("actors/model/review_json.hpp", "<simdjson.h>"),
        ("deploy/producer/main.cpp", "<toml++/toml.h>"),
        ("deploy/producer/main.cpp", "<CLI/CLI.hpp>"),
        ("db/a.cpp", "<spdlog/spdlog.h>"),
        ("http/a.cpp", '"kafka/params.hpp"'),
        ("http/a.cpp", '"db/session.hpp"'),
        ("kafka/a.cpp", '"actors/messages.hpp"'),
        ("db/a.cpp", '"config/settings.hpp"'),
        ("actors/a.cpp", '"db/params.hpp"'),
        ("actors/model/a.cpp", '"actors/messages.hpp"'),
        ("config/a.cpp", '"http/listener.hpp"'),
        ("actors/a.cpp", '"tests/fakes/fake_review_store.hpp"'),
        ("deploy/producer/main.cpp", '"tests/fixtures/postgres.hpp"'),
    ],
)
def test_a_broken_rule_is_seen(path, include):
    (broken,) = broken_rules({path: f"#pragma once\n  #  include {include}\n"})

    assert broken.startswith(f"{path}: expected")
    assert include.strip('<>"') in broken


@pytest.mark.parametrize(
    ("path", "include"),
    [
        ("actors/publisher.cpp", "<caf/all.hpp>"),
        ("deploy/producer/main.cpp", "<caf/actor_system.hpp>"),
        ("tests/actors/publisher_test.cpp", '"caf/test/dsl.hpp"'),
        ("kafka/a.cpp", "<librdkafka/rdkafka_mock.h>"),
        ("actors/asio_scheduler.cpp", "<boost/asio.hpp>"),
        ("actors/model/review_json.cpp", "<simdjson.h>"),
        ("config/a.cpp", '"http/params.hpp"'),
        ("http/a.cpp", '"actors/ask.hpp"'),
        ("http/a.cpp", '"actors/ports/review_intake.hpp"'),
        ("deploy/producer/main.cpp", '"http/listener.hpp"'),
        ("tests/db/a_test.cpp", '"db/session.hpp"'),
        ("http/a.cpp", "<string>"),
    ],
)
def test_what_is_allowed_is_not_reported(path, include):
    assert broken_rules({path: f"#include {include}\n"}) == []


def test_an_include_in_a_comment_is_none():
    assert broken_rules({"http/a.cpp": '// #include <pqxx/pqxx>\n/*\n#include "db/session.hpp"\n*/\n'}) == []


def test_a_relative_include_does_not_slip_through():
    files = {"http/a.cpp": '#include "../db/session.hpp"\n', "db/session.hpp": ""}

    (broken,) = broken_rules(files)

    assert broken.endswith("got db/session.hpp")


def test_a_circle_is_seen():
    files = {
        "db/a.hpp": '#include "db/b.hpp"\n',
        "db/b.hpp": '#include "c.hpp"\n',
        "db/c.hpp": '#include "db/a.hpp"\n',
        "db/d.hpp": '#include "db/a.hpp"\n',
    }

    assert cycles(files) == ["includes: expected no circle, got db/a.hpp -> db/b.hpp -> db/c.hpp -> db/a.hpp"]


def test_no_circle_is_none():
    assert cycles({"db/a.hpp": '#include "db/b.hpp"\n', "db/b.hpp": "", "db/c.cpp": '#include "db/a.hpp"\n'}) == []


def test_a_long_file_is_a_warning_only(tmp_path, capsys):
    (tmp_path / "db").mkdir()
    (tmp_path / "db/long.hpp").write_text("\n" * 151)

    assert include_rules.main([str(tmp_path)]) == 0
    assert "warning: db/long.hpp: expected up to 150 lines, got 151" in capsys.readouterr().out


def test_a_tree_without_sources_is_an_error(tmp_path):
    assert include_rules.main([str(tmp_path)]) == 1


def test_this_tree_keeps_every_rule():
    assert include_rules.main([]) == 0
