// Why a review is in the log and not yet a row, in words.

import { counted, number } from './dom.js';

/**
 * @param pipeline The last pipeline event; null before the first.
 * @param there What it tells of the review's partition.
 */
export function why_it_waits(pipeline, there, { partition, offset }) {
  const safe = `It is safe in partition ${partition} at offset ${number(offset)}`;
  const ahead = there && there.stored < offset ? `, with ${counted(offset - there.stored, 'review')} ahead of it` : '';
  return `${safe}${ahead}. ${reason(pipeline, there)}`;
}

function reason(pipeline, there) {
  if (!there)
    return 'Waiting for news of its consumer.';
  if (pipeline.database === 'unreachable') // what consumers tell of themselves comes by way of Postgres
    return 'Postgres is out of reach. Its consumer tries again by itself.';
  return {
    unassigned: 'No consumer reads that partition right now. It goes on by itself when one comes back.',
    paused: `Its consumer pauses${there.reason ? `: ${there.reason}` : ''}. It tries again by itself.`,
    stopped: `Its consumer has stopped that partition${there.reason ? `: ${there.reason}` : ''}. An operator must look at it.`,
    starting: 'Its consumer is just starting.',
  }[there.state] ?? 'Its consumer is on the way to it.';
}
