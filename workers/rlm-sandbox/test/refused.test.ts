// A request that is refused names no sandbox and starts no container: that would cost its owner money.

import { env } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import { ask, post, reply, request, token, upgrade } from "./helpers";
import { reset, script } from "./standin/scripted";

beforeEach(reset);

/** Asks a Worker whose every touch of the binding is counted. */
async function refused(question: Request, bindings: object = {}) {
  let touched = 0;
  const namespace = new Proxy(env.Sandbox, {
    get(target, name) {
      touched++;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const got = await reply(await ask(question, { Sandbox: namespace, ...bindings }));
  return { ...got, touched: touched + script.objects + script.starts };
}

const exec = (body: unknown) => post("/sandbox/exec", body);
const write = (body: unknown) => post("/sandbox/write", body);
const read = (query: string) => request("GET", `/sandbox/read?${query}`);
const without = (question: Request, authorization?: string) => {
  question.headers.delete("Authorization");
  if (authorization !== undefined) question.headers.set("Authorization", authorization);
  return question;
};
const good = { sandbox_id: "a", command: "true", path: "/tmp/a", content: "" };

describe("without the token", () => {
  for (const [name, question] of Object.entries({
    exec: () => exec(good),
    write: () => write(good),
    read: () => read("sandbox_id=a&path=/tmp/a"),
    health: () => request("GET", "/sandbox/health"),
    connect: () => upgrade("sandbox_id=a&port=4000"),
    list: () => request("GET", "/sandbox/list"),
    destroy: () => request("DELETE", "/sandbox?sandbox_id=a"),
    "a path that is not there": () => request("GET", "/nope"),
  })) {
    it(name, async () => {
      for (const authorization of [
        undefined,
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        `Basic ${token}`,
        token,
        `Bearer ${token}x`,
      ]) {
        const got = await refused(without(question(), authorization));
        expect(got).toMatchObject({ status: 401, touched: 0 });
        expect(got.body).toEqual({ error: expect.stringContaining("AUTH_TOKEN") });
        expect(got.headers.get("WWW-Authenticate")).toBe("Bearer");
      }
    });
  }
  it("and with it, in any case of the scheme", async () => {
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      for (const AUTH_TOKEN of [token, `${token}\n`]) {
        const got = await reply(await ask(without(request("GET", "/nope"), `${scheme} ${token}`), { AUTH_TOKEN }));
        expect(got.status).toBe(404);
      }
    }
  });

  it("a token of blanks lets nobody in", async () => {
    expect(await refused(without(exec(good), "Bearer "), { AUTH_TOKEN: " \n" })).toMatchObject({
      status: 401,
      touched: 0,
    });
  });
});

describe("from a web page", () => {
  for (const origin of ["https://evil.test", "null", "http://localhost:8787"]) {
    it(origin, async () => {
      const question = request("POST", "/sandbox/exec", { body: JSON.stringify(good), headers: { Origin: origin } });
      expect(await refused(question, { AUTH_TOKEN: "" })).toMatchObject({ status: 403, touched: 0 });
    });
  }
});

describe("malformed", () => {
  const large = "x".repeat((32 << 20) + 1);
  const cases: [string, () => Request, number, RegExp][] = [
    ["no JSON", () => request("POST", "/sandbox/exec", { body: "{" }), 400, /not the JSON/],
    ["an array", () => exec([1]), 400, /not an object/],
    ["null", () => exec(null), 400, /not an object/],
    ["no body", () => request("POST", "/sandbox/exec"), 400, /not the JSON/],
    [
      "not UTF-8",
      () => request("POST", "/sandbox/exec", { body: new Uint8Array([34, 255, 34]) }),
      400,
      /UTF-8.*base64/,
    ],
    ["no id", () => exec({ command: "true" }), 400, /sandbox_id is missing.*63/],
    ["an id that is a number", () => exec({ ...good, sandbox_id: 7 }), 400, /sandbox_id must be a string/],
    ["a long id", () => exec({ ...good, sandbox_id: "x".repeat(64) }), 400, /64 characters long.*63/],
    ["an id with a slash", () => exec({ ...good, sandbox_id: "../a" }), 400, /contains "\/"/],
    ["an id with an emoji", () => exec({ ...good, sandbox_id: "a😀" }), 400, /contains "😀"/],
    ["an id with a line break", () => exec({ ...good, sandbox_id: "a\n" }), 400, /contains/],
    ["an id that starts with -", () => exec({ ...good, sandbox_id: "-a" }), 400, /starts or ends with -/],
    ["no command", () => exec({ sandbox_id: "a" }), 400, /command is missing/],
    ["a command that is a list", () => exec({ ...good, command: ["true"] }), 400, /command must be a string/],
    ["a command with NUL", () => exec({ ...good, command: "a\0b" }), 400, /NUL/],
    ["a large command", () => exec({ ...good, command: large }), 413, /command is larger.*in parts/],
    ["no path", () => write({ ...good, path: "" }), 400, /path is missing/],
    ["no content", () => write({ ...good, content: null }), 400, /content is missing/],
    ["content of another type", () => write({ ...good, content: 1 }), 400, /content must be a string/],
    ["large content", () => write({ ...good, content: large }), 413, /content is larger.*32 MiB/],
    ["content that counts double", () => write({ ...good, content: `€${"x".repeat(17 << 20)}` }), 413, /Latin-1/],
    ["a large body", () => request("POST", "/sandbox/write", { body: " ".repeat((34 << 20) + 1) }), 413, /34 MiB/],
    ["a large body of unknown length", () => request("POST", "/sandbox/write", { body: endless() }), 413, /34 MiB/],
    ["read without an id", () => read("path=/tmp/a"), 400, /sandbox_id is missing/],
    ["read without a path", () => read("sandbox_id=a"), 400, /path is missing/],
    ["read with NUL", () => read("sandbox_id=a&path=/tmp/%00"), 400, /NUL/],
    ["health of a bad id", () => request("GET", "/sandbox/health?sandbox_id=a/b"), 400, /contains/],
    ["no upgrade", () => request("GET", "/sandbox/connect"), 426, /WebSocket only/],
    ["another upgrade", () => upgrade("sandbox_id=a&port=4000", { Upgrade: "h2c" }), 426, /WebSocket only/],
    ["no port", () => upgrade("sandbox_id=a"), 400, /port ""/],
    [
      "the control server's port",
      () => upgrade("sandbox_id=a&port=3000"),
      400,
      /port "3000".*1024 to 65535 except 3000/,
    ],
    ["a port with a sign", () => upgrade("sandbox_id=a&port=%2B4000"), 400, /port/],
    ["a port in hex", () => upgrade("sandbox_id=a&port=0x1000"), 400, /port/],
    ["destroy without an id", () => request("DELETE", "/sandbox"), 400, /sandbox_id is missing/],
    ["list", () => request("GET", "/sandbox/list"), 404, /cannot list sandboxes/],
    ["a path that is not there", () => request("POST", "/sandbox/exec/x"), 404, /Not found/],
    ["a name of every object", () => request("GET", "/constructor"), 404, /Not found/],
  ];
  for (const [name, question, status, says] of cases) {
    it(name, async () => {
      const got = await refused(question());
      expect(got).toMatchObject({ status, touched: 0, body: { error: expect.stringMatching(says) } });
    });
  }
  for (const id of ["www", "API", "Admin", "root", "system", "cloudflare", "workers"]) {
    it(`the SDK's own name ${id}`, async () => {
      const got = await refused(exec({ ...good, sandbox_id: id }));
      expect(got).toMatchObject({
        status: 400,
        touched: 0,
        body: { error: expect.stringMatching(/reserved.*choose another/) },
      });
    });
  }
});

/** More than a body may have, a piece at a time; whoever reads it all never ends. */
function endless(): ReadableStream {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) });
}
