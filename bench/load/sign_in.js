import { Http } from "./http.js";

const cookiesOf = ({ headers }) => (headers["set-cookie"] ?? []).map((line) => line.split(";")[0].split("="));

function csrfToken(page) {
  const field = page.match(/<input[^>]*name="csrf_token"[^>]*>/)?.[0];
  return field?.match(/value="([^"]*)"/)[1];
}

/** Signs in through the login form, as a browser does; resolves to the Cookie header. */
export async function signIn(base, { email, password }) {
  const http = new Http(base, 1);
  const jar = new Map();
  const cookie = () => [...jar].map((pair) => pair.join("=")).join("; ");
  const keep = (answer) => cookiesOf(answer).forEach(([name, ...value]) => jar.set(name, value.join("=")));

  const form = await http.call("GET", "/login");
  keep(form);
  const fields = { email, password, csrf_token: csrfToken(form.body.toString()) };
  const answer = await http.call("POST", "/login", { form: fields, cookie: cookie() });
  keep(answer);
  http.close();
  if (![302, 303].includes(answer.status)) throw new Error(`signing in through the form: ${answer.status}`);
  return cookie();
}
