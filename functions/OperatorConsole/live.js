// Keeps a view fresh: asks again and again, ever more rarely while nobody answers, not at all while nobody looks.
const MOST = 60_000;

export class Live {
  #load; #show; #every; #connection; #timer = 0; #failures = 0; #stopped = false; #busy = false;

  constructor(load, show, every, connection) {
    this.#load = load;
    this.#show = show;
    this.#every = every;
    this.#connection = connection;
    document.addEventListener('visibilitychange', this.#look);
    this.refresh();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#look);
  }

  refresh = async () => {
    if (this.#busy || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#busy = true;
    let wait = this.#every;
    try {
      const seen = await this.#load();
      if (this.#stopped) return;
      this.#failures = 0;
      this.#connection.restored();
      this.#show(seen, null);
    } catch (e) {
      if (this.#stopped) return;
      if (e.passes === undefined) console.error(e);
      wait = e.passes ? Math.min(MOST, Math.max(this.#every * 2 ** this.#failures++, (e.retryAfter ?? 0) * 1000)) : null;
      if (e.passes) this.#connection.lost(e, Date.now() + wait, this.refresh);
      else this.#show(null, e);
    } finally {
      this.#busy = false;
    }
    if (wait !== null && !this.#stopped && !document.hidden) this.#timer = setTimeout(this.refresh, wait);
  };

  #look = () => {
    clearTimeout(this.#timer);
    if (!document.hidden) this.refresh();
  };
}
