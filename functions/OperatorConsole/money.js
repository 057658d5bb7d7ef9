// Money and what speaks of it: settlements, reconciliation, events nobody waited for, the webhook.
import { h, patch } from './dom.js';
import * as api from './api.js';
import { REASON, REFERENCE, ask, field, needsAnother, problemNodes } from './dialog.js';
import { ago, countdown, facts, idText, money as amount, now, shortId, when } from './format.js';
import { go, journeyLink, link, panel, table } from './shell.js';
import { pending } from './journey.js';
import { pages } from './journeys.js';

const TABS = [['settlements', 'Settlements', settlements], ['deposits', 'Deposits', deposits], ['reconciliation', 'Reconciliation', reconciliation], ['decisions', 'Second person', decisions], ['dead-letters', 'Dead letters', deadLetters], ['webhook', 'Webhook', webhook], ['notifications', 'Notifications', notifications]];
const STATES = [['Unclaimed', 'Unclaimed'], ['Attached', 'Attached by hand'], ['Handled', 'Handled outside'], ['Booked', 'Booked'], ['Returned', 'Returned by the bank']];

export function money(query, tab = 'settlements') {
  const [path, name, view] = TABS.find(([known]) => known === tab) ?? TABS[0];
  const opened = view(Object.fromEntries(query));
  return {
    ...opened,
    title: name,
    still: h('div', null,
      h('nav', { class: 'tabs', 'aria-label': 'Money' }, TABS.map(([known, text]) => h('a', { href: `#/money/${known}`, 'aria-current': known === path && 'page' }, text))),
      opened.still),
  };
}

function settlements(filter) {
  const state = filter.state ?? 'Unclaimed';
  const open = state === 'Unclaimed';
  return {
    still: h('form', { class: 'filters', 'aria-label': 'Filter', onsubmit: event => event.preventDefault(), onchange: event => go(`#/money/settlements?state=${event.target.value}`) },
      field({ name: 'state', label: 'State', value: state, options: STATES })),
    load: () => api.settlements(state, filter.after),
    show: (page, refresh) => [
      table('Settlements', [
        ['Transaction', row => idText(row.transactionId)],
        ['Net', row => amount(row.net, row.asset), 'number'],
        ['Paid in', row => amount(row.gross, 'usd'), 'number'],
        ['Settled', row => when(row.settledAt)],
        open ? ['Why', row => row.reason && WHY[row.reason]] : ['Journey', row => row.instanceId && journeyLink(row.instanceId)],
        open ? ['Customer', row => row.customerId && h('code', null, row.customerId)] : ['Decided', row => row.decided && decided(row.decided)],
        ['Cash-in at OMS', row => row.cashInId && h('code', null, row.cashInId)],
        ...(state === 'Booked' ? [] : [['What to do', row => [row.pending?.map(pending), open ? decide(row, refresh) : undo(row, refresh)]]]),
      ], page.data, open ? 'No money waits for anybody.' : 'None.'),
      pages({ state, after: filter.after }, page.next, 'money/settlements'),
    ],
  };
}

const WHY = { NotBooked: 'no journey booked it: late cash, most often', NoCashIn: 'its transaction names no cash-in', NoCustomer: 'its transaction names no customer', MoneyDiffers: 'what OMS says of it does not fit' };

const decided = ({ by, at, reason, reference, proposedBy }) => [
  shortId(by), proposedBy && [' and ', shortId(proposedBy)], ' · ', when(at), h('br'), `${reason ?? ''} (${reference})`];

// The first of two people is told that another is needed.
const then = (message, refresh, act) => async values => {
  const answer = await act(values);
  refresh();
  return api.isPending(answer) ? needsAnother : message;
};

const what = row => h('p', null, amount(row.net, row.asset), ' of transaction ', h('code', null, row.transactionId));

const undo = (row, refresh) => h('button', { type: 'button', class: 'plain', onclick: () => ask({
  title: 'Take the decision back?',
  says: [what(row), 'The settlement is unclaimed again. This takes two people, whatever the settings say.'],
  fields: [REFERENCE, REASON],
  button: 'Undo',
  danger: true,
  run: then('The settlement is unclaimed again.', refresh, values => api.undo(row.transactionId, values)),
}) }, 'Undo');

