import { act, onSubmit } from "./act.js";
import { post } from "./api.js";
import { field, h, keyed, say, select, whenEmpty } from "./dom.js";

const RAILS = [["ach", "ACH"], ["wire", "wire"], ["swift", "SWIFT"]];

/** Virtual accounts, transfers to them, and what came of those. */
export function bank(root) {
  const accounts = h("ul", { class: "cards" });
  const deposits = h("ul", { class: "lines" });
  root.append(accounts, deposits);
  const empty = whenEmpty(accounts, "Nobody can receive a transfer yet: that takes a customer with a wallet.");
  return state => {
    const receivers = state.people.filter(person => person.wallets.length > 0).flatMap(person =>
      person.virtualAccounts.length > 0
        ? person.virtualAccounts.map(account => ({ key: account.id, person, account }))
        : [{ key: person.id, person, account: null }]);
    keyed(accounts, receivers, receiver => receiver.key, receiver => receiver.account ? account(receiver) : opening(receiver));
    empty(receivers.length === 0);
    keyed(deposits, state.deposits, deposit => deposit.id, line);
  };
}

function opening({ person }) {
  const wallet = person.wallets[0];
  const open = event => act(event.currentTarget, async () => {
    const destination = { wallet: { id: wallet.id }, asset: wallet.asset, network: wallet.network };
    await post("/virtual-accounts", { customerId: person.id, destination });
    return `${person.name} has an account.`;
  });
  const element = h("li", {},
    h("div", { class: "what" }, h("strong", {}, person.name), h("span", { class: "muted" }, "has no virtual account")),
    h("button", { type: "button", class: "quiet", click: open }, "Open one", h("span", { class: "hidden" }, ` for ${person.name}`)));
  return { element, update: () => {} };
}

function account({ person, account: { id, bankDetails } }) {
  const state = h("span", { class: "muted" });
  const send = async data => {
    const sent = await transfer(id, data.get("amount"), data.get("rail"));
    return `${sent.amount} USD are on their way to ${person.name}.`;
  };
  const element = h("li", {},
    h("div", { class: "what" }, h("strong", {}, person.name), h("span", {}, `${bankDetails.bankName} ${bankDetails.accountNumber}`), state),
    h("form", { class: "inline", submit: onSubmit(send) },
      field("USD", h("input", { name: "amount", inputmode: "decimal", autocomplete: "off", required: true, size: 8, value: "40.00" })),
      select(RAILS, { name: "rail", "aria-label": "Rail" }),
      h("button", { type: "submit" }, "Send", h("span", { class: "hidden" }, ` to ${person.name}`))));
  return { element, update: item => say(state, item.account.status) };
}

const transfer = (id, amount, rail) => post(`/virtual-accounts/${id}/deposits`, { amount: amount.trim(), rail });

function line(first) {
  const text = h("span", {});
  const button = h("button", { type: "button", class: "quiet", click: event => act(event.currentTarget, async () => {
    await post(`/deposits/${first.id}/return`);
    return "The sending bank took it back.";
  }) }, "Return", h("span", { class: "hidden" }, ` ${first.amount} ${first.asset}`));
  return {
    element: h("li", {}, text, button),
    update: deposit => {
      say(text, `${deposit.amount} ${deposit.asset} by ${deposit.rail}: ${deposit.status}`);
      button.hidden = deposit.rail !== "ach" || !["pending", "settled"].includes(deposit.status);
    },
  };
}
