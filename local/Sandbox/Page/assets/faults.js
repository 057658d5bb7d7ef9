import { act, onSubmit } from "./act.js";
import { post, remove } from "./api.js";
import { field, h, keyed, say, select, whenEmpty } from "./dom.js";

const PRESETS = [
  ["The next call fails with 503", { fault: "status", status: 503 }],
  ["OMS is down for two hours", { fault: "status", status: 503, lasts: "02:00:00" }],
  ["Asked to wait for an hour", { fault: "status", status: 429, retryAfter: "01:00:00" }],
  ["A gateway's page instead of a cash-in", { fault: "gatewayPage", status: 403, match: { method: "POST", path: "/cash-ins" } }],
  ["The answer stalls after ten bytes", { fault: "stall", bytes: 10, match: { method: "POST", path: "/cash-ins" } }],
  ["The answer is lost after the effect", { fault: "cutAfter", match: { method: "POST", path: "/customers" } }],
  ["An error under 200", {
    fault: "answer", json: { error: { code: "internal" } }, match: { method: "GET", path: "/customers/*/wallets" } }],
  ["Money altered on the completed cash-in", {
    fault: "edit", replace: { "destination.amountNet": "-117.70" },
    match: { method: "GET", path: "/cash-ins/*", where: { status: "completed" } } }],
  ["The token's life as a text", { fault: "edit", replace: { expiresIn: "3600" }, match: { path: "/auth/token" } }],
  ["The next webhook is lost", { fault: "drop" }],
  ["The next webhook comes twice", { fault: "duplicate" }],
  ["The next webhook is an hour late", { fault: "delay", delay: "01:00:00" }],
  ["The next webhook has another content type", { fault: "garble", of: "webhook", contentType: "application/json;charset=utf8" }],
  ["The next webhook is badly signed", { fault: "badSignature" }],
  ["The till breaks", { fault: "failTill" }],
  ["The next conversion or payout fails", { fault: "failConversion" }],
  ["The next one takes half an hour", { fault: "slowConversion", delay: "00:30:00" }],
  ["Compliance holds the next one", { fault: "hold" }],
  ["The next bank transfer is returned", { fault: "returnDeposit" }],
];

/** What goes wrong: chosen from a list, changed by hand, taken back. */
export function faults(root) {
  const text = h("textarea", { name: "fault", rows: 6, spellcheck: "false", required: true });
  const show = index => { text.value = JSON.stringify(PRESETS[index][1], null, 2); };
  const preset = select(PRESETS.map(([name], index) => [index, name]), { change: event => show(event.target.value) });
  show(0);
  const form = h("form", { class: "stack", submit: onSubmit(async data => {
    await post("/faults", data.get("fault"));
    return "The fault is set.";
  }) }, field("What goes wrong", preset), field("As JSON, to be changed", text), h("button", { type: "submit" }, "Set fault"));
  const list = h("ul", { class: "lines" });
  const clear = h("button", { type: "button", class: "quiet", click: event => act(event.currentTarget, async () => {
    await remove("/faults");
    return "All faults are taken back.";
  }) }, "Take all back");
  root.append(form, list, clear);
  const empty = whenEmpty(list, "Nothing goes wrong.");
  return state => {
    keyed(list, state.faults, fault => fault.id, row);
    empty(state.faults.length === 0);
    clear.hidden = state.faults.length === 0;
  };
}

const members = object => Object.entries(object)
  .filter(([, value]) => value != null)
  .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);

function row(first) {
  const { fault, match, ...rest } = first.rule;
  const details = [...members(rest), ...members(match ?? {})].join(" · ") || "everywhere";
  const count = h("span", { class: "chip" });
  const element = h("li", {},
    h("div", { class: "what" }, h("strong", {}, fault), h("span", { class: "muted" }, details)),
    count,
    h("button", { type: "button", class: "quiet", click: event => act(event.currentTarget, async () => {
      await remove(`/faults/${first.id}`);
      return "The fault is taken back.";
    }) }, "Take back", h("span", { class: "hidden" }, ` ${fault}`)));
  return {
    element,
    update: item => {
      say(count, item.struck === 0 ? (item.inForce ? "waits" : "over") : `struck ${item.struck}×${item.inForce ? "" : ", over"}`);
      element.classList.toggle("over", !item.inForce);
    },
  };
}
