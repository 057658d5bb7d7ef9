import { act } from "./act.js";
import { post } from "./api.js";
import { h, say } from "./dom.js";
import { asText, currentTime, fromNow } from "./time.js";

const STEPS = [["1 min", "00:01:00"], ["10 min", "00:10:00"], ["1 h", "01:00:00"], ["1 day", "1.00:00:00"]];

/** Shows business time and moves it on. */
export function clock(root) {
  const time = h("time", {});
  const next = h("button", { type: "button", class: "quiet", click: event => act(event.currentTarget, () => move({ next: true })) });
  const steps = STEPS.map(([text, advance]) =>
    h("button", { type: "button", class: "quiet", click: event => act(event.currentTarget, () => move({ advance })) }, `+ ${text}`));
  const dialog = confirmation();
  const reset = h("button", { type: "button", class: "quiet danger", click: () => dialog.showModal() }, "Forget all");
  root.append(time, h("div", { class: "buttons" }, steps, next, reset), dialog);

  let due = null;
  const tick = () => {
    say(time, asText(currentTime()));
    next.disabled = due === null;
    say(next, due === null ? "Nothing is due" : `To what is due ${fromNow(due)}`);
  };
  setInterval(tick, 1000);
  return state => {
    due = state.clock.nextDue;
    tick();
  };
}

async function move(body) {
  const { now } = await post("/clock", body);
  return `The clock says ${asText(Date.parse(now))}.`;
}

function confirmation() {
  const dialog = h("dialog", { "aria-labelledby": "forget-title" },
    h("h2", { id: "forget-title" }, "Forget everything?"),
    h("p", {}, "People, codes, money, faults, webhooks and their endpoints are gone afterwards. The clock and the tokens stay."),
    h("div", { class: "buttons" },
      h("button", { type: "button", class: "danger", click: event => act(event.currentTarget, async () => {
        await post("/reset");
        dialog.close();
        return "Everything is forgotten.";
      }) }, "Forget everything"),
      h("button", { type: "button", class: "quiet", click: () => dialog.close() }, "Keep it")));
  return dialog;
}
