import { onSubmit } from "./act.js";
import { post } from "./api.js";
import { field, h, keyed, say, whenEmpty } from "./dom.js";
import { currentTime, fromNow } from "./time.js";

/** The counter of every store: codes that wait for cash. */
export function till(root) {
  const list = h("ul", { class: "cards" });
  root.append(list);
  const empty = whenEmpty(list, "No code waits for cash. A cash-in that is created shows up here.");
  let codes = [];
  setInterval(() => show(), 1000);

  function show() {
    keyed(list, codes, code => code.id, row);
    empty(codes.length === 0);
  }
  return state => {
    codes = state.codes;
    show();
  };
}

function row(first) {
  const code = h("strong", { class: "code" });
  const who = h("span", {});
  const until = h("span", { class: "muted" });
  const amount = h("input", { name: "amount", inputmode: "decimal", autocomplete: "off", required: true, size: 8, value: first.indicated });
  const context = h("span", { class: "hidden" });
  const form = h("form", { class: "inline", submit: onSubmit(data => handOver(first.id, data.get("amount"))) },
    field("USD", amount),
    h("button", { type: "submit" }, "Hand over cash", context));
  const element = h("li", {}, h("div", { class: "what" }, code, who, until), form);
  return {
    element,
    update: item => {
      say(code, item.code);
      say(who, `${item.customer} at ${item.store}`);
      say(context, ` on ${item.code}`);
      const over = Date.parse(item.expiresAt) <= currentTime();
      say(until, over ? `ran out ${fromNow(item.expiresAt)}` : `runs out ${fromNow(item.expiresAt)}`);
      element.classList.toggle("over", over);
    },
  };
}

async function handOver(cashInId, amount) {
  const { authorisation, commit } = await post("/cash", { cashInId, amount: amount.trim() });
  const last = commit ?? authorisation;
  if (last.responseCode !== "00") throw new Error(`The till refused: ${last.responseText.toLowerCase()} (${last.responseCode}).`);
  return `${last.authorizedAmount} USD handed over.`;
}
