// Elements are made by calls, never from text: nothing the API answers can become markup.
const SVG = 'http://www.w3.org/2000/svg';
const HANDLERS = ['onclick', 'onsubmit', 'onchange', 'oninput'];

export const h = (tag, props, ...children) => make(document.createElement(tag), props, children);

export const svg = (tag, props, ...children) => make(document.createElementNS(SVG, tag), props, children);

export const $ = id => document.getElementById(id);

function make(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...nodes(children));
  return element;
}

const nodes = children => children.flat(Infinity)
  .filter(child => child !== null && child !== undefined && child !== false && child !== '')
  .map(child => child instanceof Node ? child : document.createTextNode(child));

// Makes the children of `target` equal to `next` by changing only what differs, so that focus, selection, open details and
// what somebody is typing survive each refresh.
export function patch(target, ...next) {
  const wanted = nodes(next);
  wanted.forEach((node, index) => {
    const old = target.childNodes[index];
    if (!old) target.append(node);
    else if (isSame(old, node)) update(old, node);
    else old.replaceWith(node);
  });
  while (target.childNodes.length > wanted.length) target.lastChild.remove();
}

const isSame = (old, node) => old.nodeType === node.nodeType && old.nodeName === node.nodeName && old.dataset?.key === node.dataset?.key;

function update(old, node) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (old.data !== node.data) old.data = node.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!node.hasAttribute(name) && !(old.nodeName === 'DETAILS' && name === 'open')) old.removeAttribute(name);
  }
  for (const { name, value } of node.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const name of HANDLERS) old[name] = node[name];
  patch(old, ...node.childNodes);
}
