// What can be done to a journey now: the links of its document, each with a confirmation that says what it does and cannot undo.
import { h } from './dom.js';
import * as api from './api.js';
import { REASON, REFERENCE, ask, needsAnother } from './dialog.js';
import { facts, money, words } from './format.js';

const ORDER = ['confirm', 'refresh', 'applicant', 'resolve', 'ask', 'cancel'];
const OUTCOMES = [['', '—'], ['Delivered', 'It reached whom it was for'], ['Returned', 'Whoever paid has it back'], ['NotMoved', 'None moved']];

export function buttons(seen, refresh) {
  const names = Object.keys(seen.links).filter(name => name !== 'self');
  names.sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return names.length > 0 && h('div', { class: 'buttons', role: 'group', 'aria-label': 'What can be done now' }, names.map(name => {
    const action = (ACTIONS[name] ?? other(name))(seen);
    return h('button', { type: 'button', class: action.danger ? 'danger plain' : name === names[0] ? 'primary' : 'plain', onclick: () => confirm(seen, name, action, refresh) }, action.label);
  }));
}

function confirm(seen, name, action, refresh) {
  const once = crypto.randomUUID();
  ask({
    ...action,
    run: async values => {
      const answer = await api.command(seen.links[name], action.method ?? 'POST', once, action.body?.(values), action.query?.(values));
      refresh();
      return api.isPending(answer) ? needsAnother : action.done;
    },
  });
}

const other = name => () => ({ label: words(name), title: `Send '${name}'?`, says: ['The journey gets this command.'], button: 'Send it', done: 'Sent.' });

const CANCEL = {
  CashIn: phase => phase === 'AwaitingDeposit'
    ? ['OMS cannot call a deposit code back: it stays payable until it runs out. No new code is made.',
      'If nobody pays in until then, the journey ends as Cancelled. If somebody does, the money is converted and booked as usual.']
    : ['The journey ends, unless OMS says that cash was paid in: then the money is booked as usual.', 'An ended journey cannot be revived.'],
  Onboarding: () => ['The journey ends. The customer stays at OMS, and can be used by a later cash-in.', 'An ended journey cannot be revived.'],
  Payout: () => ['The price is dropped and the journey ends. No money has moved.', 'An ended journey cannot be revived.'],
};

const ACTIONS = {
  refresh: seen => ({
    label: 'New deposit code',
    title: 'Make a new deposit code?',
    says: [seen.phase === 'Expired' ? 'The journey is revived: OMS makes a new code, and waits for cash on it.' : 'OMS makes a new code on the same cash-in.',
      'The code shown now stops working for good. Whoever is to pay in must be given the new one, which appears here in a moment.'],
    button: 'Make a new code',
    done: 'A new code is asked for. The code shown is the old one until it comes.',
  }),
  cancel: seen => ({
    label: 'Cancel', danger: true, title: 'Cancel this journey?', says: (CANCEL[seen.kind] ?? CANCEL.Onboarding)(seen.phase), button: 'Cancel the journey', done: 'The journey was told to cancel.',
  }),
  confirm: seen => ({
    label: 'Confirm the price',
    title: 'Accept this price?',
    says: [facts([['Leaves the wallet', money(seen.quote?.send, 'usdc')], ['Reaches the bank', money(seen.quote?.receive, 'usd')], ['Fees', money(seen.quote?.fees, 'usd')]]),
      'The payout is executed at once. Money that moves cannot be called back from here.'],
    button: 'Accept and pay out',
    body: () => ({ quoteId: seen.quote.id }),
    done: 'The price is accepted. The payout is being executed.',
  }),
  ask: () => ({
    label: 'Ask OMS now', title: 'Ask OMS now?', says: ['The journey asks OMS how things stand, whatever pause it keeps, and goes on by the answer. Nothing else changes.'],
    button: 'Ask', done: 'OMS is asked.',
  }),
  resolve: ({ pending }) => ({
    label: pending ? 'Confirm the resolution' : 'Resolve',
    danger: true,
    title: 'Close this journey?',
    says: [pending && h('p', null, `Proposed: ${words(pending.about)}, because: ${pending.reason} (${pending.reference}). Say the same to confirm it.`),
      'Do this once you know, from OMS, what became of the money. The journey ends as Failed and books nothing.',
      'Should the money still settle, it appears under Money as unclaimed. This cannot be undone.'],
    fields: [{ name: 'outcome', label: 'What became of the money', required: true, options: OUTCOMES, value: pending?.about }, REFERENCE, REASON],
    query: values => values,
    button: 'Close the journey',
    done: 'The journey is closed.',
  }),
  applicant: seen => ({
    label: 'Supply data',
    title: 'Supply what OMS asks for',
    says: [h('p', null, 'Only what is filled in is sent: encrypted, to OMS, and deleted here then. It is not shown again.'),
      h('p', { class: 'hint' }, missing(seen))],
    fields: SUPPLY,
    method: 'PATCH',
    body: supplied,
    button: 'Send to OMS',
    done: 'The data is on its way to OMS.',
  }),
};

const missing = seen => (seen.endorsements ?? []).flatMap(({ name, missing: needs, issues }) => [...needs, ...issues].map(need => `${name}: ${need}`)).join(' · ');

const SUPPLY = [
  { name: 'type', label: 'Identity document', options: [['', '—'], ['ssn', 'SSN'], ['itin', 'ITIN'], ['driversLicense', 'Driver\'s licence'], ['passport', 'Passport']] },
  { name: 'number', label: 'Its number' },
  { name: 'issuingCountry', label: 'Issued by', hint: 'Two letters, such as US' },
  { name: 'firstName', label: 'First name' }, { name: 'lastName', label: 'Last name' },
  { name: 'birthDate', label: 'Born', type: 'date' },
  { name: 'email', label: 'E-mail' }, { name: 'phone', label: 'Phone', hint: 'Such as +12125550142' },
  { name: 'line1', label: 'Street and number' }, { name: 'city', label: 'City' }, { name: 'state', label: 'State' },
  { name: 'zipCode', label: 'Postal code' }, { name: 'country', label: 'Country', hint: 'Two letters' },
];

function supplied(values) {
  const some = names => {
    const given = names.filter(name => values[name]);
    return given.length > 0 ? Object.fromEntries(given.map(name => [name, values[name]])) : undefined;
  };
  const identity = some(['type', 'number', 'issuingCountry']);
  return { ...some(['firstName', 'lastName', 'birthDate', 'email', 'phone']), residentialAddress: some(['line1', 'city', 'state', 'zipCode', 'country']), identifyingInformation: identity && [identity] };
}