function decide(row, refresh) {
  return h('div', { class: 'buttons' },
    h('button', { type: 'button', class: 'plain', onclick: () => ask({
      title: 'Credit to a journey?',
      says: [what(row), 'The money counts as that journey\'s from now on. Two people can undo it.'],
      fields: [{ name: 'instanceId', label: 'Journey', required: true, hint: 'Its id, such as ci-…', value: proposed(row, 'attach')?.about }, REFERENCE, REASON],
      button: 'Credit it',
      run: then('The settlement is credited.', refresh, values => api.attach(row.transactionId, values)),
    }) }, 'Attach'),
    h('button', { type: 'button', class: 'plain', onclick: () => ask({
      title: 'Dealt with outside?',
      says: [what(row), 'It no longer counts as unclaimed, and no journey can book it. Two people can undo it.'],
      fields: [REFERENCE, REASON],
      button: 'Mark as handled',
      danger: true,
      run: then('The settlement is marked as handled.', refresh, values => api.markHandled(row.transactionId, values)),
    }) }, 'Handled'));
}

const DEPOSIT_TONE = { Booked: 'good', Unclaimed: 'warn', Returned: 'bad' };

function deposits(filter) {
  return {
    still: h('form', { class: 'filters', 'aria-label': 'Filter', onsubmit: event => event.preventDefault(), onchange: event => go(`#/money/deposits?${new URLSearchParams({ customerId: event.target.value })}`) },
      field({ name: 'customerId', label: 'Customer', value: filter.customerId })),
    load: () => api.deposits(filter.customerId, filter.after),
    show: page => [
      table('Deposits', [
        ['Transaction', row => idText(row.transactionId)], ['State', row => h('span', { class: `badge ${DEPOSIT_TONE[row.state] ?? 'quiet'}` }, row.state)],
        ['Net', row => amount(row.net, row.asset), 'number'], ['Sent', row => [amount(row.gross, 'usd'), row.rail && ` · ${row.rail}`], 'number'],
        ['Settled', row => when(row.settledAt)], ['Customer', row => row.customerId && h('code', null, row.customerId)],
        ['Returned', row => row.returnedAt && [when(row.returnedAt), row.returnCode && ` · ${row.returnCode}`]],
      ], page.data, 'No bank has sent anything.'),
      pages({ customerId: filter.customerId, after: filter.after }, page.next, 'money/deposits'),
    ],
  };
}

const proposed = (row, action) => row.pending?.find(each => each.action === action);

function decisions() {
  return {
    load: api.decisions,
    show: ({ data }) => [
      h('p', { class: 'hint' }, 'What one person proposed about money. It counts once somebody else says the same, where it belongs.'),
      table('Decisions that wait for a second person', [
        ['What', row => row.action],
        ['About', row => row.action === 'resolve' ? journeyLink(row.subject) : link(row.action === 'undo' ? `#/money/settlements?state=${row.about}` : '#/money/settlements', h('code', null, row.subject))],
        ['And', row => row.about], ['Who', row => shortId(row.by)], ['Why', row => `${row.reason} (${row.reference})`], ['Runs out', row => countdown(row.expiresAt), 'short'],
      ], data, 'Nothing waits for a second person.'),
    ],
  };
}

function reconciliation(filter) {
  const input = ms => new Date(ms).toISOString().slice(0, 16);
  const from = filter.from ?? input(now() - 86_400_000), to = filter.to ?? input(now() + 60_000);
  const form = h('form', { class: 'filters', 'aria-label': 'Span', onsubmit: event => {
    event.preventDefault();
    go(`#/money/reconciliation?${new URLSearchParams([...new FormData(form)])}`);
  } }, field({ name: 'from', label: 'From (UTC)', type: 'datetime-local', value: from }), field({ name: 'to', label: 'To (UTC)', type: 'datetime-local', value: to }),
  h('button', { type: 'submit', class: 'primary' }, 'Compare'));
  return {
    still: form,
    every: 600_000,
    load: () => api.reconcile(`${from}Z`, `${to}Z`),
    show: report => [
      h('p', { class: `notice ${report.balanced ? 'good' : 'bad'}` }, h('strong', null, report.balanced ? 'Balanced.' : 'There are differences.'), ' ',
        report.balanced ? 'Everything OMS settled in this time is credited, with its amount, and nothing else is.' : 'See below which transactions.'),
      panel('Sums', table('Sums by asset', [
        ['Asset', row => row.asset.toUpperCase()], ['OMS settled', row => row.settled, 'number'], ['Transactions', row => row.settledCount, 'number'],
        ['Credited', row => row.credited, 'number'], ['Unclaimed', row => row.unclaimed, 'number'], ['Difference', row => row.difference, 'number'],
      ], report.totals, 'OMS settled nothing in this time.')),
      differences('Not in the ledger', report.missing, 'OMS completed them; their journeys may still be about to book them.'),
      differences('Unclaimed', report.unclaimed, ['No journey claims them: ', link('#/money/settlements', 'attach them or mark them handled'), '.']),
      differences('Another amount', report.mismatched.map(row => `${row.transactionId}: settled ${row.settled}, credited ${row.credited}`), 'Credited with another amount than OMS settled.'),
      differences('Not settled by OMS', report.unfounded, 'In the ledger, but not completed at OMS.'),
    ],
  };
}

