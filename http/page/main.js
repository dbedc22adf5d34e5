// Puts the page together: routes, the way of a review, and who hears which event.

import { Problem, get_review } from './api.js';
import { Changes } from './changes.js';
import { at_most_every, by_id, el, say } from './dom.js';
import { Feed } from './feed.js';
import { ReviewForm } from './form.js';
import { Group } from './group.js';
import { Journey } from './journey.js';
import { Lanes, Mine } from './lanes.js';
import { Live } from './live.js';
import { partition_of } from './murmur2.js';
import { deliver } from './outbox.js';
import { VendorPage } from './vendor.js';

const wait_seconds = 2; // longer, and the journey tells what it waits for
const slow_milliseconds = 1500;
const look_milliseconds = 2000;
const draw_pause_milliseconds = 200;

const mine = new Mine();
const live = new Live('/v1/events');
const journey = new Journey(mine, ({ vendor_id }) => thank(vendor_id));
const lanes = new Lanes(mine);
const group = new Group();
const feed = new Feed();
const changes = new Changes();
const vendor_page = new VendorPage();
const form = new ReviewForm({ on_vendor: (id) => point_at(id) });

// --- a review on its way

let stop = null;

form.on_submit(async () => {
  if (form.is_busy)
    return;
  stop = new AbortController();
  form.clear_errors();
  const { json, key } = form.take();
  const { vendor_id } = JSON.parse(json);
  form.is_busy = true;
  journey.begin(vendor_id, json, key);
  const long = setTimeout(() => journey.is_slow(), slow_milliseconds);
  try {
    const answer = await deliver(json, { key, signal: stop.signal, wait: () => patience_for(vendor_id), on_trouble });
    arrived(answer);
  } catch (error) {
    failed(error);
  }
  clearTimeout(long);
  form.is_busy = false;
});

by_id('stop').addEventListener('click', () => stop.abort());

// Nobody stores what nobody reads: then the receipt is worth more than the wait.
function patience_for(vendor_id) {
  const partitions = live.pipeline?.partitions;
  if (!partitions)
    return wait_seconds;
  return partitions[partition_of(vendor_id, partitions.length)]?.state === 'running' ? wait_seconds : 0;
}

function on_trouble({ why, seconds, tries }) {
  const again = `Trying again in ${Math.max(1, Math.round(seconds))} s, with the same key: it cannot be posted twice.`;
  form.tell('waiting', {
    offline: 'You are offline. Your review is kept here and goes out as soon as you are back.',
    network: `No answer came (try ${tries}). ${again}`,
    busy: `The server asks for a moment (try ${tries}). ${again}`,
    unknown: `The answer did not come in time, so it may be in Kafka or not (try ${tries}). ${again}`,
  }[why]);
}

function arrived(answer) {
  const { body } = answer;
  form.succeed();
  journey.answered(answer);
  advance(body.partition, body.offset + 1, body.batch?.next_offset ?? 0);
  if (body.status === 'stored')
    thank(body.vendor_id);
  else
    form.tell('waiting', 'Accepted: it is in Kafka and will be stored when its consumer comes to it.');
  if (matchMedia('(max-width: 56rem)').matches)
    by_id('journey').scrollIntoView();
}

function thank(vendor_id) {
  const link = el('a', { href: `/?vendor=${encodeURIComponent(vendor_id)}` }, vendor_id);
  form.tell('good', 'Stored. Thank you. See all reviews of ', link, '.');
}

function failed(error) {
  if (error.name === 'AbortError') {
    journey.abandon('You stopped it before an answer came.');
    form.tell('waiting', 'Stopped. It may have arrived or not. Sending it again is safe: its key is kept.');
  } else if (error instanceof Problem && error.status < 500) {
    journey.abandon('The producer turned it down before anything reached Kafka. The form says what to mend.');
    form.show_problem(error);
  } else {
    journey.abandon('It did not get through.');
    form.tell('bad', `${error.message}. Sending it again is safe: its key is kept.`);
  }
}

// What one review proves about its partition is drawn at once, ahead of the next event.
function advance(partition, log_end, stored) {
  const there = live.pipeline?.partitions.find((each) => each.partition === partition);
  if (!there)
    return;
  there.log_end = Math.max(there.log_end, log_end);
  there.stored = Math.max(there.stored, stored);
  there.lag = there.log_end - there.stored;
  show_pipeline();
}

