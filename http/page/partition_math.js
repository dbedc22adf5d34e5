// How the vendor's id becomes a partition, worked out: bytes, murmur2, positive, remainder.

import { el } from './dom.js';
import { bytes_of, hex, murmur2_steps, positive } from './murmur2.js';

/** The partition of a vendor's reviews, and the working as an element. `partitions`: null while unknown. */
export function work_out(vendor, partitions) {
  const bytes = bytes_of(vendor);
  const steps = murmur2_steps(bytes);
  const hash = steps.at(-1).value;
  const kept = positive(hash);
  const partition = partitions ? kept % partitions : null;
  const working = el('div', { class: 'math' },
    line('bytes', el('span', { class: 'bytes' }, ...fours(bytes).map(byte_group))),
    line('murmur2', el('code', {}, `0x${hex(hash)} = ${hash}`)),
    line('sign bit off', el('code', {}, `${hash} & 0x7fffffff = ${kept}`)),
    partitions
      ? line('remainder', el('code', {}, `${kept} mod ${partitions} = `, el('b', { class: 'answer' }, `${partition}`)))
      : line('remainder', el('span', {}, 'waiting to hear how many partitions there are')),
    mixing(steps));
  return { partition, hash, positive: kept, working };
}

const line = (name, value) => el('div', { class: 'line' }, el('span', { class: 'line-name' }, name), value);

function fours(bytes) {
  const groups = [];
  for (let i = 0; i < bytes.length; i += 4)
    groups.push([...bytes.subarray(i, i + 4)]);
  return groups;
}

const byte_group = (group) => el('span', { class: 'four' }, ...group.map((byte) =>
  el('span', { class: 'byte' }, el('span', {}, printable(byte)), el('code', {}, hex(byte, 2)))));

const printable = (byte) => (byte > 32 && byte < 127 ? String.fromCharCode(byte) : '·');

const step_names = { start: 'seed and length', four: 'four bytes', rest: 'the last bytes', end: 'final stir' };

function mixing(steps) {
  const rows = steps.map(({ what, bytes, value }) => el('tr', {},
    el('td', {}, step_names[what]),
    el('td', {}, el('code', {}, bytes.map((byte) => hex(byte, 2)).join(' ') || '–')),
    el('td', {}, el('code', {}, hex(value)))));
  return el('details', {},
    el('summary', {}, 'How murmur2 stirs the bytes'),
    el('table', {},
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Step'), el('th', { scope: 'col' }, 'Bytes'), el('th', { scope: 'col' }, 'State after'))),
      el('tbody', {}, ...rows)));
}
