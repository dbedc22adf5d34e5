// Making elements. Text always becomes text nodes: nothing here parses markup.

const svg_space = 'http://www.w3.org/2000/svg';

/** The element with that id. */
export const by_id = (id) => document.getElementById(id);

/** A new element; `attributes` that are null or false are left out, children are nodes or text. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== null && value !== undefined && value !== false)
      made.setAttribute(key, value === true ? '' : value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A picture out of the page's own symbols; invisible to screen readers. */
export function icon(symbol) {
  const picture = document.createElementNS(svg_space, 'svg');
  const use = document.createElementNS(svg_space, 'use');
  picture.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#${symbol}`);
  picture.append(use);
  return picture;
}

/** Sets the text of an element, without touching the page when it is there already. */
export function say(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

export const number = (value) => Number(value).toLocaleString('en');

/** `1 record`, `2 records`. */
export const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A span of time as people say it: `0.8 ms`, `38 ms`, `4.2 s`, `3 min`. */
export function span(milliseconds) {
  if (milliseconds < 9.95)
    return `${Math.max(0, milliseconds).toFixed(1)} ms`;
  if (milliseconds < 999.5)
    return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950)
    return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** Milliseconds from one RFC 3339 time to another; keeps the microseconds that Date drops. */
export function between(from, to) {
  return microseconds(to) / 1000 - microseconds(from) / 1000;
}

function microseconds(time) {
  const [, fraction = ''] = /\.(\d+)/.exec(time) ?? [];
  const whole = Date.parse(time.replace(/\.\d+/, ''));
  return whole * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

/** A `time` element that shows the moment in the reader's own zone. */
export function moment(time) {
  const at = new Date(time);
  const is_today = at.toDateString() === new Date().toDateString();
  const style = is_today ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' };
  return el('time', { datetime: time, title: time }, new Intl.DateTimeFormat(undefined, style).format(at));
}

/** Whether the reader asked for less motion. */
export const is_calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Calls `act` now, but not more often than every so many milliseconds; what comes in between is one call later. */
export function at_most_every(milliseconds, act) {
  let timer = 0;
  let is_due = false;
  const run = () => {
    timer = setTimeout(() => {
      timer = 0;
      if (is_due)
        run();
    }, milliseconds);
    is_due = false;
    act();
  };
  return () => (timer ? is_due = true : run());
}

/** Whether two descriptions are equal; for what came as JSON. */
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