const differences = (title, ids, note) => ids.length > 0 && panel(title, h('p', null, note), h('ul', { class: 'plain-list' }, ids.map(id => h('li', null, idText(id)))));

function deadLetters(filter) {
  return {
    load: () => api.deadLetters(filter.after),
    show: (page, refresh) => [
      h('p', { class: 'hint' }, 'Events of OMS that no journey waited for within the hour. Deliver one again when its journey listens now, or name the journey.'),
      table('Dead letters', [
        ['Event', row => row.name.endsWith(`.${row.status}`) ? row.name : [row.name, ' ', h('span', { class: 'badge quiet' }, row.status)]],
        ['About', row => idText(row.resourceId)],
        ['Received', row => [when(row.receivedAt), ' · ', ago(row.receivedAt)], 'short'],
        ['Customer', row => row.customerId && shortId(row.customerId), 'short'],
        ['Transaction', row => row.transactionId && shortId(row.transactionId), 'short'],
        ['What to do', row => h('div', { class: 'buttons' },
          h('button', { type: 'button', class: 'plain', onclick: () => redrive(row, refresh) }, 'Deliver again'),
          h('button', { type: 'button', class: 'plain', onclick: () => dismiss(row, refresh) }, 'Dismiss'))],
      ], page.data, 'Every event found its journey.'),
      pages({ after: filter.after }, page.next, 'money/dead-letters'),
    ],
  };
}

const dismiss = (row, refresh) => ask({
  title: 'Dismiss this event?',
  says: [h('p', null, row.name, ' about ', h('code', null, row.resourceId)), 'It leaves this list. Money does not depend on it: what settled is under Settlements.'],
  fields: [REASON],
  button: 'Dismiss',
  run: async ({ reason }) => {
    await api.dismiss({ resourceId: row.resourceId, deliveryId: row.deliveryId, reason });
    refresh();
    return 'Dismissed.';
  },
});

const redrive = (row, refresh) => ask({
  title: 'Deliver this event again?',
  says: [h('p', null, row.name, ' about ', h('code', null, row.resourceId)), 'It wakes the journey, which asks OMS how things stand and decides by that. A journey that had it before ignores it.'],
  fields: [{ name: 'instanceId', label: 'Journey', hint: 'Empty: whoever listens to the resource now.' }],
  button: 'Deliver',
  run: async ({ instanceId }) => {
    const { reached } = await api.redrive({ resourceId: row.resourceId, deliveryId: row.deliveryId, instanceId });
    refresh();
    return `Delivered to ${reached} ${reached === 1 ? 'journey' : 'journeys'}.`;
  },
});

function notifications(filter) {
  const order = (row, query) => ({
    title: query.subject ? 'Tell this again?' : `Tell ${row.endpoint} all of it again?`,
    says: [query.subject ? h('p', null, row.type, ' about ', h('code', null, row.subject)) : 'Every notification the endpoint did not take is queued.',
      'It is sent under the same id within seconds, tried for days if need be, and leaves this list once it is taken.'],
    button: 'Tell',
    run: async () => `${(await api.tellAgain({ endpoint: row.endpoint, ...query })).queued} queued.`,
  });
  const button = (label, row, query, refresh) => h('button', { type: 'button', class: 'plain', onclick: () => {
    const { run, ...asked } = order(row, query);
    ask({ ...asked, run: async () => { const said = await run(); refresh(); return said; } });
  } }, label);
  return {
    load: () => api.untold(filter.after),
    show: (page, refresh) => [
      h('p', { class: 'hint' }, 'What systems of yours were to be told and did not take for days. Look why first; then have it told again.'),
      h('div', { class: 'buttons' }, [...new Map(page.data.map(row => [row.endpoint, row])).values()].map(row => button(`Tell ${row.endpoint} all again`, row, {}, refresh))),
      table('Notifications nobody took', [
        ['Milestone', row => row.type],
        ['About', row => row.type.startsWith('deposit.') ? idText(row.subject) : journeyLink(row.subject)],
        ['When', row => [when(row.at), ' · ', ago(row.at)], 'short'],
        ['Endpoint', row => row.endpoint],
        ['Why', row => `${row.cause.replaceAll('_', ' ')}, ${row.tries} ${row.tries === 1 ? 'try' : 'tries'}`],
        ['What to do', row => button('Tell again', row, { subject: row.subject, sequence: row.sequence }, refresh)],
      ], page.data, 'Everything was taken.'),
      pages({ after: filter.after }, page.next, 'money/notifications'),
    ],
  };
}

