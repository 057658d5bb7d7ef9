// What an operator sees first: what needs somebody, and how it goes.
import { h } from './dom.js';
import * as api from './api.js';
import { bars, columns } from './charts.js';
import { PHASES, ago, badge, duration, kindName, now, tone, words } from './format.js';
import { journeyLink, panel, table } from './shell.js';

const HOUR = 3_600_000;

const byPhase = journeys => [...Map.groupBy(journeys, journey => journey.phase)].sort(([a], [b]) => PHASES.indexOf(a) - PHASES.indexOf(b));

export const overview = () => ({ title: 'Overview', load: api.overview, show });

const show = seen => [
  h('div', { class: 'tiles' }, tiles(seen)),
  attention(seen.journeys),
  h('div', { class: 'charts' }, charts(seen)),
  panel('Journeys by phase', phases(seen.journeys), seen.more && h('p', { class: 'hint' }, 'Counted over the newest 100 journeys of each kind.')),
];

function tiles(seen) {
  const open = seen.journeys.filter(journey => !journey.ended);
  const overdue = open.filter(journey => journey.overdue), review = open.filter(journey => journey.phase === 'NeedsReview');
  const silent = open.filter(journey => journey.silence);
  const count = list => `${list.data.length}${list.hasMore || list.next ? '+' : ''}`;
  const failing = seen.checks.filter(check => !check.ok).map(check => check.name);
  return [
    tile('Under way', open.length, '#/journeys', 'busy', `${seen.journeys.length} known`),
    tile('Need review', review.length, '#/journeys?phase=NeedsReview', review.length ? 'bad' : 'quiet', 'an operator has to look'),
    tile('Overdue', overdue.length, '#/journeys?overdue=true', overdue.length ? 'warn' : 'quiet', silent.length ? `OMS silent for ${silent.length}` : 'longer than they should'),
    tile('Unclaimed money', count(seen.unclaimed), '#/money/settlements', seen.unclaimed.data.length ? 'bad' : 'quiet', sums(seen.unclaimed.data) || 'nothing waits'),
    tile('Dead letters', count(seen.deadLetters), '#/money/dead-letters', seen.deadLetters.data.length ? 'warn' : 'quiet', 'events nobody waited for'),
    webhookTile(seen),
    tile('Health', seen.ready ? 'Good' : 'Bad', null, seen.ready ? 'good' : 'bad', failing.length ? `no answer: ${failing.join(', ')}` : seen.checks.map(check => check.name).join(', ')),
  ];
}

const tile = (name, value, href, look, note) => h(href ? 'a' : 'div', { class: `tile ${look}`, href, 'data-key': name },
  h('span', { class: 'name' }, name), h('span', { class: 'value' }, value), h('span', { class: 'note' }, note));

function webhookTile({ endpoints, webhookAt }) {
  const mine = endpoints?.filter(endpoint => endpoint.secretSetting) ?? [];
  const paused = mine.some(endpoint => !endpoint.enabled);
  const [value, look, note] = !endpoints ? ['?', 'warn', 'OMS does not say']
    : mine.length === 0 ? ['None', 'bad', 'OMS is only asked']
    : paused ? ['Paused', 'warn', 'OMS is only asked']
    : ['On', 'good', webhookAt ? ['last one ', ago(webhookAt)] : mine.length > 1 ? 'rotation under way' : 'OMS delivers'];
  return tile('Webhook', value, '#/money/webhook', look, note);
}

// Exact sums of decimal texts: in units of the sixth decimal.
function sums(settlements) {
  const byAsset = Map.groupBy(settlements, settlement => settlement.asset);
  return [...byAsset].map(([asset, list]) => {
    const units = list.reduce((sum, { net }) => {
      const [whole, part = ''] = net.split('.');
      return sum + BigInt(whole + part.padEnd(6, '0').slice(0, 6));
    }, 0n).toString().padStart(7, '0');
    return `${units.slice(0, -6)}.${units.slice(-6).replace(/0{1,4}$/, '')} ${asset.toUpperCase()}`;
  }).join(', ');
}

function attention(journeys) {
  const wanting = journeys.filter(journey => !journey.ended && (journey.overdue || journey.silence || ['NeedsReview', 'AwaitingApplicant', 'Expired'].includes(journey.phase)));
  return wanting.length > 0 && panel('Somebody should look', table('Journeys somebody should look at', [
    ['Journey', journey => journeyLink(journey.id)],
    ['Phase', badge],
    ['Since', journey => ago(journey.since)],
    ['Why', journey => journey.silence ? ['OMS is silent: ', journey.silence.cause] : journey.reason?.detail ?? (journey.awaiting && `waits for ${journey.awaiting}`)],
  ], wanting.slice(0, 10), ''));
}

function charts({ journeys }) {
  const start = Math.floor(now() / HOUR) * HOUR - 23 * HOUR;
  const hours = Array.from({ length: 24 }, (_, index) => start + index * HOUR);
  const cashIns = journeys.filter(journey => journey.kind === 'CashIn');
  const times = perPhase(journeys);
  return [
    columns('Cash-ins started per hour, last day', hours.map(hour => {
      const label = new Date(hour).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
      return { label, title: label, value: cashIns.filter(({ receivedAt }) => Math.floor(Date.parse(receivedAt) / HOUR) * HOUR === hour).length };
    })),
    bars('Outcomes', byPhase(journeys.filter(journey => journey.ended)).map(([phase, list]) => ({ label: words(phase), value: list.length, tone: tone(phase, true) })), 'Nothing has ended yet.'),
    times.length > 0 && bars('Time per phase, median', times, ''),
  ];
}

function perPhase(journeys) {
  const spans = journeys.flatMap(({ passed = [], since, ended }) => passed.map(({ phase, at }, index) => {
    const until = passed[index + 1]?.at ?? (ended ? null : since);
    return until && { phase, ms: Date.parse(until) - Date.parse(at) };
  })).filter(Boolean);
  return byPhase(spans).map(([phase, list]) => {
    const ms = list.map(span => span.ms).sort((a, b) => a - b)[list.length >> 1];
    return { label: words(phase), value: ms, said: duration(ms), tone: tone(phase, false) };
  });
}

function phases(journeys) {
  const byKind = Map.groupBy(journeys, journey => journey.kind);
  return byKind.size === 0 ? h('p', { class: 'none' }, 'No journey has been started.') : h('div', { class: 'charts some' }, [...byKind].map(([kind, list]) =>
    bars(kindName(kind), byPhase(list).map(([phase, some]) => ({
      label: words(phase), value: some.length, tone: tone(phase, some[0].ended), href: `#/journeys?kind=${kind}&phase=${phase}`,
    })))));
}
