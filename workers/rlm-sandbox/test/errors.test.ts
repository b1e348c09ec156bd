// What goes wrong behind the Worker, and what it tells the user to do.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, fresh, post, reply, request } from "./helpers";
import { reset, script } from "./standin/scripted";

beforeEach(reset);
afterEach(() => vi.restoreAllMocks());

const exec = (id = fresh(), command = "echo a-secret") => post("/sandbox/exec", { sandbox_id: id, command });
const write = (id = fresh()) => post("/sandbox/write", { sandbox_id: id, path: "/tmp/f", content: "a-secret" });
const read = (id = fresh()) => request("GET", `/sandbox/read?sandbox_id=${id}&path=/tmp/a-secret`);
const health = (id = fresh()) => request("GET", `/sandbox/health?sandbox_id=${id}`);
const destroy = (id = fresh()) => request("DELETE", `/sandbox?sandbox_id=${id}`);

/** The control server fails as the SDK's does. */
function fail(code: string, message = "it failed", httpStatus = 500): void {
  script.control = () => Response.json({ code, message, context: {}, httpStatus }, { status: httpStatus });
}

describe("the deployment", () => {
  const where = /wrangler configuration.*containers.*durable_objects.*migrations.*wrangler\.jsonc.*deploy again/;

  it("without its binding", async () => {
    for (const question of [exec(), write(), read(), health(), destroy()]) {
      const { Sandbox: _, ...rest } = { Sandbox: undefined };
      const got = await reply(await ask(question, { ...rest, Sandbox: undefined as never }));
      expect(got).toMatchObject({
        status: 500,
        body: { error: expect.stringMatching(/^Sandbox binding not configured: /) },
      });
      expect(got.body["error"]).toMatch(where);
    }
  });

  it("without its containers", async () => {
    fail(
      "INTERNAL_ERROR",
      "Containers have not been enabled for this Durable Object class. Have you correctly setup …",
    );
    const got = await reply(await ask(exec()));
    expect(got).toMatchObject({ status: 500, body: { error: expect.stringMatching(where) } });
    expect(got.body["error"]).toMatch(/^Sandbox binding not configured: .*start Docker/);
  });

  it("with a sleep time that is none", async () => {
    for (const SLEEP_AFTER of ["", "10", "10 m", "0m", "soon"]) {
      const got = await reply(await ask(exec(), { SLEEP_AFTER }));
      expect(got).toMatchObject({ status: 500, body: { error: expect.stringMatching(/SLEEP_AFTER.*90s, 10m or 2h/) } });
      expect(script.objects).toBe(0);
    }
  });
});

describe("the platform and the SDK", () => {
  const cases: [string, string, number, string | null, RegExp][] = [
    [
      "INTERNAL_ERROR",
      "Container is starting. Please retry in a moment.",
      503,
      "3",
      /container is starting: try again/,
    ],
    ["INTERNAL_ERROR", "Container did not start after 8000ms", 503, "3", /container is starting/],
    [
      "CONTAINER_UNAVAILABLE",
      "There is no container instance that can be provided to this durable object",
      503,
      "10",
      /no container instance.*provisioning.*max_instances/,
    ],
    [
      "INTERNAL_ERROR",
      "There is no Container instance available at this time.\nThis is likely …",
      503,
      "10",
      /no container instance/,
    ],
    [
      "CONTAINER_UNAVAILABLE",
      "Maximum number of running container instances exceeded.",
      503,
      "10",
      /maximum number of running container instances.*DELETE \/sandbox.*max_instances/,
    ],
    ["INTERNAL_ERROR", "you are requesting too many containers per second", 503, "5", /in a second/],
    ["INTERNAL_ERROR", "Container failed to start due to a permanent error.", 500, null, /logs.*base tag/],
    ["INTERNAL_ERROR", "container ran out of memory", 500, null, /out of memory.*instance_type/],
    ["INTERNAL_ERROR", "No such image available: x", 500, null, /image is not there.*deploy/],
    ["INTERNAL_ERROR", "Network connection lost.", 502, null, /line to the sandbox was lost.*may have been done/],
    ["OPERATION_INTERRUPTED", "the runtime changed", 502, null, /line to the sandbox was lost/],
    ["INTERNAL_ERROR", "Durable Object is overloaded. Requests queued for too long.", 503, "2", /fewer requests/],
    ["SESSION_TERMINATED", "the shell exited", 410, null, /shell ended.*send it again/],
    ["SESSION_DESTROYED", "gone", 410, null, /shell ended/],
    [
      "INTERNAL_ERROR",
      "internal error; reference = abc123",
      500,
      null,
      /run the command: internal error; reference = abc123/,
    ],
    // The words of a client are not the platform's.
    [
      "COMMAND_EXECUTION_ERROR",
      "Failed to execute command 'echo no such image'",
      500,
      null,
      /^run the command: Failed/,
    ],
  ];
  for (const [code, message, status, retryAfter, says] of cases) {
    it(`${code}: ${message.slice(0, 60)}`, async () => {
      fail(code, message);
      vi.spyOn(console, "error").mockImplementation(() => {});
      const got = await reply(await ask(exec()));
      expect(got).toMatchObject({ status, body: { error: expect.stringMatching(says) } });
      expect(got.headers.get("Retry-After")).toBe(retryAfter);
      expect(got.body["code"]).toBe(status === 410 ? "SESSION_TERMINATED" : undefined);
    });
  }

  it("an answer that is larger than one call carries", async () => {
    script.control = () => Response.json({ success: true, stdout: "x".repeat(33 << 20), stderr: "", exitCode: 0 });
    const got = await reply(await ask(exec()));
    expect(got).toMatchObject({ status: 413, body: { error: expect.stringMatching(/32 MiB.*to a file/) } });
  });

  it("each endpoint's clients find what they look for", async () => {
    fail("INTERNAL_ERROR", "Container is starting.");
    const error = expect.stringContaining("container is starting");
    expect((await reply(await ask(exec()))).body).toEqual({ error });
    expect((await reply(await ask(write()))).body).toEqual({ error, success: false });
    expect((await reply(await ask(read()))).body).toEqual({ error, content: "", success: false });
    expect((await reply(await ask(health()))).body).toEqual({ error, status: "unhealthy" });
  });
});

