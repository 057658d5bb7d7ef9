// Business time of the sandbox as the page knows it: what the last answer said, plus what has passed since.

let now = Date.now();
let since = performance.now();

export function setNow(text) {
  now = Date.parse(text);
  since = performance.now();
}

export const currentTime = () => now + (performance.now() - since);

/** 2026-06-10 14:00:05 UTC */
export const asText = time => `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** 14:00:05 */
export const asClock = time => new Date(time).toISOString().slice(11, 19);

/** "in 59 min 12 s", "3 h ago" */
export function fromNow(time) {
  const seconds = Math.round((Date.parse(time) - currentTime()) / 1000);
  const text = span(Math.abs(seconds));
  return seconds >= 0 ? `in ${text}` : `${text} ago`;
}

function span(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${seconds % 60} s`;
  return `${seconds} s`;
}
