// Small helpers for elements. Text only ever becomes text, never markup.

/** Makes an element. `props` are attributes; functions among them listen to the event of that name; false and null are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter(child => child != null));
  return element;
}

/** A label with its field, side by side for the eye and joined for everybody else. */
export function field(label, input) {
  return h("label", { class: "field" }, h("span", {}, label), input);
}

/** A choice; `options` are pairs of value and text. */
export function select(options, props = {}) {
  return h("select", props, options.map(([value, text]) => h("option", { value }, text)));
}

/** Sets a text only when it is another one, so that nothing is announced twice and no selection is lost. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const updaters = new WeakMap();

/**
 * Keeps the children of a list in step with the items. A row is made once per key by `make`, which returns the element and a function that
 * shows an item in it; so what somebody types into a row stays there.
 */
export function keyed(list, items, key, make) {
  const rows = new Map([...list.children].map(row => [row.dataset.key, row]));
  let place = list.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let row = rows.get(name);
    if (!row) {
      const made = make(item);
      row = made.element;
      row.dataset.key = name;
      updaters.set(row, made.update);
    }
    rows.delete(name);
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
    updaters.get(row)(item);
  }
  for (const row of rows.values()) row.remove();
}

/** A paragraph that stands in for an empty list. */
export function whenEmpty(list, text) {
  const note = h("p", { class: "empty" }, text);
  list.before(note);
  return isEmpty => {
    note.hidden = !isEmpty;
    list.hidden = isEmpty;
  };
}
