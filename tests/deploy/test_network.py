"""Selectors find the pods that they mean, and only those; what is not allowed is denied."""

import pytest

from support.manifests import EVERY_SET, containers, named, objects_of, of_kind, pod_template, workloads

# Ours to check: the pods that operators make are not in the manifests.
OPERATORS_LABELS = ("strimzi.io/cluster", "cnpg.io/cluster")


def matches(selector, labels):
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    return all(labels.get(each["key"]) in each["values"] for each in selector.get("matchExpressions", []))


def selected(objects, selector):
    return [
        each for each in workloads(objects) if matches(selector, pod_template(each)["metadata"]["labels"])
    ]


def names(found):
    return {each["metadata"]["name"] for each in found}


@pytest.mark.parametrize("name", EVERY_SET)
def test_services_and_budgets_find_one_workload(name):
    objects = objects_of(name)
    selectors = {
        **{each["metadata"]["name"]: {"matchLabels": each["spec"]["selector"]} for each in of_kind(objects, "Service")},
        **{
            "budget of " + each["metadata"]["name"]: each["spec"]["selector"]
            for each in of_kind(objects, "PodDisruptionBudget")
        },
    }

    for owner, selector in selectors.items():
        assert len(selected(objects, selector)) == 1, owner


@pytest.mark.parametrize("name", EVERY_SET)
def test_ports_of_services_are_ports_of_their_pods(name):
    objects = objects_of(name)
    for service in of_kind(objects, "Service"):
        (workload,) = selected(objects, {"matchLabels": service["spec"]["selector"]})
        offered = {port["name"] for each in containers(workload) for port in each.get("ports", [])}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= offered


@pytest.mark.parametrize("name", EVERY_SET)
def test_the_load_balancer_offers_the_front_and_nothing_else(name):
    service = named(objects_of(name), "Service", "producer-service")["spec"]
    balancers = [each for each in of_kind(objects_of(name), "Service") if each["spec"].get("type") == "LoadBalancer"]

    assert len(balancers) == 1
    assert (service["type"], service["externalTrafficPolicy"]) == ("LoadBalancer", "Local")
    assert [(port["port"], port["targetPort"]) for port in service["ports"]] == [(80, "http")]


@pytest.mark.parametrize("name", EVERY_SET)
def test_all_is_denied_first(name):
    policy = named(objects_of(name), "NetworkPolicy", "default-deny")["spec"]

    assert policy == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize("name", EVERY_SET)
def test_policies_select_pods_that_exist(name):
    objects = objects_of(name)
    for policy in of_kind(objects, "NetworkPolicy"):
        selector = policy["spec"]["podSelector"]
        if not any(key in selector.get("matchLabels", {}) for key in OPERATORS_LABELS):
            assert selected(objects, selector), policy["metadata"]["name"]


def can_reach(objects, source, target, port):
    """Whether the policies let pods with one set of labels open a connection to others, in one namespace."""

    def rule_allows(rule, side, labels):
        peers = rule.get(side)
        by_peer = peers is None or any(
            "podSelector" in peer and "namespaceSelector" not in peer and matches(peer["podSelector"], labels)
            for peer in peers
        )
        return by_peer and ("ports" not in rule or port in [each["port"] for each in rule["ports"]])

    def allowed(own, other, direction, side):
        return any(
            rule_allows(rule, side, other)
            for policy in of_kind(objects, "NetworkPolicy")
            if matches(policy["spec"]["podSelector"], own)
            for rule in policy["spec"].get(direction, [])
        )

    return allowed(source, target, "egress", "to") and allowed(target, source, "ingress", "from")


@pytest.mark.parametrize("name", ["gke", "local"])
def test_who_speaks_to_whom(name):
    objects = objects_of(name)
    labels = {each["metadata"]["name"]: pod_template(each)["metadata"]["labels"] for each in workloads(objects)}
    (topics,) = [each for each in labels if each.startswith("reviews-topics-")]
    (schema,) = [each for each in labels if each.startswith("reviews-schema-")]

    speak = {
        (source, target)
        for source in labels
        for target, port in (("kafka", 9092), ("postgres", 5432))
        if can_reach(objects, labels[source], labels[target], port)
    }

    assert speak == {
        ("reviews-producer", "kafka"),
        ("reviews-producer", "postgres"),
        ("reviews-consumer", "kafka"),
        ("reviews-consumer", "postgres"),
        (topics, "kafka"),
        (schema, "postgres"),
        ("postgres-backup", "postgres"),
        ("kafka", "kafka"),
    }
    for port in (9093, 9094):
        assert can_reach(objects, labels["kafka"], labels["kafka"], port)
        assert not can_reach(objects, labels["reviews-producer"], labels["kafka"], port)
