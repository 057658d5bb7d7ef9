// What every view uses of the page around it.
import { h, $, patch } from './dom.js';
import { countdown, when } from './format.js';

let toastTimer = 0;

// Says it on the page and to a screen reader.
export function announce(message) {
  if (!message) return;
  patch($('toast'), h('p', null, message));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => patch($('toast')), 8000);
}

// Says it to a screen reader only: what changed without anybody asking.
export const tell = message => patch($('news'), message);

export const connection = {
  since: null,

  lost(e, nextAt, retry) {
    this.since ??= new Date().toISOString();
    document.body.classList.add('stale');
    patch($('connection'), h('div', { class: 'lost' },
      h('span', null, h('strong', null, e.message), ' since ', when(this.since), '. ', e.detail),
      h('span', { class: 'next', 'aria-hidden': 'true' }, 'Next try ', countdown(new Date(nextAt).toISOString())),
      h('button', { type: 'button', class: 'plain', onclick: retry }, 'Try now')));
  },

  restored() {
    if (this.since === null) return;
    this.since = null;
    document.body.classList.remove('stale');
    patch($('connection'));
    announce('The app answers again.');
  },
};

export const go = hash => { location.hash = hash; };

export const link = (hash, ...text) => h('a', { href: hash }, text);

export const journeyLink = id => link(`#/journeys/${encodeURIComponent(id)}`, h('code', null, id));

// One bordered part of a view.
export const panel = (title, ...content) => h('section', { class: 'panel', 'data-key': title }, h('h2', null, title), content);

// A table that becomes cards on a narrow screen; columns: [[heading, row => content, class?]].
export const table = (caption, columns, rows, none) => rows.length === 0
  ? h('p', { class: 'none' }, none)
  : h('table', null,
    h('caption', { class: 'unseen' }, caption),
    h('thead', null, h('tr', null, columns.map(([heading, , kind]) => h('th', { scope: 'col', class: kind }, heading)))),
    h('tbody', null, rows.map(row => h('tr', null, columns.map(([heading, cell, kind]) => h('td', { 'data-heading': heading, class: kind }, cell(row)))))));
