import { act } from "./act.js";
import { get, post } from "./api.js";
import { h, keyed, say, whenEmpty } from "./dom.js";
import { asClock, fromNow } from "./time.js";

/** Endpoints, and what was sent to them. */
export function deliveries(root) {
  const endpoints = h("ul", { class: "lines" });
  const list = h("ul", { class: "lines" });
  root.append(endpoints, list);
  const noEndpoint = whenEmpty(endpoints, "No endpoint is registered, so nothing is sent.");
  const nothing = whenEmpty(list, "Nothing was sent yet.");
  return state => {
    keyed(endpoints, state.endpoints, endpoint => endpoint.id, endpointRow);
    keyed(list, state.deliveries, delivery => delivery.id, deliveryRow);
    noEndpoint(state.endpoints.length === 0);
    nothing(state.endpoints.length > 0 && state.deliveries.length === 0);
    list.hidden = state.deliveries.length === 0;
  };
}

function endpointRow(first) {
  const status = h("span", { class: "chip" });
  const test = event => act(event.currentTarget, async () => {
    await post(`/webhooks/${first.id}/test`);
    return "A test is on its way.";
  });
  return {
    element: h("li", {}, h("div", { class: "what" }, h("span", { class: "url" }, first.url)), status,
      h("button", { type: "button", class: "quiet", click: test }, "Send a test", h("span", { class: "hidden" }, ` to ${first.url}`))),
    update: endpoint => {
      say(status, endpoint.status);
      status.dataset.state = endpoint.status;
    },
  };
}

function deliveryRow(first) {
  const state = h("span", { class: "chip" });
  const attempts = h("span", { class: "muted" });
  const body = h("pre", { tabindex: 0, "aria-label": `Body of ${first.name}` });
  const details = h("details", { toggle: async () => {
    if (details.open && body.textContent === "") say(body, await bodyOf(first));
  } }, h("summary", {}, first.name), body);
  const resend = event => act(event.currentTarget, async () => {
    await post(`/deliveries/${first.id}/resend`);
    return `${first.name} was sent again.`;
  });
  return {
    element: h("li", {}, h("div", { class: "what" }, details, attempts), state,
      h("button", { type: "button", class: "quiet", click: resend }, "Send again", h("span", { class: "hidden" }, ` ${first.name}`))),
    update: delivery => {
      const parts = [asClock(Date.parse(delivery.createdAt)), `${delivery.attempts} ${delivery.attempts === 1 ? "attempt" : "attempts"}`];
      if (delivery.outcome) parts.push(delivery.outcome);
      if (delivery.nextAttemptAt) parts.push(`next ${fromNow(delivery.nextAttemptAt)}`);
      say(attempts, parts.join(" · "));
      say(state, delivery.state);
      state.dataset.state = delivery.state;
    },
  };
}

async function bodyOf({ id, resourceId }) {
  const { data } = await get(`/deliveries?resourceId=${encodeURIComponent(resourceId)}`);
  const found = data.find(delivery => delivery.id === id);
  return found ? JSON.stringify(found.body, null, 2) : "It is forgotten.";
}
