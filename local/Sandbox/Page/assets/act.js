// Runs what a button or form does: one at a time, with its result said aloud, and the page brought up to date at once.

import { say } from "./dom.js";

const done = document.getElementById("done");
const wrong = document.getElementById("wrong");
let refresh = () => Promise.resolve();
let fading;

export function afterEachAction(action) {
  refresh = action;
}

/** Does something for a control; what it returns is said. */
export async function act(control, action) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    tell(done, await action());
  } catch (error) {
    tell(wrong, error.message);
  } finally {
    control.removeAttribute("aria-busy");
  }
  await refresh();
}

/** A form whose submission is an action. */
export function onSubmit(action) {
  return event => {
    event.preventDefault();
    const form = event.currentTarget;
    act(form.querySelector("button[type=submit]") ?? form, () => action(new FormData(form), form));
  };
}

function tell(where, text) {
  clearTimeout(fading);
  say(done, "");
  say(wrong, "");
  say(where, text ?? "");
  // Errors stay until the next action.
  if (where === done) fading = setTimeout(() => say(done, ""), 8000);
}
