// The only module that calls the API.
import { setServerTime } from './format.js';

const API = new URL('../', import.meta.url);
const KEY = 'oms-workflows-key';
const PATIENCE = 20_000, LONG_PATIENCE = 120_000;

export const KINDS = ['CashIn', 'Payout', 'Onboarding'];

// The API answered, and said no (RFC 9457).
export class Problem extends Error {
  constructor(status, document, retryAfter) {
    super(document.title ?? `The app answered ${status}`);
    Object.assign(this, { status, detail: document.detail ?? '', errors: document.errors ?? {}, retryAfter });
  }

  get passes() { return this.status >= 500 || this.status === 429; }
}

// The API did not answer.
export class Unreachable extends Error {
  constructor() { super('The app does not answer'); this.detail = 'What is shown may be out of date.'; }

  get passes() { return true; }
}

let askForKey = null, asking = null;
export const whenKeyNeeded = ask => { askForKey = ask; };
export const hasKey = () => sessionStorage.getItem(KEY) !== null;
export const forgetKey = () => sessionStorage.removeItem(KEY);

async function keyAfter(refused) {
  if (sessionStorage.getItem(KEY) !== refused) return;
  asking ??= askForKey(refused !== null).then(key => sessionStorage.setItem(KEY, key)).finally(() => { asking = null; });
  await asking;
}

async function call(method, path, { query, body, once, patience = PATIENCE } = {}) {
  const url = new URL(path, API);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, value);
  }
  while (true) {
    const key = sessionStorage.getItem(KEY);
    const headers = { Accept: 'application/json' };
    if (key !== null) headers['x-functions-key'] = key;
    if (once) headers['Idempotency-Key'] = once;
    if (body) headers['Content-Type'] = 'application/json';
    const response = await send(url, { method, headers, body: body && JSON.stringify(body), cache: 'no-store', signal: AbortSignal.timeout(patience) });
    if (response.status === 401) await keyAfter(key);
    else return read(response);
  }
}

async function send(url, request) {
  try {
    return await fetch(url, request);
  } catch {
    throw new Unreachable();
  }
}

async function read(response) {
  if (response.headers.has('date')) setServerTime(Date.parse(response.headers.get('date')));
  const text = await response.text().catch(() => { throw new Unreachable(); });
  let document = {};
  try {
    document = text === '' ? {} : JSON.parse(text);
  } catch {
    if (response.ok) throw new Problem(502, { title: 'The answer cannot be read', detail: 'Something between here and the app answered in its place.' });
  }
  if (response.ok) return document;
  throw new Problem(response.status, document, Number(response.headers.get('retry-after')) || null);
}

const get = (path, query, options) => call('GET', path, { query, ...options });
const post = (path, query, options) => call('POST', path, { query, ...options });

export const overview = () => get('operations/overview');
export const journeys = filter => get('journeys', filter);
export const journey = id => get(`journeys/${encodeURIComponent(id)}`);
export const find = async id => (await get('journeys', { find: id })).data;
export const findByEmail = async email => (await call('POST', 'journeys/find', { body: { email } })).data;

// A command is one of the links of the journey's document; `once` makes a repeated click one command.
export const command = (link, method, once, body, query) => call(method, link, { once, body, query });

// A decision that takes two people answers what waits for the second.
export const isPending = answer => answer?.expiresAt !== undefined && answer.subject !== undefined;
export const decisions = () => get('operations/decisions');

export const deposits = (customerId, after) => get('deposits', { customerId, after });
export const settlements = (state, after) => get('operations/settlements', { state, after });
export const attach = (transactionId, query) => post(`operations/settlements/${encodeURIComponent(transactionId)}/attach`, query);
export const markHandled = (transactionId, query) => post(`operations/settlements/${encodeURIComponent(transactionId)}/handled`, query);
export const undo = (transactionId, query) => post(`operations/settlements/${encodeURIComponent(transactionId)}/undo`, query);
export const reconcile = (from, to) => get('operations/reconciliation', { from, to }, { patience: LONG_PATIENCE });

export const deadLetters = after => get('operations/dead-letters', { after });
export const dismiss = query => post('operations/dead-letters/dismiss', query);
export const redrive = query => post('operations/dead-letters/redrive', query);

export const untold = after => get('operations/notifications/dead-letters', { after });
export const tellAgain = query => post('operations/notifications/redrive', query);

export const webhooks = () => get('operations/webhooks');
export const register = () => post('operations/webhooks');
export const rotate = () => post('operations/webhooks/rotate');
export const finishRotation = () => post('operations/webhooks/rotate/finish');
export const pause = id => post(`operations/webhooks/${encodeURIComponent(id)}/pause`);
export const resume = id => post(`operations/webhooks/${encodeURIComponent(id)}/resume`);
export const remove = id => call('DELETE', `operations/webhooks/${encodeURIComponent(id)}`);
