import { h, $, patch } from './dom.js';
import { announce } from './shell.js';

// Asks before something happens: says what it does and cannot undo, takes what it needs, shows why it did not work.
// fields: [{ name, label, hint?, type?, options?, required?, value? }]; run(values) answers what to tell the person.
export function ask({ title, says = [], fields = [], button, danger = false, leave = true, run }) {
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title', class: fields.length > 4 && 'wide' });
  const problem = h('div', { class: 'problem-place', role: 'alert' });
  const go = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, button);
  const form = h('form', { novalidate: true, autocomplete: 'off', onsubmit: submit },
    h('h2', { id: 'dialog-title' }, title),
    says.filter(Boolean).map(line => line instanceof Node ? line : h('p', null, line)),
    h('div', { class: 'fields' }, fields.map(field)),
    problem,
    h('div', { class: 'buttons' }, leave && h('button', { type: 'button', class: 'plain leave', onclick: () => dialog.close() }, 'Leave it'), go));
  dialog.append(form);
  dialog.addEventListener('close', () => dialog.remove());
  if (!leave) dialog.addEventListener('cancel', event => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  (form.querySelector('input, select') ?? (danger ? form.querySelector('.leave') : go)).focus();
  return dialog;

  async function submit(event) {
    event.preventDefault();
    if (go.disabled) return;
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    const missing = fields.find(asked => asked.required && !values[asked.name]);
    if (missing) {
      fail({ message: `${missing.label} is needed`, errors: {} }, missing.name);
      return;
    }
    go.disabled = true;
    form.setAttribute('aria-busy', 'true');
    try {
      const message = await run(values);
      dialog.close();
      announce(message);
    } catch (e) {
      fail(e);
    } finally {
      go.disabled = false;
      form.removeAttribute('aria-busy');
    }
  }

  function fail(e, name) {
    patch(problem, problemNodes(e));
    const wrong = Object.keys(e.errors ?? {}).map(path => path.split(/[.[]/).at(-1));
    for (const asked of fields) $(`field-${asked.name}`).setAttribute('aria-invalid', String(asked.name === name || wrong.includes(asked.name)));
    form.querySelector('[aria-invalid=true]')?.focus();
  }
}

// Why somebody decides as they do; kept with the decision.
export const REFERENCE = { name: 'reference', label: 'Reference', required: true, hint: 'A ticket number or the like; kept with the decision. No personal data.' };
export const REASON = { name: 'reason', label: 'Reason', required: true, hint: 'In a few words; kept, shown and logged. No names, addresses or long numbers.' };
export const needsAnother = 'Noted. Somebody else has to say the same before it counts.';

export const field = ({ name, label, hint, type = 'text', options, required, value = '' }) => {
  const id = `field-${name}`;
  const common = { id, name, required, 'aria-describedby': hint && `${id}-hint`, autocomplete: 'off', spellcheck: 'false' };
  return h('div', { class: 'field' },
    h('label', { for: id }, label),
    options
      ? h('select', common, options.map(([key, text]) => h('option', { value: key, selected: key === value }, text)))
      : h('input', { ...common, type, value }),
    hint && h('p', { class: 'hint', id: `${id}-hint` }, hint));
};

// What went wrong, what to do, and which fields are meant.
export const problemNodes = e => h('div', { class: 'problem' },
  h('strong', null, e.message),
  e.detail && h('p', null, e.detail),
  Object.keys(e.errors ?? {}).length > 0
    && h('ul', null, Object.entries(e.errors).map(([path, issues]) => h('li', null, h('code', null, path), ` ${[issues].flat().join('; ')}`))));
