import { h } from './dom.js';

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const BAD = new Set(['Failed', 'Rejected', 'NeedsReview']);
const ASIDE = new Set(['Cancelled', 'Expired']);

// The server's clock counts: a countdown must not depend on how this machine's clock is set.
let clockOffset = 0;
export const setServerTime = date => { clockOffset = date - Date.now(); };
export const now = () => Date.now() + clockOffset;

// 'AwaitingDeposit' and 'CashIn' as people write them.
export const words = name => name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/ [A-Z]/g, first => first.toLowerCase());
export const kindName = kind => kind === 'CashIn' ? 'Cash-in' : words(kind);

export function duration(ms) {
  const s = Math.abs(ms);
  if (s < MINUTE) return `${Math.floor(s / SECOND)} s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min ${Math.floor(s % MINUTE / SECOND)} s`;
  if (s < DAY) return `${Math.floor(s / HOUR)} h ${Math.floor(s % HOUR / MINUTE)} min`;
  return `${Math.floor(s / DAY)} d ${Math.floor(s % DAY / HOUR)} h`;
}

const utc = iso => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

function clock(iso) {
  const date = new Date(iso);
  const time = date.toLocaleTimeString('en-GB');
  return date.toDateString() === new Date(now()).toDateString()
    ? time
    : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}, ${time}`;
}

const stamp = (iso, attribute) => iso && h('time', { datetime: iso, title: utc(iso), [attribute]: true }, said(iso, attribute));

function said(iso, attribute) {
  const ms = Date.parse(iso) - now();
  switch (attribute) {
    case 'data-until': return ms > 0 ? `in ${duration(ms)}` : `due ${duration(ms)} ago`;
    case 'data-ago': return ms > -SECOND ? 'just now' : `${duration(ms)} ago`;
    default: return clock(iso);
  }
}

export const when = iso => stamp(iso, 'data-at');
export const ago = iso => stamp(iso, 'data-ago');
export const countdown = iso => stamp(iso, 'data-until');

// Moves all countdowns and ages on the page; called every second.
export function tick() {
  for (const attribute of ['data-until', 'data-ago']) {
    for (const time of document.querySelectorAll(`time[${attribute}]`)) {
      const text = said(time.getAttribute('datetime'), attribute);
      if (time.textContent !== text) time.textContent = text;
    }
  }
}

// Amounts stay the decimal text the API sent: no rounding on the way to the eye.
export const money = (amount, asset) => amount === undefined || amount === null ? null : h('span', { class: 'money' }, `${amount} ${(asset ?? '').toUpperCase()}`);

export function tone(phase, ended, overdue) {
  if (phase === 'Completed') return 'good';
  if (BAD.has(phase)) return 'bad';
  if (overdue) return 'warn';
  if (ended || ASIDE.has(phase)) return ended ? 'quiet' : 'warn';
  return 'busy';
}

export const badge = journey => [
  h('span', { class: `badge ${tone(journey.phase, journey.ended, journey.overdue)}` }, words(journey.phase)),
  journey.overdue && h('span', { class: 'badge warn' }, 'overdue'),
  journey.cancelRequested && !journey.ended && h('span', { class: 'badge quiet' }, 'cancel asked'),
];

// An id to read and to copy.
export const idText = text => text && h('span', { class: 'id' },
  h('code', null, text),
  h('button', { type: 'button', class: 'copy', title: `Copy ${text}`, 'aria-label': `Copy ${text}`, onclick: copy }, '⧉'));

async function copy(event) {
  const button = event.currentTarget;
  await navigator.clipboard?.writeText(button.previousElementSibling.textContent);
  button.textContent = '✓';
  setTimeout(() => { button.textContent = '⧉'; }, 1500);
}

// Terms and what they are; those without a value are left out.
export const facts = entries => {
  const known = entries.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '');
  return known.length > 0 && h('dl', { class: 'facts' }, known.map(([term, value]) => h('div', null, h('dt', null, term), h('dd', null, value))));
};
