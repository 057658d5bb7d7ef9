import { act } from "./act.js";
import { post } from "./api.js";
import { h, keyed, say, whenEmpty } from "./dom.js";

const NAMES = { fiatToCrypto: "in", cryptoToFiat: "out", cryptoToCrypto: "send" };
const MOVES = [
  ["release", "Release", item => item.isHeld, "Compliance let it go."],
  ["refuse", "Refuse", item => item.isHeld, "Compliance refused it."],
  ["collect", "Collect the cash", item => item.status === "cashPickupReady", "The cash was collected."],
  ["return", "Return", item => item.canReturn, "The bank sent it back."],
  ["refund", "Refund", item => item.canRefund, "It is refunded."],
];

/** Transactions, with what a bank, a store or compliance can still do to them. */
export function money(root) {
  const settled = h("p", { class: "muted" });
  const list = h("ul", { class: "lines" });
  root.append(settled, list);
  const empty = whenEmpty(list, "Nothing has moved yet.");
  return state => {
    say(settled, `Settled so far: ${state.settled} net.`);
    keyed(list, state.transactions, transaction => transaction.id, row);
    empty(state.transactions.length === 0);
  };
}

function row(first) {
  const text = h("span", {});
  const status = h("span", { class: "chip" });
  const id = h("span", { class: "muted" }, first.id);
  const buttons = MOVES.map(([name, label, applies, result]) => {
    const button = h("button", { type: "button", class: "quiet", click: event => act(event.currentTarget, async () => {
      await post(`/transactions/${first.id}/${name}`);
      return result;
    }) }, label, h("span", { class: "hidden" }, ` ${first.to} of ${first.customer}`));
    return { button, applies };
  });
  return {
    element: h("li", {}, h("div", { class: "what" }, text, id), status, buttons.map(({ button }) => button)),
    update: item => {
      const pickup = item.pickup ? `, code ${item.pickup}` : "";
      say(text, `${item.customer}: ${item.from} to ${item.to}, ${NAMES[item.type]} by ${item.rail}${pickup}`);
      const state = item.isHeld ? "held" : item.status;
      say(status, item.error ? `${state}: ${item.error}` : state);
      status.dataset.state = state;
      for (const { button, applies } of buttons) button.hidden = !applies(item);
    },
  };
}
