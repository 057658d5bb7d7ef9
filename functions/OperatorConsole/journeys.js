// The list of journeys, and what a search by id found.
import { h } from './dom.js';
import * as api from './api.js';
import { field } from './dialog.js';
import { PHASES, ago, badge, countdown, kindName, money, shortId, when, words } from './format.js';
import { go, journeyLink, link, table } from './shell.js';

export function journeys(query) {
  const filter = Object.fromEntries(query);
  return {
    title: 'Journeys',
    still: filters(filter),
    load: () => api.journeys({ limit: 25, ...filter, from: filter.from && `${filter.from}Z`, to: filter.to && `${filter.to}Z` }),
    show: page => [list(page.data, 'No journey is like that.'), pages(filter, page.next)],
  };
}

const search = (title, find, none) => {
  const asked = location.hash;
  return {
    title,
    every: 15_000,
    load: async () => {
      const all = await find();
      if (all.length === 1 && location.hash === asked) location.replace(`#/journeys/${encodeURIComponent(all[0].id)}`);
      return all;
    },
    show: all => list(all, none),
  };
};

export const found = id => search(`Found for ${id}`, () => api.find(id),
  'No journey belongs to this id. A cash-in\'s or a transaction\'s id is known while its journey runs, and once its money is booked.');

// An e-mail address is in no address of the page: those stay in the browser's history.
let email = '', searches = 0;

export function seek(wanted) {
  email = wanted;
  go(`#/email/${++searches}`);
}

export const foundByEmail = () => search('Found for an e-mail address', async () => (email ? api.findByEmail(email) : []),
  'No journey was asked for with this e-mail address. Type it again after the page was reloaded.');

const list = (data, none) => table('Journeys', [
  ['Journey', journey => journeyLink(journey.id)],
  ['Kind', journey => kindName(journey.kind), 'short'],
  ['Phase', badge],
  ['Changed', journey => ago(journey.since), 'short'],
  ['Waits for', journey => journey.awaiting],
  ['Until', journey => journey.until && countdown(journey.until), 'short'],
  ['Customer', journey => journey.customerId && link(`#/journeys?${new URLSearchParams({ customerId: journey.customerId })}`, shortId(journey.customerId)), 'short'],
  ['Amount', amount, 'number'],
  ['Received', journey => when(journey.receivedAt), 'short'],
], data, none);

function amount({ settlement, payout, quote, paidIn }) {
  if (settlement) return money(settlement.net, settlement.asset);
  if (payout?.received) return money(payout.received, 'usd');
  return quote?.receive ? money(quote.receive, 'usd') : paidIn && money(paidIn, 'usd');
}

function filters(filter) {
  const form = h('form', { class: 'filters', onchange: apply, onsubmit: event => { event.preventDefault(); apply(); }, 'aria-label': 'Filter' },
    field({ name: 'kind', label: 'Kind', value: filter.kind, options: [['', 'All'], ...api.KINDS.map(kind => [kind, kindName(kind)])] }),
    field({ name: 'phase', label: 'Phase', value: filter.phase, options: [['', 'All'], ...PHASES.map(phase => [phase, words(phase)])] }),
    field({ name: 'overdue', label: 'Overdue', value: filter.overdue, options: [['', 'Or not'], ['true', 'Overdue']] }),
    field({ name: 'customerId', label: 'Customer', value: filter.customerId }),
    field({ name: 'from', label: 'From (UTC)', type: 'datetime-local', value: filter.from }),
    field({ name: 'to', label: 'To (UTC)', type: 'datetime-local', value: filter.to }),
    h('button', { type: 'submit', class: 'plain' }, 'Filter'),
    h('a', { href: '#/journeys', class: 'button plain' }, 'Clear'));

  function apply() {
    const wanted = [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== '');
    go(`#/journeys?${new URLSearchParams(wanted)}`);
  }

  return form;
}

export const pages = (filter, next, path = 'journeys') => (filter.after || next) && h('nav', { class: 'pages', 'aria-label': 'Pages' },
  filter.after && h('button', { type: 'button', class: 'plain', onclick: () => history.back() }, '← Back'),
  next && link(`#/${path}?${new URLSearchParams({ ...filter, after: next })}`, 'More →'));
