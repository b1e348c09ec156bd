import { env } from "cloudflare:test";
import worker from "../src/index";
import type { Env } from "../src/sandbox";

export const token = env.AUTH_TOKEN;

/** A request of the API, with the token unless its headers say otherwise. */
export function request(method: string, path: string, init: RequestInit = {}): Request {
  const headers = new Headers({ Authorization: `Bearer ${token}` });
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  return new Request(`https://worker.test${path}`, { ...init, method, headers });
}

export function post(path: string, body: unknown): Request {
  return request("POST", path, { body: JSON.stringify(body) });
}

export function upgrade(query: string, headers: Record<string, string> = {}): Request {
  return request("GET", `/sandbox/connect?${query}`, {
    headers: { Upgrade: "websocket", Connection: "Upgrade", ...headers },
  });
}

/** Asks the Worker, with other bindings where they are said. */
export function ask(question: Request, bindings: Partial<Env> = {}): Promise<Response> {
  return worker.fetch(question, { ...env, ...bindings });
}

/** A sandbox that no test had. */
export function fresh(): string {
  return `t-${crypto.randomUUID()}`;
}

export interface Reply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export async function reply(response: Response): Promise<Reply> {
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
