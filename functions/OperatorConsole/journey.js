// One journey: where it stands and why, what can be done.
import { h } from './dom.js';
import * as api from './api.js';
import { ago, badge, countdown, duration, facts, idText, kindName, money, now, shortId, tone, when, words } from './format.js';
import { buttons } from './actions.js';
import { link, panel, table, tell } from './shell.js';

export function journey(id) {
  let last = null;
  return {
    title: id,
    every: 2000,
    load: () => api.journey(id),
    show: (seen, refresh) => {
      if (last && last !== seen.phase) tell(`The journey is now ${words(seen.phase)}.`);
      last = seen.phase;
      return show(seen, refresh);
    },
  };
}

const show = (seen, refresh) => [
  h('div', { class: 'headline' }, h('span', { class: 'kind' }, kindName(seen.kind)), badge(seen), h('span', { class: 'since' }, 'since ', when(seen.since), ' (', ago(seen.since), ')')),
  seen.silence && silence(seen.silence),
  seen.fault && fault(seen.fault),
  seen.reason && reason(seen),
  seen.pending && pending(seen.pending),
  h('div', { class: 'two' },
    h('div', null, waiting(seen, refresh), deposit(seen), quote(seen), endorsements(seen), amounts(seen), signals(seen), acted(seen)),
    h('div', null, timeline(seen), ids(seen))),
  h('details', { class: 'raw' }, h('summary', null, 'Status as the API answers it'), h('pre', { tabindex: '0' }, JSON.stringify(seen, null, 2))),
];

function waiting(seen, refresh) {
  const possible = buttons(seen, refresh);
  if (seen.ended) return panel('Over', h('p', null, 'The journey has ended. It will not move again.'), possible);
  return panel('Waits for', h('p', { class: 'big' }, seen.awaiting ?? words(seen.phase)),
    seen.until && h('p', null, 'Until ', when(seen.until), ', ', h('strong', null, countdown(seen.until)), seen.then && `. Then ${seen.then}.`),
    possible);
}

const silence = ({ since, cause, route, nextTryAt }) => h('div', { class: 'notice warn' }, h('p', null, h('strong', null, 'OMS is silent'), ' since ', when(since), `: ${cause}`,
  route && [' on ', h('code', null, route)], nextTryAt && ['. Asked again ', countdown(nextTryAt)], '.'));

const fault = ({ errorId, since, tries, nextTryAt }) => h('div', { class: 'notice bad' }, h('p', null, h('strong', null, 'A step of the app breaks'), ' since ', when(since),
  ` (tried ${tries} times). Tried again `, countdown(nextTryAt), '. The log has it under ', idText(errorId), '.'));

const reason = ({ reason: { code, detail, fields, requestId, outcome }, phase, ended }) => h('div', { class: `notice ${tone(phase, ended)}` },
  h('p', null, h('strong', null, detail)),
  facts([['Code', h('code', null, code)], ['What became of the money', outcome && words(outcome)], ['Fields', fields?.join(', ')], ['Request at OMS', requestId && idText(requestId)]]));

// A decision about money that waits for a second person.
export const pending = ({ action, about, by, reason, reference, expiresAt }) => h('div', { class: 'notice warn' }, h('p', null,
  h('strong', null, 'Waits for a second person'), `: ${action}${about ? ` (${about})` : ''}, proposed by `, shortId(by), `, because: ${reason} (${reference}). Runs out `, countdown(expiresAt), '.'));

const deposit = ({ deposit: seen, phase }) => seen && panel('Deposit code',
  h('p', { class: phase === 'AwaitingDeposit' ? 'code' : 'code old' }, seen.code ?? 'none'),
  phase !== 'AwaitingDeposit' && h('p', { class: 'hint' }, 'Not payable now.'),
  facts([
    ['Store', seen.locationName], ['Address', seen.locationAddress],
    ['Runs out', seen.expiresAt && [when(seen.expiresAt), ' · ', countdown(seen.expiresAt)]],
    ['Refreshed', seen.round === 0 ? 'not yet' : seen.round === 1 ? 'once' : `${seen.round} times`],
    ['By itself', seen.maxRounds === 0 ? 'never' : `up to ${seen.maxRounds} times`],
  ]));

