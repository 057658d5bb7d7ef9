// The API document as a page to read.
import { h, $ } from './dom.js';

const api = await fetch(new URL('../openapi.json', import.meta.url)).then(answer => answer.json());
const resolve = node => node?.$ref ? node.$ref.slice(2).split('/').reduce((place, name) => place[name], api) : node;
const nameOf = node => node?.$ref?.split('/').at(-1);

// `code` between back-ticks, lines that begin with an asterisk as a list.
const prose = text => (text ?? '').split(/\n\n/).filter(Boolean).map(part => part.startsWith('* ')
  ? h('ul', null, part.split('\n').map(line => h('li', null, inline(line.slice(2)))))
  : h('p', null, inline(part)));
const inline = text => text.split('`').map((part, index) => index % 2 === 1 ? h('code', null, part) : part);

const typeOf = schema => nameOf(schema) ? h('a', { href: `#${nameOf(schema)}` }, nameOf(schema))
  : schema.type === 'array' ? ['list of ', typeOf(schema.items)]
  : schema.additionalProperties ? ['map to ', typeOf(schema.additionalProperties)]
  : [schema.type, schema.format && ` (${schema.format})`];

const limits = schema => [
  schema.minLength && `at least ${schema.minLength} characters`, schema.maxLength && `at most ${schema.maxLength} characters`,
  schema.minimum !== undefined && `${schema.minimum} to ${schema.maximum}`, schema.pattern && ['form ', h('code', null, schema.pattern)],
].filter(Boolean).map(limit => h('span', { class: 'limit' }, limit));

const members = rows => h('table', null,
  h('thead', null, h('tr', null, ['Name', 'Type', 'Meaning'].map(name => h('th', { scope: 'col' }, name)))),
  h('tbody', null, rows.map(({ name, schema, required, description, place }) => h('tr', null,
    h('td', { 'data-heading': 'Name' }, h('code', null, name), required && ' *', place && h('span', { class: 'hint' }, ` ${place}`)),
    h('td', { 'data-heading': 'Type' }, typeOf(schema)),
    h('td', { 'data-heading': 'Meaning' }, prose(description ?? schema.description), limits(schema))))));

const operation = (path, method, { operationId, summary, description, parameters = [], requestBody, responses, security }) => {
  const body = requestBody?.content['application/json'];
  return h('details', { class: 'panel operation', id: operationId },
    h('summary', null, h('span', { class: `method ${method}` }, method.toUpperCase()), h('code', null, path), h('span', { class: 'hint' }, summary)),
    prose(description), security?.length === 0 && h('p', { class: 'hint' }, 'Needs no key.'),
    parameters.length > 0 && [h('h4', null, 'Parameters'), members(parameters.map(parameter => ({ ...parameter, place: parameter.in })))],
    body && [h('h4', null, 'Body: ', typeOf(body.schema)), h('pre', { tabindex: '0' }, JSON.stringify(body.example, null, 2))],
    h('h4', null, 'Answers'),
    h('dl', { class: 'facts' }, Object.entries(responses).map(([status, answer]) => h('div', null, h('dt', null, status), h('dd', null,
      inline(resolve(answer).description), Object.values(resolve(answer).content ?? {}).map(({ schema }) => [' ', typeOf(schema)]))))));
};

const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, value]) => ({ path, method, value })));

$('main').append(
  h('h1', null, api.info.title, ' API'), ...prose(api.info.description),
  ...api.tags.flatMap(({ name, description }) => [h('h2', { class: 'tag' }, name), h('p', { class: 'hint' }, description),
    ...operations.filter(({ value }) => value.tags.includes(name)).map(({ path, method, value }) => operation(path, method, value))]),
  h('h2', { class: 'tag' }, 'Schemas'),
  ...Object.entries(api.components.schemas).map(([name, schema]) => h('details', { class: 'panel operation', id: name },
    h('summary', null, h('code', null, name)), prose(schema.description),
    schema.properties && members(Object.entries(schema.properties).map(([member, its]) => ({ name: member, schema: its, required: schema.required?.includes(member) }))))));

function open() {
  const part = location.hash.length > 1 && $(location.hash.slice(1));
  if (part) {
    part.open = true;
    part.scrollIntoView();
  }
}

addEventListener('hashchange', open);
open();
