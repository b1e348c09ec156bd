// Who may ask: programs that have the token, and no web page.

import { Refusal } from "./errors";

/** Decides from the request's head alone. */
export async function admit(request: Request, url: URL, token: string | undefined): Promise<void> {
  const origin = request.headers.get("Origin");
  if (origin !== null && !sameOrigin(origin, url)) {
    throw new Refusal(
      403,
      `requests from web pages are refused, and this one comes from ${JSON.stringify(origin)}: call the server from a program`,
    );
  }
  if (url.pathname === "/" || url.pathname === "/health") return;
  if (token && !(await bearer(request.headers.get("Authorization") ?? "", token))) {
    throw new Refusal(
      401,
      'the token is missing or wrong: send "Authorization: Bearer TOKEN" with the server\'s AUTH_TOKEN',
      { headers: { "WWW-Authenticate": "Bearer" } },
    );
  }
}

function sameOrigin(origin: string, url: URL): boolean {
  return URL.canParse(origin) && new URL(origin).host === url.host;
}

/** Compares in constant time; hashing first hides the token's length too. */
async function bearer(header: string, token: string): Promise<boolean> {
  const space = header.indexOf(" ");
  const scheme = space < 0 ? header : header.slice(0, space);
  const given = space < 0 ? "" : header.slice(space).trim();
  // Headers are trimmed on their way, so a secret that was stored with a line break must be too.
  const [a, b] = await Promise.all([digest(given), digest(token.trim())]);
  return crypto.subtle.timingSafeEqual(a, b) && given !== "" && scheme.toLowerCase() === "bearer";
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
