"""Schema changes expand, then contract: each rule is broken on purpose once, and seen."""

import hashlib

import pytest

import migration_rules
from migration_rules import broken_rules


def broken_by(sql, version="002"):
    """The rules that a migration breaks."""
    name, content = f"{version}_a.sql", sql.encode()
    return broken_rules({name: content}, f"{hashlib.sha256(content).hexdigest()}  {name}\n")


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "alter table reviews add column a text;",
        "-- adds a\nalter table reviews add column a text;",
        "-- contract: drops a\nalter table reviews drop column a;",
        "-- expand: a\nalter table reviews drop column a;",
        "-- expand: a\nDROP TABLE reviews;",
        "-- expand: a\nalter table reviews rename column a to b;",
        "-- expand: a\nalter table reviews alter column a set not null;",
        "-- expand: a\nalter table reviews alter column a type bigint;",
        "-- expand: a\nalter table reviews add constraint a check (b > 1);",
        "-- expand: a\nalter table reviews add column a text not null, add column b text default '';",
        "-- expand: a\ndelete from reviews;",
    ],
)
def test_a_broken_rule_is_seen(sql):
    (broken,) = broken_by(sql)

    assert broken.startswith("002_a.sql: expected ")


@pytest.mark.parametrize(
    "sql",
    [
        "-- expand: a\nalter table reviews add column a text, add column b text not null default '';",
        "-- expand: what was required is so no longer\nalter table reviews alter column title drop not null;",
        "-- expand: a\ncreate table a (b text not null); -- drop table reviews",
    ],
)
def test_an_expansion_is_none(sql):
    assert broken_by(sql) == []


@pytest.mark.parametrize(("version", "unused_since"), [("200", "100"), ("201", "003"), ("300", "200")])
def test_what_the_hundred_before_does_not_use_may_go(version, unused_since):
    assert broken_by(f"-- contract, unused since {unused_since}: a\nalter table reviews drop column a;", version) == []


@pytest.mark.parametrize(("version", "unused_since"), [("003", "002"), ("100", "002"), ("200", "101"), ("201", "200")])
def test_what_the_hundred_before_uses_stays(version, unused_since):
    (broken,) = broken_by(f"-- contract, unused since {unused_since}: a\nalter table reviews drop column a;", version)

    assert "to be taken away" in broken


def test_a_changed_new_or_lost_migration_is_seen():
    before, after = b"-- expand: a\n", b"-- expand: b\n"
    listed = f"{hashlib.sha256(before).hexdigest()}  001_a.sql\n"

    assert broken_rules({"001_a.sql": before}, listed) == []
    for files in ({"001_a.sql": after}, {"001_a.sql": before, "002_b.sql": after}, {}):
        (broken,) = broken_rules(files, listed)
        assert broken.startswith("SHA256SUMS: expected")


def test_a_name_without_number_is_seen():
    content = b"-- expand: a\n"

    (broken,) = broken_rules({"a.sql": content}, f"{hashlib.sha256(content).hexdigest()}  a.sql\n")

    assert broken.startswith("a.sql: expected a name")


def test_a_tree_without_migrations_is_an_error(tmp_path):
    assert migration_rules.main([str(tmp_path)]) == 1


def test_this_tree_keeps_every_rule():
    assert migration_rules.main([]) == 0
