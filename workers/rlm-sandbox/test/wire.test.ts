// The examples that every server of the Worker API shares (client/testdata/wire): the Worker takes and gives the same JSON.
// What a command prints is the container's business, so the container answers as the example says; Go's suite runs the
// same stories with real sandboxes.

import { beforeEach, describe, expect, it } from "vitest";
import { ask, fresh, type Reply, reply, request, token } from "./helpers";
import { type Asked, reset, script } from "./standin/scripted";

interface Matcher {
  type?: "string" | "number" | "boolean" | "array";
  regex?: string;
  contains?: string;
  has?: unknown[];
}

interface Exchange {
  name: string;
  when?: string[];
  request: {
    method: string;
    path: string;
    query?: string;
    headers?: Record<string, string | null>;
    body?: unknown;
    raw?: string;
    base64?: string;
  };
  response: { status: number; body: Record<string, unknown>; loose?: Record<string, Matcher> };
}

const stories = import.meta.glob<Exchange[]>("../../../client/testdata/wire/*.json", {
  eager: true,
  import: "default",
});

it("there are stories", () => {
  expect(Object.keys(stories).length).toBeGreaterThan(8);
});

beforeEach(reset);

for (const [file, story] of Object.entries(stories)) {
  describe(file.replace(/.*\//, ""), () => {
    const sandbox = fresh();
    const other = fresh();
    const fill = (text: string) =>
      text.replaceAll("$SANDBOX", sandbox).replaceAll("$OTHER", other).replaceAll("$TOKEN", token);

    for (const { name, when = [], ...example } of story) {
      if (when.includes("list")) continue;
      it(name, async () => {
        script.control = (asked) => container(asked, example.response);
        const open = when.includes("open");
        const got = await reply(await ask(write(example.request, fill), open ? { AUTH_TOKEN: "" } : {}));
        expect(problems(example.response, got)).toEqual([]);
      });
    }
  });
}

/** The example's request, byte for byte. */
function write(
  { method, path, query, headers = {}, body, raw, base64 }: Exchange["request"],
  fill: (s: string) => string,
) {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== null) sent.set(name, fill(value));
  let content: BodyInit | null = null;
  if (body !== undefined) content = fill(JSON.stringify(body));
  if (raw !== undefined) content = fill(raw);
  if (base64 !== undefined) content = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const made = request(method, path + (query ? `?${fill(query)}` : ""), { headers: sent, body: content });
  if (headers["Authorization"] === null) made.headers.delete("Authorization");
  return made;
}

/** What the container answers where the example is to come of it. */
function container({ path }: Asked, { status, body }: Exchange["response"]): Response {
  switch (path) {
    case "/api/execute":
      return Response.json(
        "python" in body ? { success: true, stdout: `${body["python"]}\n`, stderr: "", exitCode: 0 } : body,
      );
    case "/api/read":
      if (status === 200) return Response.json({ success: true, content: base64Of(body["content"] as string) });
      if (/UTF-8/.test(body["error"] as string)) return Response.json({ success: true, content: btoa("a\xffb") });
      return failure("FILE_NOT_FOUND", 404);
    case "/api/write":
      return status === 200 ? Response.json({ success: true }) : failure("FILESYSTEM_ERROR", 500);
  }
  return failure("FILESYSTEM_ERROR", 500);
}

function failure(code: string, httpStatus: number): Response {
  return Response.json({ code, message: "it failed", context: {}, httpStatus }, { status: httpStatus });
}

function base64Of(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Says in what the reply differs from the example. */
function problems(want: Exchange["response"], { status, headers, body }: Reply): string[] {
  if (status !== want.status) return [`status ${status}, want ${want.status}: ${JSON.stringify(body)}`];
  const found: string[] = [];
  if (!headers.get("Content-Type")?.startsWith("application/json")) found.push("it is not JSON");
  for (const [field, value] of Object.entries(want.body)) {
    const got = body[field];
    const loose = want.loose?.[field];
    const right = loose ? matches(loose, got) : JSON.stringify(got) === JSON.stringify(value);
    if (!right) found.push(`${field} is ${JSON.stringify(got)}, want ${JSON.stringify(loose ?? value)}`);
  }
  return found;
}

function matches({ type, regex, contains, has }: Matcher, value: unknown): boolean {
  if (type !== undefined && (Array.isArray(value) ? "array" : typeof value) !== type) return false;
  if (regex !== undefined && !(typeof value === "string" && new RegExp(regex).test(value))) return false;
  if (contains !== undefined && !(typeof value === "string" && value.includes(contains))) return false;
  return (has ?? []).every((item) => Array.isArray(value) && value.includes(item));
}
