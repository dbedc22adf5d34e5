"""Reviews as people write them, the same ones at every run."""

import random

_AUTHORS = ["Ada", "Grace Hopper", "José", "李小龍", "Zoë ☕", "Müller", "Ω", "अनु"]
_TEXTS = ["great", "Crème brûlée fehlte.", "味道很好 😀", 'He said "no" \\ left\n\ttab', "ok " * 40, ""]


def make_reviews(count, vendors, seed=1):
    """`count` reviews of `vendors` vendors, a few of them much busier; `title` holds the number of each."""
    pick = random.Random(seed)
    reviews = []
    for number in range(count):
        vendor = min(pick.randrange(vendors), pick.randrange(vendors))
        review = {
            "vendor_id": f"vendor-{vendor:03}",
            "author": pick.choice(_AUTHORS),
            "rating": pick.randint(1, 5),
            "title": f"#{number}",
        }
        if pick.random() < 0.8:
            review["text"] = pick.choice(_TEXTS)
        reviews.append(review)
    return reviews


def by_vendor(reviews):
    """{vendor: its reviews in their order}"""
    grouped = {}
    for review in reviews:
        grouped.setdefault(review["vendor_id"], []).append(review)
    return grouped


def dealt_by_vendor(reviews, hands):
    """Deals the reviews to `hands` lists so that each vendor is in one list only, in order."""
    dealt = [[] for _ in range(hands)]
    for vendor_reviews in sorted(by_vendor(reviews).values(), key=len, reverse=True):
        min(dealt, key=len).extend(vendor_reviews)
    return [hand for hand in dealt if hand]
