"""What must be true when the faults are over: judged from the clients' answers, the topic and the tables."""

import collections
import json
import re
from datetime import datetime

from .load import UNKNOWN

SHOWN_MAX = 10


class Findings:
    """Violations, the first few of each kind in words."""

    def __init__(self):
        self.counts = collections.Counter()
        self.texts = []

    def add(self, kind, text):
        self.counts[kind] += 1
        if self.counts[kind] <= SHOWN_MAX:
            self.texts.append(f"{kind}: {text}")


def check(stage, ledger, pauses):
    """`pauses`: (consumer, from, to) of those that outlasted the session. Returns (Findings, {figure: number})."""
    findings = Findings()
    stack = stage.stack
    verified = stack.reviewctl("verify", "--wait", "120s", "--json")
    if verified.returncode != 0:
        findings.add("verify", f"exit status {verified.returncode}\n{verified.stdout}{verified.stderr}")
    records = stack.topic.read()
    rows = stack.database.query("select * from reviews order by topic_partition, topic_offset")
    moves = stack.database.query("select * from offset_moves order by topic_partition, number")
    by_id = _records_by_id(records)
    for text in ledger.unexpected:
        findings.add("unexpected_answer", text)
    _check_answers(findings, ledger, by_id, rows)
    _check_order(findings, rows)
    _check_ratings(findings, rows, stack.database.query("select * from vendor_ratings"))
    _check_moves(findings, moves, stack.topic.end_offsets())
    _check_pauses(findings, moves, pauses, stage)
    for letter in stack.dead_letters.read():
        findings.add("dead_letter", f"partition={letter.partition} offset={letter.offset}")
    acknowledged = [review for review in ledger.posted if review.receipts]
    return findings, {
        "reviews posted": len(ledger.posted),
        "acknowledged": len(acknowledged),
        "attempts": len(ledger.answers),
        "of those with an unknown outcome": sum(status in UNKNOWN for _, status in ledger.answers),
        "records in the topic": len(records),
        "of those repeats, stored once": len(records) - len(by_id),
        "rows": len(rows),
        "moves of stored offsets": len(moves),
        "consumers stopped longer than their session": len(pauses),
        "assignments lost to others": _logged(stage, '"partitions_revoked"', '"lost":true'),
        "batches fenced": _logged(stage, '"partition_restarting"', '"reason":"fenced"'),
        "acknowledged and lost": findings.counts["lost"] + findings.counts["not_in_topic"],
        "stored twice": findings.counts["twice"],
    }


def _records_by_id(records):
    """{review_id: its places, first to last}"""
    places = collections.defaultdict(list)
    for record in records:
        places[json.loads(record.value)["review_id"]].append((record.partition, record.offset))
    return places


def _check_answers(findings, ledger, by_id, rows):
    rows_of = collections.Counter(str(row["review_id"]) for row in rows)
    row_of = {str(row["review_id"]): row for row in rows}
    sent = {review.review_id for review in ledger.posted}
    for review in ledger.posted:
        places = by_id.get(review.review_id, [])
        row = row_of.get(review.review_id)
        for receipt in review.receipts:
            if receipt not in places:
                findings.add("not_in_topic", f"{review}: no such record at {receipt}")
        if review.receipts and not row:
            findings.add("lost", str(review))
        if rows_of[review.review_id] > 1:
            findings.add("twice", str(review))
        if row and (row["vendor_id"], row["rating"], row["title"]) != (
            review.vendor_id,
            review.rating,
            str(review.number),
        ):
            findings.add("changed", str(review))
        if row and (row["topic_partition"], row["topic_offset"]) != places[0]:
            findings.add("not_the_first_record", f"{review}: row {row['topic_offset']}, records at {places}")
    for review_id in rows_of.keys() | by_id.keys():
        if review_id not in sent:
            findings.add("from_nowhere", review_id)
        elif review_id not in rows_of:
            findings.add("not_stored", review_id)


def _check_order(findings, rows):
    """Each vendor's numbers in the order of the log: 0, 1, 2 … with none missing."""
    next_numbers = collections.Counter()
    for row in rows:
        expected = next_numbers[row["vendor_id"]]
        if row["title"] != str(expected):
            findings.add("out_of_order", f"{row['vendor_id']}: expected #{expected}, got #{row['title']}")
        next_numbers[row["vendor_id"]] = int(row["title"]) + 1


def _check_ratings(findings, rows, ratings):
    aggregated = collections.defaultdict(collections.Counter)
    for row in rows:
        aggregated[row["vendor_id"]][row["rating"]] += 1
    stored = {}
    for rating in ratings:
        stars = {star: rating[f"count_{star}"] for star in range(1, 6)}
        stored[rating["vendor_id"]] = collections.Counter({star: count for star, count in stars.items() if count})
        if rating["rating_count"] != sum(stars.values()) or rating["rating_sum"] != sum(
            star * count for star, count in stars.items()
        ):
            findings.add("ratings_differ", str(rating))
    for vendor in aggregated.keys() | stored.keys():
        if aggregated.get(vendor) != stored.get(vendor):
            findings.add("ratings_differ", f"{vendor}: stored {stored.get(vendor)}, counted {aggregated.get(vendor)}")


def _check_moves(findings, moves, ends):
    """Each move of a stored offset goes on where the one before it ended, and forward."""
    at = {}
    for move in moves:
        partition = move["topic_partition"]
        if move["was"] != at.get(partition) or move["becomes"] is None or move["becomes"] <= (move["was"] or -1):
            findings.add("offset_moved_back", f"{move} after {at.get(partition)}")
        at[partition] = move["becomes"]
    for partition, end in ends.items():
        if at.get(partition, 0) != end:
            findings.add("not_caught_up", f"partition {partition}: expected {end}, got {at.get(partition)}")


def _check_pauses(findings, moves, pauses, stage):
    """Who outlasted its session writes to a partition that another took only after it was given it anew."""
    for consumer, since, until in pauses:
        who = f"consumer-{consumer}"
        taken = {move["topic_partition"] for move in moves if since < move["at"] < until and move["who"] != who}
        started = _starts(stage.consumers[consumer], until)
        for partition in taken:
            own = (move["at"] for move in moves if (move["topic_partition"], move["who"]) == (partition, who))
            first = min((at for at in own if at >= until), default=None)
            if first is not None and not any(at <= first for at in started.get(partition, [])):
                findings.add("zombie_wrote", f"{who}: partition {partition}, {first - until:.3f} s after it woke")


def _logged(stage, *words):
    """How many lines of the consumers' logs have all these words."""
    lines = [line for consumer in stage.consumers.values() for line in consumer.log().splitlines()]
    return sum(all(word in line for word in words) for line in lines)


def _starts(program, since):
    """{partition: when it was started}, from the program's log."""
    found = collections.defaultdict(list)
    for line in program.log().splitlines():
        match = re.search(r'"partition_started".*"partition":(\d+)', line)
        if match:
            at = datetime.fromisoformat(json.loads(line)["time"].replace("Z", "+00:00")).timestamp()
            if at >= since:
                found[int(match[1])].append(at)
    return found
