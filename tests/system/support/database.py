"""The consumer's tables, read directly."""

import contextlib

import psycopg2
import psycopg2.extras


class Database:
    def __init__(self, url):
        self.url = url

    @contextlib.contextmanager
    def _cursor(self):
        connection = psycopg2.connect(self.url, connect_timeout=5)
        try:
            with connection, connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
                yield cursor
        finally:
            connection.close()

    def query(self, sql, *arguments):
        with self._cursor() as cursor:
            cursor.execute(sql, arguments)
            return cursor.fetchall()

    def execute(self, sql, *arguments):
        """Returns how many rows it touched."""
        with self._cursor() as cursor:
            cursor.execute(sql, arguments)
            return cursor.rowcount

    def review_count(self):
        return self.query("select count(*) as n from reviews")[0]["n"]

    def review(self, review_id):
        """The row, or None."""
        return next(iter(self.query("select * from reviews where review_id = %s::uuid", review_id)), None)

    def reviews_of(self, vendor_id):
        """Rows in the order of the log."""
        return self.query("select * from reviews where vendor_id = %s order by topic_offset", vendor_id)

    def rating(self, vendor_id):
        """The row of vendor_ratings, or None."""
        return next(iter(self.query("select * from vendor_ratings where vendor_id = %s", vendor_id)), None)

    def next_offsets(self, group_id, topic):
        """{partition: next_offset}"""
        rows = self.query(
            "select topic_partition, next_offset from consumer_offsets where group_id = %s and topic = %s",
            group_id,
            topic,
        )
        return {row["topic_partition"]: row["next_offset"] for row in rows}
