import { afterEachAction } from "./act.js";
import { overview } from "./api.js";
import { bank } from "./bank.js";
import { clock } from "./clock.js";
import { connect } from "./connect.js";
import { deliveries } from "./deliveries.js";
import { say } from "./dom.js";
import { faults } from "./faults.js";
import { money } from "./money.js";
import { people } from "./people.js";
import { till } from "./till.js";
import { setNow } from "./time.js";

const PAUSE = 1000;
const at = id => document.getElementById(id);
const views = Object.entries({ clock, till, people, bank, money, faults, deliveries, connect }).map(([id, view]) => view(at(id)));
let asked = 0;
let shown = 0;

/** Brings the page up to date; an answer that was overtaken by a later one is left out. */
async function refresh() {
  const number = ++asked;
  let text;
  try {
    text = await overview();
  } catch {
    connected(false);
    return;
  }
  connected(true);
  if (number < shown) return;
  shown = number;
  const state = JSON.parse(text);
  setNow(state.clock.now);
  say(at("version"), state.apiVersion);
  for (const update of views) update(state);
}

function connected(is) {
  const chip = at("connection");
  say(chip, is ? "live" : "no connection");
  chip.dataset.state = is ? "active" : "failed";
  document.body.classList.toggle("lost", !is);
}

async function follow() {
  if (!document.hidden) await refresh();
  setTimeout(follow, PAUSE);
}

afterEachAction(refresh);
document.addEventListener("visibilitychange", refresh);
follow();
