// Small pictures of numbers. Each says in words what it shows, for whoever does not see it.
import { h, svg } from './dom.js';

const figure = (title, text, picture) => h('figure', null, h('figcaption', null, title), picture || h('p', { class: 'none' }, text));

// One column per entry: [{ label, value, title }].
export function columns(title, entries) {
  const most = Math.max(...entries.map(entry => entry.value), 1);
  const total = entries.reduce((sum, entry) => sum + entry.value, 0);
  const text = total === 0 ? 'Nothing in this time.' : `${title}: ${entries.filter(entry => entry.value > 0).map(entry => `${entry.title} ${entry.value}`).join(', ')}`;
  const width = 100 / entries.length;
  return figure(title, text, total > 0 && h('div', { class: 'columns' },
    svg('svg', { viewBox: '0 0 100 34', preserveAspectRatio: 'none', role: 'img', 'aria-label': text },
      entries.map((entry, index) => svg('rect', {
        x: index * width + width * 0.12, width: width * 0.76, y: 34 - Math.max(entry.value / most * 33, 0.5), height: Math.max(entry.value / most * 33, 0.5),
        class: entry.value > 0 ? 'bar' : 'bar empty',
      }, svg('title', null, `${entry.title}: ${entry.value}`)))),
    h('div', { class: 'axis', 'aria-hidden': 'true' }, h('span', null, entries[0].label), h('span', null, `most ${most}`), h('span', null, entries.at(-1).label))));
}

// One line per entry: [{ label, value, said, tone, href }].
export function bars(title, entries, none) {
  const most = Math.max(...entries.map(entry => entry.value), 1);
  return figure(title, none, entries.length > 0 && h('table', { class: 'bars' }, h('tbody', null, entries.map(entry => h('tr', null,
    h('th', { scope: 'row' }, entry.href ? h('a', { href: entry.href }, entry.label) : entry.label),
    h('td', { class: 'track' }, svg('svg', { viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('rect', { width: Math.max(entry.value / most * 100, 1), height: 6, class: `bar ${entry.tone ?? ''}` }))),
    h('td', { class: 'number' }, entry.said ?? entry.value))))));
}
