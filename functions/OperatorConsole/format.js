import { h, svg } from './dom.js';

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
// In the order in which journeys pass them.
export const PHASES = ['Accepted', 'CreatingCustomer', 'AwaitingEndorsements', 'AwaitingApplicant', 'ProvisioningWallet', 'CreatingCashIn', 'AwaitingDeposit',
  'AwaitingSettlement', 'Quoting', 'AwaitingConfirmation', 'ExecutingPayout', 'AwaitingPayout', 'AwaitingPickup', 'Expired', 'NeedsReview', 'Completed', 'Failed', 'Rejected', 'Cancelled'];

const BAD = new Set(['Failed', 'Rejected', 'NeedsReview']);
const ASIDE = new Set(['Cancelled', 'Expired']);

// The server's clock counts: a countdown must not depend on how this machine's clock is set.
let clockOffset = 0;
export const setServerTime = date => { clockOffset = date - Date.now(); };
export const now = () => Date.now() + clockOffset;

// 'AwaitingDeposit' and 'CashIn' as people write them.
export const words = name => name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/ [A-Z]/g, first => first.toLowerCase()).replace(/(c)ash in\b/i, '$1ash-in');
export const kindName = words;

const UNITS = [[DAY, 'd'], [HOUR, 'h'], [MINUTE, 'min'], [SECOND, 's']];

// In its two largest units, or `parts` of them.
export function duration(ms, parts = 2) {
  let left = Math.abs(ms);
  const first = Math.max(0, UNITS.findIndex(([unit]) => left >= unit));
  const said = (left < SECOND ? UNITS.slice(3) : UNITS.slice(first, first + parts)).map(([unit, name]) => {
    const count = Math.floor(left / unit);
    left -= count * unit;
    return `${count} ${name}`;
  });
  return said.join(' ');
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
    case 'data-until': return ms > 0 ? `in ${duration(ms)}` : `due ${duration(ms, 1)} ago`;
    case 'data-ago': return ms > -SECOND ? 'just now' : `${duration(ms, 1)} ago`;
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

const COPY = () => svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: 'M6 5V2.500h7.500V11H11M2.500 5H10v8.500H2.500z' }));

// An id to read and to copy.
export const idText = text => text && h('span', { class: 'id' },
  h('code', null, text),
  h('button', { type: 'button', class: 'copy', title: `Copy ${text}`, 'aria-label': `Copy ${text}`, onclick: copy }, COPY()));

async function copy(event) {
  const button = event.currentTarget;
  await navigator.clipboard?.writeText(button.previousElementSibling.textContent);
  button.classList.add('done');
  setTimeout(() => button.classList.remove('done'), 1500);
}

// Enough of an id to tell it from others where room is scarce.
export const shortId = text => h('code', { title: text }, text.length > 16 ? `${text.slice(0, 4)}…${text.slice(-8)}` : text);

// Terms and what they are; those without a value are left out.
export const facts = entries => {
  const known = entries.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '');
  return known.length > 0 && h('dl', { class: 'facts' }, known.map(([term, value]) => h('div', null, h('dt', null, term), h('dd', null, value))));
};
