import { act, onSubmit } from "./act.js";
import { post } from "./api.js";
import { field, h, keyed, say, select, whenEmpty } from "./dom.js";

const DECISIONS = [["approve", "approve"], ["issues", "ask for more"], ["reject", "reject"], ["never", "leave open"]];
const OF_ACTIVE = [["revoke", "revoke"], ["offboard", "offboard"]];
const NAMES = [["", "all endorsements"], ["basic", "basic"], ["usd", "usd"], ["cryptoCustody", "cryptoCustody"]];

/** Customers with what is to be decided about them. */
export function people(root) {
  const usual = select(DECISIONS, { change: event => act(event.currentTarget, async () => {
    await post("/endorsements", { decision: event.target.value });
    return `From now on: ${event.target.value}.`;
  }) });
  const list = h("ul", { class: "cards" });
  root.append(field("Who comes is decided with", usual), list);
  const empty = whenEmpty(list, "Nobody is here yet. A customer that is created shows up here.");
  return state => {
    if (document.activeElement !== usual) usual.value = state.defaultDecision;
    keyed(list, state.people, person => person.id, row);
    empty(state.people.length === 0);
  };
}

function row(first) {
  const name = h("strong", {});
  const ids = h("span", { class: "muted" });
  const endorsements = h("ul", { class: "chips", "aria-label": "Endorsements" });
  const wallets = h("span", { class: "muted" });
  const context = h("span", { class: "hidden" });
  const form = h("form", { class: "inline", submit: onSubmit(data => decide(first.id, data)) },
    select([...DECISIONS, ...OF_ACTIVE], { name: "decision", "aria-label": "Decision" }),
    select(NAMES, { name: "endorsement", "aria-label": "Endorsement" }),
    h("button", { type: "submit" }, "Decide", context));
  const element = h("li", {}, h("div", { class: "what" }, name, ids, endorsements, wallets), form);
  return {
    element,
    update: person => {
      say(name, person.active ? person.name : `${person.name} (inactive)`);
      say(ids, [person.externalId, person.id].filter(Boolean).join(" · "));
      say(context, ` on ${person.name}`);
      keyed(endorsements, person.endorsements, endorsement => endorsement.name, chip);
      say(wallets, person.wallets.map(wallet => `${wallet.balance} ${wallet.asset} on ${wallet.network}`).join(" · "));
    },
  };
}

function chip() {
  const element = h("li", { class: "chip" });
  return {
    element,
    update: endorsement => {
      const { missing, issues } = endorsement.requirements;
      const wanted = [...missing, ...issues].join(", ");
      say(element, `${endorsement.name} ${endorsement.status.toLowerCase().replace("_", " ")}${wanted ? `: ${wanted}` : ""}`);
      element.dataset.state = endorsement.status.toLowerCase();
    },
  };
}

async function decide(customerId, data) {
  const endorsement = data.get("endorsement");
  await post("/endorsements", { customerId, decision: data.get("decision"), ...(endorsement ? { endorsements: [endorsement] } : {}) });
  return "Decided.";
}
