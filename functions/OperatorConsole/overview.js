// What an operator sees first: what needs somebody, and how it goes.
import { h } from './dom.js';
import * as api from './api.js';
import { bars, columns } from './charts.js';
import { PHASES, ago, badge, duration, kindName, tone, words } from './format.js';
import { journeyLink, panel, table } from './shell.js';

export const overview = () => ({ title: 'Overview', load: api.overview, show });

const show = seen => [
  h('div', { class: 'tiles' }, tiles(seen)),
  attention(seen.attention),
  h('div', { class: 'charts' }, charts(seen)),
  panel('Journeys by phase', phases(seen.journeys), h('p', { class: 'hint' }, seen.complete
    ? 'All that are under way, and those of the last day that are over.' : 'There are more journeys than are counted here.')),
];

const sum = (counts, member = 'count') => counts.reduce((total, count) => total + count[member], 0);

function tiles({ journeys, health, unclaimed, deadLetters, webhooks }) {
  const open = journeys.filter(count => !count.ended);
  const review = sum(journeys.filter(count => count.phase === 'NeedsReview')), overdue = sum(open, 'overdue');
  const upTo = ({ count, more }) => `${count}${more ? '+' : ''}`;
  const failing = health.checks.filter(check => !check.ok).map(check => check.name);
  return [
    tile('Under way', sum(open), '#/journeys', 'busy', `${sum(journeys.filter(count => count.ended))} ended in the last day`),
    tile('Need review', review, '#/journeys?phase=NeedsReview', review ? 'bad' : 'quiet', 'an operator has to look'),
    tile('Overdue', overdue, '#/journeys?overdue=true', overdue ? 'warn' : 'quiet', 'longer than they should'),
    tile('Unclaimed money', upTo(unclaimed), '#/money/settlements', unclaimed.count ? 'bad' : 'quiet',
      unclaimed.sums.map(({ net, asset }) => `${net} ${asset.toUpperCase()}`).join(', ') || 'nothing waits'),
    tile('Dead letters', upTo(deadLetters), '#/money/dead-letters', deadLetters.count ? 'warn' : 'quiet', 'events nobody waited for'),
    webhooks && tile('Last webhook', webhooks.lastAt ? ago(webhooks.lastAt) : 'never', '#/money/webhook', webhooks.lastAt ? 'good' : 'warn', 'from OMS'),
    tile('Health', health.ready ? 'Good' : 'Bad', null, health.ready ? 'good' : 'bad',
      failing.length ? `no answer: ${failing.join(', ')}` : health.checks.map(check => check.name).join(', ')),
  ];
}

const tile = (name, value, href, look, note) => h(href ? 'a' : 'div', { class: `tile ${look}`, href, 'data-key': name },
  h('span', { class: 'name' }, name), h('span', { class: 'value' }, value), h('span', { class: 'note' }, note));

const attention = journeys => journeys.length > 0 && panel('Somebody should look', table('Journeys somebody should look at', [
  ['Journey', journey => journeyLink(journey.id)],
  ['Kind', journey => kindName(journey.kind), 'short'],
  ['Phase', badge],
  ['Since', journey => ago(journey.since), 'short'],
  ['Why', journey => journey.reason?.detail ?? (journey.awaiting && `waits for ${journey.awaiting}`)],
], journeys, ''));

const inOrder = counts => counts.toSorted((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase));

const charts = ({ started, journeys, phaseTimes }) => [
  columns('Cash-ins started per hour, last day', started.map(({ hour, count }) => {
    const label = new Date(hour).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    return { label, title: label, value: count };
  })),
  bars('Outcomes, last day', inOrder([...Map.groupBy(journeys.filter(count => count.ended), count => count.phase)].map(([phase, counts]) => ({
    phase, label: words(phase), value: sum(counts), tone: tone(phase, true),
  }))), 'Nothing has ended in this time.'),
  phaseTimes?.length > 0 && bars('Time per phase, median', inOrder(phaseTimes).map(({ phase, medianSeconds }) => ({
    label: words(phase), value: medianSeconds, said: duration(medianSeconds * 1000), tone: tone(phase, false),
  })), ''),
];

const phases = journeys => journeys.length === 0 ? h('p', { class: 'none' }, 'No journey is under way.')
  : h('div', { class: 'charts some' }, [...Map.groupBy(journeys, count => count.kind)].map(([kind, counts]) =>
    bars(kindName(kind), inOrder(counts).map(({ phase, count, ended }) => ({
      label: words(phase), value: count, tone: tone(phase, ended), href: `#/journeys?kind=${kind}&phase=${phase}`,
    })))));
