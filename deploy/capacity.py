#!/usr/bin/env python3
"""From measured costs of one review to pods, partitions, brokers, disks and a monthly bill.

Prints the tables of deploy/capacity.md; `capacity.py --rate 5000 --days 90` prints one column for another rate.
Every number that is not derived stands in MEASURED, CHOSEN or PRICES below, once.
"""

import argparse
import math
from types import SimpleNamespace

# Measured on two shared virtual CPUs of an AMD EPYC: tests/bench/result.md and tests/bench/storage.
MEASURED = SimpleNamespace(
    producer_cpu_s=53e-6,  # one review a request, 64 connections, 10,000 a second: at full load a quarter of it
    producer_batch_cpu_s=4e-6,  # a hundred reviews a request
    consumer_cpu_s=2.5e-6,
    postgres_cpu_s=16e-6,  # row, indexes, rating and offset
    writer_rows_per_s=60_000,  # one partition: one connection, one transaction after the other
    kafka_bytes=542,  # record with key and headers, uncompressed as by default
    kafka_lz4_bytes=219,  # made-up reviews; real ones repeat themselves less
    table_bytes=405,
    index_bytes=130,
    wal_bytes=731,
)

# Decisions, and limits that nobody measured here.
CHOSEN = SimpleNamespace(
    mean_of_peak=1 / 3,  # rates are peaks; disks and traffic follow the mean
    days_kept=365,  # of reviews in Postgres
    kafka_days=7,  # retention of the topic
    headroom=1.3,  # free space on a disk
    index_growth=1.2,  # indexes of a table that grew at random, beside those of a new one
    utilisation=0.6,  # of a processor or a connection at the peak
    pod_cpus=0.5,  # requests of producer and consumer, deploy/k8s/base
    pod_gib=0.5,  # Autopilot gives at least 1 GiB a processor
    autoscaler_target=0.7,  # HorizontalPodAutoscaler of the producer, of the request
    producers_min=3,
    producers_max=20,  # its maxReplicas
    consumers_min=2,
    writers_per_pod=2,  # pool.writers
    partitions_min=12,
    partition_records_per_s=5_000,
    replicas=3,
    brokers_min=3,
    broker_write_bytes_per_s=60e6,
    broker_disk_gb_max=4_000,
    broker_disk_gb_min=50,
    broker_small=(0.5, 2),  # processors, GiB: up to 5 MB/s written to each
    broker_large=(4, 16),
    broker_small_bytes_per_s=5e6,
    postgres_cpus_max=32,
    postgres_gib_per_cpu=4,
    postgres_gb_per_cpu=1_000,  # for vacuum, reads and a cache that grow with the table
    postgres_wal_bytes_per_s=120e6,
    postgres_disk_gb_max=4_000,  # more takes half a working day to restore at 250 MB/s
    postgres_disk_gb_min=100,
    requests_bytes=700,  # head and body of a post with its answer
    zone_crossings=4,  # 2/3 to the leader, 2 copies, 2/3 to the consumer, 2/3 to Postgres
)

# US dollars. Assumptions of 2026-11-22 of the order of Google Cloud's list prices in us-central1, without discounts:
# check your region's price list (https://cloud.google.com/kubernetes-engine/pricing) and change them here.
PRICES = SimpleNamespace(
    cpu_hour=0.0445,  # GKE Autopilot, general purpose
    gib_hour=0.0049,
    disk_gb_month=0.10,  # pd-balanced
    object_gb_month=0.02,  # one copy of the database in object storage
    zone_gb=0.01,  # between zones of a region
    balancer_hour=0.025,
    balancer_gb=0.008,
    cluster_hour=0.10,
)

HOURS = 730  # a month
DAY = 86_400


def at_least(minimum, amount):
    return max(minimum, math.ceil(amount))


def power_of_two(amount):
    return 2 ** max(0, math.ceil(math.log2(max(amount, 1e-9))))


def row_bytes():
    return MEASURED.table_bytes + MEASURED.index_bytes * CHOSEN.index_growth


def plan(rate, days):
    """What carries `rate` reviews a second at the peak, with `days` of them in Postgres."""
    m, c = MEASURED, CHOSEN
    mean = rate * c.mean_of_peak
    p = SimpleNamespace(rate=rate, days=days)
    per_pod = c.pod_cpus * c.autoscaler_target
    p.producers = at_least(c.producers_min, rate * m.producer_cpu_s / per_pod)

    written = rate * m.kafka_bytes * c.replicas
    stored = mean * m.kafka_bytes * c.replicas * c.kafka_days * DAY * c.headroom / 1e9
    p.brokers = at_least(
        c.brokers_min, max(written / c.broker_write_bytes_per_s, stored / c.broker_disk_gb_max)
    )
    p.broker_disk_gb = at_least(c.broker_disk_gb_min, stored / p.brokers)
    small = written / p.brokers <= c.broker_small_bytes_per_s
    p.broker_cpus, p.broker_gib = c.broker_small if small else c.broker_large

    p.rows = mean * DAY * days
    p.rows_gb = p.rows * row_bytes() / 1e9
    p.databases = at_least(
        1,
        max(
            p.rows_gb * c.headroom / c.postgres_disk_gb_max,
            rate * m.postgres_cpu_s / (c.postgres_cpus_max * c.utilisation),
            rate * m.wal_bytes / c.postgres_wal_bytes_per_s,
        ),
    )
    share = rate / p.databases
    p.database_disk_gb = at_least(c.postgres_disk_gb_min, p.rows_gb * c.headroom / p.databases)
    p.database_cpus = power_of_two(
        max(share * m.postgres_cpu_s / c.utilisation, p.database_disk_gb / c.postgres_gb_per_cpu)
    )
    p.writers = at_least(2, share / (m.writer_rows_per_s * c.utilisation))
    p.consumers = p.databases * at_least(
        c.consumers_min, max(share * m.consumer_cpu_s / per_pod, p.writers / c.writers_per_pod)
    )
    p.partitions = p.databases * at_least(c.partitions_min, share / c.partition_records_per_s)
    p.bill = bill(p, mean)
    return p