const quote = ({ quote: seen, payout }) => seen && panel('Price', facts([
  ['Leaves the wallet', money(seen.send, 'usdc')], ['Reaches the bank', money(seen.receive, 'usd')], ['Fees', money(seen.fees, 'usd')], ['Rate', seen.rate],
  ['Holds until', !payout && seen.expiresAt && [when(seen.expiresAt), ' · ', countdown(seen.expiresAt)]],
  ['Quote', idText(seen.id)], ['Asked for', `${seen.round} of at most ${seen.maxRounds}`],
]));

const endorsements = ({ endorsements: seen }) => seen && panel('Endorsements', table('Endorsements', [
  ['Name', endorsement => endorsement.name],
  ['At OMS', ({ status }) => h('span', { class: `badge ${{ ACTIVE: 'good', REJECTED: 'bad', REVOKED: 'bad', OFFBOARDED: 'bad' }[status] ?? 'busy'}` }, status)],
  ['Missing', endorsement => endorsement.missing.join(', ')],
  ['Issues', endorsement => [...endorsement.issues, ...endorsement.rejectionReasons].join('; ')],
], seen, ''));

const amounts = ({ settlement, payout, paidIn, transactionId }) => (settlement || payout || transactionId) && panel('Money', facts([
  ['Paid in', money(settlement?.gross ?? paidIn, 'usd')], ['Fees', settlement && money(settlement.fees, 'usd')],
  ['Booked', settlement && money(settlement.net, settlement.asset)], ['Network', settlement?.network], ['Settled', settlement && when(settlement.settledAt)],
  ['Left the wallet', payout && money(payout.sent, 'usdc')], ['Reached the bank', payout && money(payout.received, 'usd')],
  ['At OMS', payout?.status], ['Landed', payout?.completedAt && when(payout.completedAt)],
  ['Transaction', idText(settlement?.transactionId ?? payout?.transactionId ?? transactionId)],
  ['On chain', settlement?.txHash && idText(settlement.txHash)],
]));

const signals = ({ signals: seen }) => seen?.length > 0 && panel('Signals received', table('Signals received', [
  ['When', signal => when(signal.at)], ['What', signal => words(signal.event ?? signal.kind)], ['Status', signal => signal.status],
], seen, ''));

const acted = ({ actions: seen }) => seen?.length > 0 && panel('Done by people', table('Done by people', [
  ['When', action => when(action.at)], ['What', action => [words(action.action), action.about && [' ', shortId(action.about)]]],
  ['Who', action => [shortId(action.by), action.proposedBy && [', proposed by ', shortId(action.proposedBy)]]],
  ['Why', action => action.reason && `${action.reason}${action.reference ? ` (${action.reference})` : ''}`],
], seen, ''));

function timeline(seen) {
  const steps = seen.passed?.length > 0 ? [...seen.passed] : [{ phase: 'Accepted', at: seen.receivedAt }];
  if (steps.at(-1).phase !== seen.phase) steps.push({ phase: seen.phase, at: seen.since });
  return panel('Timeline', h('ol', { class: 'timeline' }, steps.map(({ phase, at, cause }, index) => {
    const last = index === steps.length - 1;
    const took = (last ? (seen.ended ? null : now()) : Date.parse(steps[index + 1].at)) - Date.parse(at);
    return h('li', { class: `${tone(phase, last && seen.ended, last && seen.overdue)}${last ? ' last' : ''}`, 'aria-current': last && 'step' },
      h('span', { class: 'phase' }, words(phase)), h('span', { class: 'at' }, when(at)),
      !last && h('span', { class: 'took' }, took < 1000 ? 'under 1 s' : duration(took)),
      cause && h('span', { class: 'cause' }, cause));
  })));
}

const ids = seen => panel('Ids', facts([
  ['Journey', idText(seen.id)],
  ['Customer', seen.customerId && [idText(seen.customerId), ' ', link(`#/journeys?${new URLSearchParams({ customerId: seen.customerId })}`, 'all of theirs')]],
  ['Wallet', seen.wallet && idText(seen.wallet.id)],
  ['Address', seen.wallet?.address && idText(seen.wallet.address)],
  ['Asset', seen.wallet && `${seen.wallet.asset.toUpperCase()} on ${seen.wallet.network}`],
  ['Cash-in at OMS', seen.cashInId && idText(seen.cashInId)],
  ['Received', when(seen.receivedAt)],
]));