function webhook() {
  return {
    every: 10_000,
    load: api.webhooks,
    show: ({ data }, refresh) => {
      const mine = data.filter(endpoint => endpoint.secretSetting);
      const button = (label, order, look = 'plain') => h('button', { type: 'button', class: look, onclick: () => ask({
        ...order,
        run: async () => {
          await order.act();
          refresh();
          return order.done;
        },
      }) }, label);
      return [
        h('div', { class: 'buttons' },
          mine.length === 0 && button('Register', REGISTER, 'primary'),
          mine.length === 1 && button('Rotate the secret', ROTATE),
          mine.length > 1 && button('Finish the rotation', FINISH, 'primary')),
        data.length === 0 && h('p', { class: 'none' }, 'OMS knows no endpoint: journeys find everything out by asking, only later.'),
        data.map(endpoint => panel(endpoint.url ?? endpoint.id,
          facts([
            ['Deliveries', h('span', { class: `badge ${endpoint.enabled ? 'good' : 'warn'}` }, endpoint.enabled ? 'on' : 'paused')],
            ['Health at OMS', endpoint.status], ['Secret in', endpoint.secretSetting ?? 'not held by this app'],
            ['Events', endpoint.events.length === 0 ? 'all' : `${endpoint.events.length} kinds`], ['Registered', endpoint.createdAt && when(endpoint.createdAt)], ['Endpoint', idText(endpoint.id)],
          ]),
          h('details', null, h('summary', null, 'Which events'), h('p', { class: 'hint' }, endpoint.events.join(', ') || 'all')),
          h('div', { class: 'buttons' },
            endpoint.enabled ? button('Pause', pauseOrder(endpoint.id)) : button('Resume', resumeOrder(endpoint.id), 'primary'),
            button('Delete', removeOrder(endpoint.id), 'danger plain')))),
      ];
    },
  };
}

const REGISTER = { title: 'Register this app at OMS?', says: ['OMS delivers events to Webhooks:PublicUrl from now on. The signing secret goes straight into the secret store and is never shown.'],
  button: 'Register', act: api.register, done: 'Registered.' };
const ROTATE = { title: 'Rotate the signing secret?', says: ['A second endpoint with a new secret is registered at the same address. Both secrets are accepted until the rotation is finished.', 'Until then each event comes twice; the second is ignored.'],
  button: 'Rotate', act: api.rotate, done: 'The next endpoint is registered. Finish the rotation once deliveries come with it.' };
const FINISH = { title: 'Finish the rotation?', says: ['The older endpoint and its secret are deleted. Deliveries signed with it are refused from then on. This cannot be undone.'],
  button: 'Finish', danger: true, act: api.finishRotation, done: 'The older endpoint is deleted.' };
const pauseOrder = id => ({ title: 'Pause deliveries?', says: ['What happens meanwhile is not sent later: journeys find out by asking OMS, which takes minutes instead of a moment.'],
  button: 'Pause', act: () => api.pause(id), done: 'Deliveries are paused.' });
const resumeOrder = id => ({ title: 'Resume deliveries?', says: ['OMS delivers what happens from now on.'], button: 'Resume', act: () => api.resume(id), done: 'Deliveries are on.' });
const removeOrder = id => ({ title: 'Delete this endpoint?', says: ['OMS stops delivering to it, and its secret is deleted here. This cannot be undone; another can be registered.'],
  button: 'Delete', danger: true, act: () => api.remove(id), done: 'The endpoint is deleted.' });
