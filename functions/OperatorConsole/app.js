// The page: which view is shown, the key, the clock.
import { h, $, patch } from './dom.js';
import * as api from './api.js';
import { ask, problemNodes } from './dialog.js';
import { tick } from './format.js';
import { Live } from './live.js';
import { announce, connection, go, link } from './shell.js';
import { journey } from './journey.js';
import { found, foundByEmail, journeys, seek } from './journeys.js';
import { money } from './money.js';
import { overview } from './overview.js';

const VIEWS = [['', 'Overview', overview], ['journeys', 'Journeys', journeys], ['money', 'Money', money]];
let live = null;

function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [section, ...rest] = path.split('/').map(decodeURIComponent);
  const [, name, view] = VIEWS.find(([known]) => known === section) ?? VIEWS[0];
  const opened = section === 'journeys' && rest[0] ? journey(rest[0])
    : section === 'find' ? found(rest[0])
    : section === 'email' ? foundByEmail()
    : view(new URLSearchParams(query), ...rest);
  open(opened, section === 'find' || section === 'email' ? 'Journeys' : name);
}

// A view: { title, load, show(seen) → nodes, every?, still?: nodes that need no data }.
function open({ title, load, show, still, every = 5000 }, section) {
  live?.stop();
  document.title = `${title} · OMS Workflows`;
  patch($('nav'), VIEWS.map(([path, name]) => h('a', { href: `#/${path}`, 'aria-current': name === section && 'page' }, name)));
  const body = h('div', { class: 'view' }, h('p', { class: 'none' }, 'Loading…'));
  const heading = h('h1', { tabindex: '-1' }, title);
  $('main').replaceChildren(heading, ...(still ? [still] : []), body);
  if (live) heading.focus({ preventScroll: true });
  scrollTo(0, 0);
  live = new Live(load, (seen, e) => patch(body, e ? problemNodes(e) : show(seen, live.refresh)), every, connection);
  $('key').hidden = !api.hasKey();
}

api.whenKeyNeeded(refused => new Promise((resolve, reject) => {
  const shown = ask({
    title: 'Function key',
    says: [refused ? 'That key was refused.' : 'The app asks for a key.', 'It is kept in this tab only, until the tab is closed or the key is forgotten.'],
    fields: [{ name: 'key', label: 'Key', type: 'password', required: true }],
    button: 'Use it',
    leave: false,
    run: async ({ key }) => resolve(key),
  });
  // Some browsers let a person leave any dialog.
  shown.addEventListener('close', () => {
    $('key').hidden = !api.hasKey();
    reject(new api.Problem(401, { title: 'The app asks for a key', detail: 'Reload the page to give one.' }));
  });
}));

$('key').addEventListener('click', () => {
  api.forgetKey();
  $('key').hidden = true;
  $('main').replaceChildren(h('h1', { tabindex: '-1' }, 'Key forgotten'), h('p', null, link('#/', 'Go on with another key')));
  live?.stop();
  announce('The key is forgotten.');
  history.replaceState(null, '', '#/forgotten');
});

$('find').addEventListener('submit', event => {
  event.preventDefault();
  const id = $('find-id').value.trim();
  if (id.includes('@')) seek(id);
  else if (id) go(`#/find/${encodeURIComponent(id)}`);
});

document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  $('main').focus();
});

document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (['INPUT', 'SELECT', 'TEXTAREA'].includes(document.activeElement?.nodeName)) return;
  event.preventDefault();
  $('find-id').focus();
});

addEventListener('hashchange', route);
setInterval(tick, 1000);
route();
