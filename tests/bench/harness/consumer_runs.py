"""Kafka to Postgres: the consumer drains a backlog, beside its floors and peers."""

import itertools

from .drain import drain
from .results import rotated

TOPIC = "bench.backlog"
CASE = "drain of the backlog"
BARE_KAFKA = "bare librdkafka"
DIRECT = "direct, 1 connection"
OURS = "reviews-consumer, 2 writers"
OURS_ONE_WRITER = "reviews-consumer, 1 writer"
SQL = "transaction alone by COPY, {} conn."
OUR_SQL = "transaction alone by our store, 2 conn."
COPY = "bare COPY, 2 conn."

_numbers = itertools.count(1)


class ConsumerRuns:
    """Every run has a new database and, where it joins one, a new group."""

    def __init__(self, stage, results, records, say):
        self._stage = stage
        self._results = results
        self._records = records
        self._say = say
        for reference in (SQL.format(2), OUR_SQL, COPY, DIRECT, BARE_KAFKA):
            results.compare(CASE, OURS, reference)
        for reference in (SQL.format(1), DIRECT, BARE_KAFKA):
            results.compare(CASE, OURS_ONE_WRITER, reference)
        results.compare(CASE, OURS, OURS_ONE_WRITER)
        self._kafka = {"bootstrap": stage.kafka.bootstrap_servers, "topic": TOPIC, "records": records}

    def fill(self):
        self._stage.create_topic(TOPIC)
        self._stage.write_backlog(TOPIC, self._records)

    def repeat(self, number):
        runs = [
            (BARE_KAFKA, lambda: _measures(self._stage.floor("floor_consume", **self._kafka))),
            (DIRECT, self._drain_directly),
            (OURS, lambda: self._drain(writers=2)),
            (OURS_ONE_WRITER, lambda: self._drain(writers=1)),
            (SQL.format(1), lambda: self._store("floor_store", 1, method="copy")),
            (SQL.format(2), lambda: self._store("floor_store", 2, method="copy")),
            (OUR_SQL, lambda: self._store("floor_store", 2, method="store")),
            (COPY, lambda: self._store("floor_copy", 2)),
        ]
        for subject, run in rotated(runs, number * 3):
            self._say(f"{CASE}: {subject}")
            self._results.add(CASE, subject, run())

    def _database(self):
        return self._stage.database(f"bench_{next(_numbers)}", TOPIC)

    def _check_all_stored(self, database):
        stored = database.review_count()
        assert stored == self._records, f"reviews: expected {self._records} rows, got {stored}"

    def _store(self, program, connections, **options):
        with self._database() as database:
            measures = _measures(
                self._stage.floor(
                    program, url=database.url, connections=connections, records=self._records, **options
                )
            )
            self._check_all_stored(database)
        return measures

    def _drain_directly(self):
        with self._database() as database:
            measures = _measures(self._stage.floor("direct_consumer", url=database.url, **self._kafka))
            self._check_all_stored(database)
        return measures

    def _drain(self, writers):
        with self._database() as database:
            done = drain(self._stage, TOPIC, database, self._records, REVIEWS_POOL_WRITERS=str(writers))
            self._check_all_stored(database)
            # From the first transaction's beginning to the last's; the first's rows stand for the last's.
            steady = database.query(
                "select extract(epoch from max(stored_at) - min(stored_at))::float8 as seconds,"
                " count(*) filter (where stored_at > (select min(stored_at) from reviews)) as rows from reviews"
            )[0]
        return {
            "cpu_seconds_per_million": done.cpu_seconds / self._records * 1e6,
            "postgres_cpu_seconds_per_million": done.postgres_cpu_seconds / self._records * 1e6,
            "rows_per_second": steady["rows"] / steady["seconds"],
            "rows_per_second_from_start": self._records / done.seconds,
            "peak_rss_mib": done.peak_rss_bytes / 2**20,
        }


def _measures(run):
    return {
        "cpu_seconds_per_million": run["cpu_seconds"] / run["count"] * 1e6,
        "rows_per_second": run["count"] / run["seconds"],
        "peak_rss_mib": run["peak_rss_bytes"] / 2**20,
    }