describe("files", () => {
  for (const [code, says] of Object.entries({
    FILE_NOT_FOUND: /read \/tmp\/a-secret: no such file.*ls/,
    IS_DIRECTORY: /directory.*ls/,
    PERMISSION_DENIED: /permission denied/,
    NO_SPACE: /disk is full/,
    FILE_TOO_LARGE: /too large.*in parts/,
    FILESYSTEM_ERROR: /read \/tmp\/a-secret: it failed/,
  })) {
    it(code, async () => {
      fail(code);
      const got = await reply(await ask(read()));
      expect(got).toMatchObject({
        status: 500,
        body: { error: expect.stringMatching(says), content: "", success: false },
      });
    });
  }

  it("not UTF-8", async () => {
    script.control = () => Response.json({ success: true, content: btoa("caf\xe9") });
    const got = await reply(await ask(read()));
    expect(got).toMatchObject({
      status: 500,
      body: { error: expect.stringMatching(/not UTF-8 text: read it in base64/) },
    });
  });
});

describe("a sandbox without Python", () => {
  it("is unhealthy", async () => {
    script.control = () =>
      Response.json({ success: false, stdout: "", stderr: "bash: python3: not found\n", exitCode: 127 });
    const got = await reply(await ask(health()));
    expect(got).toMatchObject({
      status: 500,
      body: { status: "unhealthy", error: expect.stringMatching(/127.*not found.*Dockerfile/) },
    });
  });
});

describe("the log", () => {
  it("has one line for a failure, and nothing that a client sent but the sandbox's id", async () => {
    const lines: unknown[][] = [];
    for (const level of ["debug", "log", "info", "warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((...line) => void lines.push(line));
    }
    const id = fresh();
    fail("COMMAND_EXECUTION_ERROR", "Failed to execute command 'echo a-secret'");
    await ask(exec(id));
    expect(lines.flat()).toContainEqual({
      event: "request.failed",
      route: "POST /sandbox/exec",
      status: 500,
      sandbox: id,
      code: "COMMAND_EXECUTION_ERROR",
    });
    fail("FILESYSTEM_ERROR", "Failed to write file '/tmp/a-secret'");
    await ask(write(id));
    await ask(read(id));
    fail("FILE_NOT_FOUND", "File not found: /tmp/a-secret", 404);
    await ask(read(id));
    reset();
    await ask(exec(id));
    await ask(post("/sandbox/exec", { sandbox_id: "a-secret/", command: "a-secret" }));
    const failed = lines.flat().filter((line) => (line as { event?: string }).event === "request.failed");
    expect(failed).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toMatch(/a-secret|test-token/);
  });
});
