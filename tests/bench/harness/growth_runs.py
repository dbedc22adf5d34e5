"""What a review costs when there is more of everything: stored reviews, vendors, partitions."""

import shutil
import time

from .drain import drain
from .filled_tables import BYTES_A_REVIEW, fill
from .results import rotated

STORED = "growth of stored reviews, drain"
VENDORS_DRAIN = "growth of vendors, drain"
VENDORS_POST = "growth of vendors, post"
PARTITIONS_DRAIN = "growth of partitions, drain"
PARTITIONS_POST = "growth of partitions, post"
CASES = (STORED, VENDORS_DRAIN, VENDORS_POST, PARTITIONS_DRAIN, PARTITIONS_POST)
_SIZES = {
    STORED: (10**4, 10**6, 10**7),
    VENDORS_DRAIN: (10, 10**3, 10**6),
    PARTITIONS_DRAIN: (1, 8, 64),
}
_PARTITIONS = 8  # where the vendors and the stored reviews grow
_VENDORS = 1000  # where the partitions and the stored reviews grow
# As many times the records where partitions grow: the queues of 64 hold 256,000, in memory that is touched for the first
# time, which a process does once.
_MORE_RECORDS = 3
_POSTS_MADE_UP = 65_536  # of these vendors, over and over
_CONNECTIONS = 64
_FILLING_SECONDS_MAX = 300
_DISK_LEFT = 4 * 2**30


class GrowthRuns:
    def __init__(self, stage, results, records, seconds, stored_max, say):
        self._stage = stage
        self._results = results
        self._records = records
        self._seconds = seconds
        self._say = say
        self._stored = [size for size in _SIZES[STORED] if size <= stored_max]
        self._backlogs = {}  # {topic: its records}
        self._producers = {}
        self._rate = 0  # of posts; the same for every size, as the CPU of a review depends on it
        for case, sizes in _SIZES.items():
            names = [_name(size) for size in sizes]
            for other in names[1:]:
                results.compare(case, other, names[0])
                results.compare(case.replace("drain", "post"), other, names[0])

    def prepare(self):
        """Tables, backlogs and a producer for each number of partitions."""
        for vendors in _SIZES[VENDORS_DRAIN]:
            self._write(_topic("vendors", vendors), _PARTITIONS, vendors, self._records)
        for partitions in _SIZES[PARTITIONS_DRAIN]:
            topic = _topic("partitions", partitions)
            self._write(topic, partitions, _VENDORS, _MORE_RECORDS * self._records)
            posted = f"{topic}.posted"
            self._stage.create_topic(posted, partitions)
            self._producers[partitions] = self._stage.producer(posted)
            self._post(partitions, _VENDORS)  # the broker compiles its hot path meanwhile
        self._rate = int(self._post(_PARTITIONS, _VENDORS)["reviews_per_second"] / 2)
        self._fill_tables()

    def _fill_tables(self):
        """Leaves out what there is no room or no time for, and says so."""
        seconds_a_review = 0.0
        for count in list(self._stored):
            needed = 2 * count * BYTES_A_REVIEW + _DISK_LEFT  # the table and the copy under way
            free = shutil.disk_usage(self._stage.folder).free
            expected = count * seconds_a_review
            if needed > free or expected > _FILLING_SECONDS_MAX:
                self._say(f"{STORED}: {count:,} left out: {needed >> 30} GiB of {free >> 30}, some {expected:.0f} s")
                self._stored.remove(count)
                continue
            self._say(f"{STORED}: filling a table with {count:,}")
            began = time.monotonic()
            fill(self._stage.create_database(_filled(count), _topic("vendors", _VENDORS)), count)
            seconds_a_review = (time.monotonic() - began) / count if count > 10**5 else 0.0

    def repeat(self, number):
        for count in rotated(self._stored, number):
            self._drain(STORED, count, _topic("vendors", _VENDORS), template=_filled(count))
        for vendors in rotated(_SIZES[VENDORS_DRAIN], number):
            self._drain(VENDORS_DRAIN, vendors, _topic("vendors", vendors))
            self._add(VENDORS_POST, vendors, self._post(_PARTITIONS, vendors))
        for partitions in rotated(_SIZES[PARTITIONS_DRAIN], number):
            self._drain(PARTITIONS_DRAIN, partitions, _topic("partitions", partitions))
            self._add(PARTITIONS_POST, partitions, self._post(partitions, _VENDORS))

    def _write(self, topic, partitions, vendors, records):
        self._say(f"{topic}: writing {records:,} records")
        self._stage.create_topic(topic, partitions)
        self._stage.write_backlog(topic, records, vendors)
        self._backlogs[topic] = records

    def _add(self, case, size, measures):
        self._results.add(case, _name(size), measures)

    def _drain(self, case, size, topic, template=None):
        self._say(f"{case}: {size:,}")
        records = self._backlogs[topic]
        with self._stage.database("bench_growth", topic, template) as database:
            done = drain(self._stage, topic, database, records)
        self._add(
            case,
            size,
            {
                "cpu_seconds_per_million": done.steady_cpu_seconds_per_record * 1e6,
                "postgres_cpu_seconds_per_million": done.postgres_cpu_seconds / records * 1e6,
                "rows_per_second_from_start": records / done.seconds,
                "peak_rss_mib": done.peak_rss_bytes / 2**20,
            },
        )

    def _post(self, partitions, vendors):
        producer = self._producers[partitions]
        run = self._stage.floor(
            "bench_load",
            port=producer.port,
            pid=producer.pid,
            connections=_CONNECTIONS,
            seconds=self._seconds,
            rate=self._rate,
            vendors=vendors,
            pool=_POSTS_MADE_UP,
        )
        assert run["count"] == run["status_202"], f"posts: expected 202 to all, got {run}"
        return {
            "cpu_seconds_per_million": run["server_cpu_seconds"] / run["count"] * 1e6,
            "reviews_per_second": run["count"] / run["seconds"],
            "rss_mib": run["server_rss_bytes"] / 2**20,
        }


def _name(size):
    return f"{size:,}"


def _topic(what, size):
    return f"bench.growth.{what}.{size}"


def _filled(count):
    return f"bench_filled_{count}"
