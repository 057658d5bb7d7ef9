import { act } from "./act.js";
import { post } from "./api.js";
import { h, say } from "./dom.js";

/** What an app needs to use this sandbox. */
export function connect(root) {
  const lines = { url: copyable("Address"), key: copyable("API key"), secret: copyable("API secret") };
  const shell = h("pre", { tabindex: 0, "aria-label": "Lines for a shell" });
  const key = h("button", { type: "button", class: "quiet" });
  const expire = h("button", { type: "button", class: "quiet", click: event => act(event.currentTarget, async () => {
    await post("/tokens/expire");
    return "All tokens are expired.";
  }) }, "Expire all tokens");
  let revoked = false;
  key.addEventListener("click", () => act(key, async () => {
    await post("/keys", { revoked: !revoked });
    return revoked ? "The key works again." : "The key is revoked.";
  }));
  root.append(
    h("dl", {}, Object.values(lines).map(line => line.elements)),
    h("div", { class: "buttons" }, expire, key),
    h("details", {}, h("summary", {}, "From a shell"), shell));
  return state => {
    revoked = state.key.revoked;
    lines.url.show(`${location.origin}/${state.apiVersion}`);
    lines.key.show(state.key.apiKey);
    lines.secret.show(state.key.apiSecret);
    say(key, revoked ? "Let the key work again" : "Revoke the key");
    say(shell, shellLines(state));
  };
}

function copyable(name) {
  const value = h("code", {});
  const copy = h("button", { type: "button", class: "quiet", click: event => act(event.currentTarget, async () => {
    await navigator.clipboard.writeText(value.textContent);
    return `${name} copied.`;
  }) }, "Copy", h("span", { class: "hidden" }, ` ${name}`));
  return { elements: [h("dt", {}, name), h("dd", {}, value, copy)], show: text => say(value, text) };
}

function shellLines({ apiVersion, key }) {
  const url = location.origin;
  const secret = JSON.stringify({ apiKey: key.apiKey, apiSecret: key.apiSecret });
  return [
    `curl -s ${url}/${apiVersion}/auth/token -H 'Content-Type: application/json' -d '${secret}'`,
    `curl -s ${url}/_sim/clock -d '{"advance":"01:00:00"}'`,
    `curl -s ${url}/_sim/cash -d '{"code":"CODE","amount":"120.00"}'`,
    `curl -s ${url}/_sim/endorsements -d '{"decision":"reject","next":true}'`,
    `curl -s ${url}/_sim/faults -d '[{"fault":"drop","match":{"event":"cashIn.completed"}}]'`,
    `curl -s ${url}/_sim/deliveries`,
    `curl -s ${url}/_sim/ledger`,
  ].join("\n");
}