// A review that waits is looked up when its offset was passed, or when no events come.
setInterval(async () => {
  const { waiting } = journey;
  if (!waiting)
    return;
  const there = live.pipeline?.partitions.find((each) => each.partition === waiting.partition);
  if (live.state === 'live' && there && there.stored <= waiting.offset)
    return;
  try {
    journey.found((await get_review(waiting.review_id)).body);
  } catch {
    // Not stored yet, or out of reach: looked up again.
  }
}, look_milliseconds);

// --- events

let is_paused = false;
const held_back = [];

live.addEventListener('pipeline', ({ detail }) => {
  note_reading(detail.database !== 'unreachable');
  journey.show(detail);
  if (!is_paused)
    changes.show(detail);
  show_pipeline();
});

live.addEventListener('review', ({ detail }) => {
  advance(detail.review.partition, detail.review.offset + 1, detail.review.offset + 1);
  journey.heard(detail);
  if (is_paused) {
    held_back.push(detail);
    held_back.splice(0, held_back.length - 12);
  } else {
    show_review(detail);
  }
});

function show_review(detail) {
  feed.add(detail);
  vendor_page.heard(detail);
}

// What could not be read is read as soon as the database or the server is back.
let can_read = true;

function note_reading(is_possible) {
  if (is_possible && !can_read)
    vendor_page.read_again();
  can_read = is_possible;
}

// However many events come.
const show_pipeline = at_most_every(draw_pause_milliseconds, () => {
  if (is_paused)
    return;
  lanes.show(live.pipeline);
  group.show(live.pipeline);
  point_at(form.vendor);
});

function point_at(vendor) {
  journey.preview(vendor);
  const count = live.pipeline?.partitions.length;
  lanes.point_at(vendor && count ? partition_of(vendor, count) : null);
}

const states = {
  connecting: 'Connecting', live: 'Live', lost: 'Connection lost, trying again', offline: 'Offline',
};

live.addEventListener('connection', ({ detail: state }) => {
  by_id('connection').dataset.state = state;
  say(by_id('connection'), states[state]);
  if (state !== 'live')
    note_reading(false);
  const notice = by_id('notice');
  notice.hidden = state === 'live';
  say(notice, state === 'offline'
    ? 'You are offline. What you write is kept, and goes out when you are back. The picture below stands still.'
    : state === 'lost' ? 'No news from the server. The picture below stands still until it answers again.' : '');
});

by_id('pause').addEventListener('click', () => {
  is_paused = !is_paused;
  by_id('pause').setAttribute('aria-pressed', is_paused);
  say(by_id('pause'), is_paused ? 'Resume live updates' : 'Pause live updates');
  if (is_paused)
    return;
  for (const detail of held_back.splice(0))
    show_review(detail);
  if (live.pipeline) {
    changes.show(live.pipeline);
    show_pipeline();
  }
});

// --- routes: `/`, `/?vendor=ID`, `/?review=ID`

function route(is_move) {
  const query = new URLSearchParams(location.search);
  const vendor = query.get('vendor')?.trim();
  by_id('home').hidden = Boolean(vendor);
  by_id('vendor').hidden = !vendor;
  by_id('search').value = vendor ?? '';
  document.title = vendor ? `${vendor} · reviews` : 'reviews · write one, watch it travel';
  if (vendor) {
    vendor_page.open(vendor);
  } else {
    vendor_page.close();
    if (query.get('review'))
      form.vendor = query.get('review');
  }
  if (is_move) {
    scrollTo(0, 0);
    (vendor ? by_id('vendor').querySelector('h1') : by_id(query.get('review') ? 'vendor_id' : 'main')).focus();
  }
}

function go(path) {
  history.pushState(null, '', path);
  route(true);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  const href = link?.getAttribute('href') ?? '';
  const is_plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!is_plain || link?.target || !(href === '/' || href.startsWith('/?')))
    return;
  event.preventDefault();
  go(href);
});

document.querySelector('.search').addEventListener('submit', (event) => {
  event.preventDefault();
  go(`/?vendor=${encodeURIComponent(by_id('search').value.trim())}`);
});

addEventListener('popstate', () => route(true));

route(false);
live.start();
