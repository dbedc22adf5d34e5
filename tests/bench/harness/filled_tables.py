"""Databases that hold reviews already, made by Postgres itself: ten million in a minute or two."""

# Vendors by a steep curve, ids in the order of their time (UUIDv7, RFC 9562), texts of 0 to 330 bytes.
_REVIEWS = """
insert into reviews (review_id, vendor_id, author, rating, title, text, created_at, topic_partition, topic_offset)
select (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid,
       'vendor-' || (power(1000, random())::int), 'Author ' || mod(n, 1000), 1 + mod(n, 5), 'Title ' || n,
       repeat('good place ', mod(n, 31)::int), timestamptz '2023-11-14' + n * interval '1 ms', mod(n, 6), n / 6
from (select n, md5(n::text) as hash from generate_series(%s::bigint, %s::bigint) as n) as made
"""
_RATINGS = """
insert into vendor_ratings
select vendor_id, count(*), sum(rating), count(*) filter (where rating = 1), count(*) filter (where rating = 2),
       count(*) filter (where rating = 3), count(*) filter (where rating = 4), count(*) filter (where rating = 5)
from reviews group by vendor_id
"""
BYTES_A_REVIEW = 550  # with its indexes, generously


def fill(database, count):
    """`count` reviews and their ratings; the indexes are made afterwards, which is quicker."""
    definitions = database.query(
        "select conname as name, pg_get_constraintdef(oid) as text from pg_constraint"
        " where conrelid = 'reviews'::regclass and contype = 'p'"
    )
    indexes = database.query(
        "select indexname as name, indexdef as text from pg_indexes where tablename = 'reviews'"
        " and indexname not in (select conname from pg_constraint)"
    )
    for each in definitions:
        database.execute(f'alter table reviews drop constraint "{each["name"]}"')
    for each in indexes:
        database.execute(f'drop index "{each["name"]}"')
    database.execute(_REVIEWS, 1, count)
    for each in definitions:
        database.execute(f'alter table reviews add constraint "{each["name"]}" {each["text"]}')
    for each in indexes:
        database.execute(each["text"])
    database.execute(_RATINGS)
    database.execute("analyze reviews; analyze vendor_ratings")