def bill(p, mean):
    """US dollars a month, by what they are for."""
    c, price = CHOSEN, PRICES

    def pods(count, cpus, gib):
        return count * (cpus * price.cpu_hour + gib * price.gib_hour) * HOURS

    disks_gb = p.brokers * p.broker_disk_gb + p.databases * p.database_disk_gb
    month_gb = mean * DAY * 30.4 / 1e9
    return {
        "producers and consumers": pods(p.producers + p.consumers, c.pod_cpus, c.pod_gib),
        "brokers": pods(p.brokers, p.broker_cpus, p.broker_gib),
        "Postgres": pods(p.databases, p.database_cpus, p.database_cpus * c.postgres_gib_per_cpu),
        "disks": disks_gb * price.disk_gb_month,
        "backups": p.rows_gb * price.object_gb_month,
        "between zones": month_gb * MEASURED.kafka_bytes * c.zone_crossings * price.zone_gb,
        "cluster and load balancer": (price.cluster_hour + price.balancer_hour) * HOURS
        + month_gb * c.requests_bytes * price.balancer_gb,
    }


def number(value):
    return f"{value:,.0f}"


def gigabytes(value):
    return f"{value / 1000:,.1f} TB" if value >= 1000 else f"{value:,.0f} GB"


def table(head, rows):
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def plans_table(rates, days):
    plans = [plan(rate, days) for rate in rates]
    shapes = [
        ("producer pods", lambda p: number(p.producers)),
        ("consumer pods", lambda p: number(p.consumers)),
        ("partitions", lambda p: number(p.partitions)),
        ("brokers, each", lambda p: f"{p.brokers} × {p.broker_cpus:g} CPU, {p.broker_gib} GiB, "
                                    f"{gigabytes(p.broker_disk_gb)}"),
        ("Postgres, each", lambda p: f"{p.databases} × {p.database_cpus} CPU, "
                                     f"{p.database_cpus * CHOSEN.postgres_gib_per_cpu} GiB, "
                                     f"{gigabytes(p.database_disk_gb)}"),
        ("writers of each Postgres", lambda p: number(p.writers)),
        (f"rows after {days} days", lambda p: f"{p.rows / 1e6:,.0f} million"),
    ]  # fmt: skip
    rows = [[name, *map(show, plans)] for name, show in shapes]
    for name in plans[0].bill:
        rows.append([f"$ a month: {name}", *(number(p.bill[name]) for p in plans)])
    rows.append(["**$ a month**", *(f"**{number(sum(p.bill.values()))}**" for p in plans)])
    return table(["", *(f"{number(rate)}/s" for rate in rates)], rows)


def ends_table():
    """The peak rate at which each part reaches its end, whatever the others do."""
    m, c = MEASURED, CHOSEN
    per_pod = c.pod_cpus * c.autoscaler_target
    disk_rows_per_s = c.postgres_disk_gb_max * 1e9 / c.headroom / row_bytes() / DAY / c.mean_of_peak
    ends = [
        ("one producer pod at the autoscaler's target", per_pod / m.producer_cpu_s, "another pod, by itself"),
        ("the same, a hundred reviews a request", per_pod / m.producer_batch_cpu_s, "another pod, by itself"),
        (f"{c.producers_max} producer pods", c.producers_max * per_pod / m.producer_cpu_s, "`maxReplicas`"),
        ("one consumer pod by its own CPU", per_pod / m.consumer_cpu_s, "another pod, up to one a partition"),
        ("one vendor, one partition, one writer", m.writer_rows_per_s,
         "nothing: a vendor's reviews are stored in order"),
        (f"{c.brokers_min} brokers by what they write",
         c.brokers_min * c.broker_write_bytes_per_s / m.kafka_bytes / c.replicas, "lz4, then more brokers"),
        (f"{c.brokers_min} brokers by {c.kafka_days} days of disk",
         c.brokers_min * c.broker_disk_gb_max * 1e9 / c.headroom / m.kafka_bytes / c.replicas / c.kafka_days / DAY
         / c.mean_of_peak, "lz4, shorter retention, more brokers"),
        ("one Postgres by its CPUs", c.postgres_cpus_max * c.utilisation / m.postgres_cpu_s, "a second Postgres"),
        ("one Postgres by its write-ahead log", c.postgres_wal_bytes_per_s / m.wal_bytes, "a second Postgres"),
        (f"one Postgres by {c.days_kept} days of rows", disk_rows_per_s / c.days_kept, "fewer days, or a second one"),
        ("one Postgres by 90 days of rows", disk_rows_per_s / 90, "a second Postgres"),
    ]  # fmt: skip
    rows = [[name, f"{float(f'{rate:.2g}'):,.0f}", then] for name, rate, then in ends]
    return table(["", "reviews/s", "what takes over"], rows)


def main():
    parser = argparse.ArgumentParser(prog="deploy/capacity.py", description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, help="reviews a second at the peak, instead of the three of the page")
    parser.add_argument("--days", type=int, default=CHOSEN.days_kept, help="of reviews kept in Postgres")
    options = parser.parse_args()
    print(plans_table([options.rate] if options.rate else [10, 1_000, 100_000], options.days))
    if not options.rate:
        print()
        print(ends_table())


if __name__ == "__main__":
    main()
