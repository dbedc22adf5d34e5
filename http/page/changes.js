// What happened to the pipeline, in words: a comparison of one pipeline event with the one before.

import { by_id, el, moment } from './dom.js';

const told_max = 8;

const listed = (partitions, total) =>
  partitions.length === total ? 'All partitions' : partitions.length === 1 ? `Partition ${partitions[0]}` : `Partitions ${partitions.slice(0, -1).join(', ')} and ${partitions.at(-1)}`;
const are = (partitions, one, several) => (partitions.length === 1 ? one : several);

/** The sentences that lead from `before` to `now`. */
export function changes_between(before, now) {
  return [...server_changes(before, now), ...member_changes(before, now), ...moves(before, now), ...state_changes(before, now)];
}

function server_changes(before, now) {
  const told = [];
  for (const [member, name, effect] of [
    ['database', 'Postgres', 'Reviews wait in Kafka; nothing is lost.'],
    ['kafka', 'Kafka', 'New reviews are answered 503 until it is back.']])
    if (before[member] !== now[member])
      told.push(now[member] === 'reachable' ? `${name} is back.` : `${name} is out of reach. ${effect}`);
  return told;
}

function member_changes(before, now) {
  const names = (pipeline) => new Set(pipeline.consumers.map((each) => each.consumer));
  const old = names(before);
  const present = names(now);
  return [
    ...[...present].filter((name) => !old.has(name)).map((name) => `Consumer ${name} joined the group.`),
    ...[...old].filter((name) => !present.has(name)).map((name) => `Consumer ${name} is gone.`)];
}

function moves(before, now) {
  const groups = new Map();
  const owner_before = new Map(before.partitions.map((each) => [each.partition, each.consumer]));
  for (const { partition, consumer } of now.partitions) {
    const from = owner_before.get(partition);
    if (from === undefined || from === consumer)
      continue;
    const way = JSON.stringify([from, consumer]);
    groups.set(way, [...(groups.get(way) ?? []), partition]);
  }
  return [...groups].map(([way, partitions]) => {
    const [from, to] = JSON.parse(way);
    if (!to)
      return `${listed(partitions, now.partitions.length)}: nobody reads ${are(partitions, 'it', 'them')} now. New reviews wait in the log.`;
    if (!from)
      return `${listed(partitions, now.partitions.length)} ${are(partitions, 'goes', 'go')} to ${to}.`;
    return `Rebalance: ${listed(partitions, now.partitions.length).toLowerCase()} ${are(partitions, 'moves', 'move')} from ${from} to ${to}.`;
  });
}

function state_changes(before, now) {
  const old = new Map(before.partitions.map((each) => [each.partition, each]));
  const groups = new Map();
  for (const { partition, state, reason, consumer } of now.partitions) {
    const was = old.get(partition);
    if (!consumer || !was || was.state === state || was.consumer !== consumer)
      continue;
    const what = JSON.stringify([state, reason ?? '']);
    groups.set(what, [...(groups.get(what) ?? []), partition]);
  }
  return [...groups].map(([what, partitions]) => {
    const [state, reason] = JSON.parse(what);
    const verb = { running: are(partitions, 'is read again', 'are read again'), starting: are(partitions, 'starts', 'start') }[state]
      ?? `${are(partitions, 'is', 'are')} ${state}`;
    return `${listed(partitions, now.partitions.length)} ${verb}${reason && state !== 'running' ? `: ${reason}` : ''}.`;
  });
}

/** The list of what happened, newest first. */
export class Changes {
  #list = by_id('changes');
  #before = null;

  show(pipeline) {
    if (this.#before)
      for (const text of changes_between(this.#before, pipeline))
        this.#tell(text, pipeline.at);
    this.#before = pipeline;
  }

  #tell(text, at) {
    by_id('changes-empty').hidden = true;
    this.#list.prepend(el('li', {}, moment(at), ' ', text));
    while (this.#list.children.length > told_max)
      this.#list.lastElementChild.remove();
  }
}
