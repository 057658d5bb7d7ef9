// Calls of the sandbox's own controls. Every wrong answer becomes an error with a text for people.

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(`/_sim${path}`, { method, body: typeof body === "object" ? JSON.stringify(body) : body });
  } catch {
    throw new Error("The sandbox does not answer.");
  }
  const text = await answer.text();
  if (answer.ok) return text === "" ? null : text;
  throw new Error(explain(text, answer.status));
}

function explain(text, status) {
  try {
    const error = JSON.parse(text);
    const details = (error.details ?? []).map(detail => `${detail.field} ${detail.issue}`).join("; ");
    return details ? `${error.message} ${details}.` : error.message;
  } catch {
    return `The sandbox answered ${status}.`;
  }
}

export const overview = () => call("GET", "/overview");
export const post = async (path, body = {}) => JSON.parse(await call("POST", path, body));
export const get = async path => JSON.parse(await call("GET", path));
export const remove = path => call("DELETE", path);
