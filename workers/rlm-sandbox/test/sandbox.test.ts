// What a request comes to in the container.

import { env, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import { ask, fresh, post, reply, request } from "./helpers";
import { reset, script } from "./standin/scripted";

beforeEach(reset);

const exec = (id: string, command = "true") => ask(post("/sandbox/exec", { sandbox_id: id, command }));

describe("exec", () => {
  it("has no session, so that nothing waits for a long command", async () => {
    await exec(fresh(), "sleep 1");
    expect(script.asked).toMatchObject([
      { path: "/api/execute", body: { command: "sleep 1", sessionId: "__DISABLE_SESSION__" } },
    ]);
  });

  it("gives what the contract has, and no more", async () => {
    script.control = () =>
      Response.json({ success: false, stdout: "o", stderr: "e", exitCode: 3, command: "x", duration: 1 });
    const got = await reply(await exec(fresh()));
    expect(got).toMatchObject({ status: 200, body: { stdout: "o", stderr: "e", exitCode: 3, success: false } });
    expect(Object.keys(got.body)).toHaveLength(4);
  });

  it("reads a command that is too large for an argument from a file", async () => {
    const command = `echo ${"é".repeat(70_000)}`;
    await exec(fresh(), command);
    const [file, run] = script.asked;
    expect(file?.path).toBe("/api/write");
    expect(run?.body["command"]).toBe(`. ${file?.body["path"]}`);
    expect(file?.body["content"]).toBe(`rm -f ${file?.body["path"]}\n${command}`);
  });
});

describe("write", () => {
  const write = (path: string, content = "x") => ask(post("/sandbox/write", { sandbox_id: fresh(), path, content }));

  it("is one call where the folder is there", async () => {
    await write("/tmp/a", "");
    expect(script.asked).toMatchObject([{ path: "/api/write", body: { path: "/tmp/a", content: "" } }]);
  });

  it("makes the folder where it is missing", async () => {
    let made = false;
    script.control = ({ path }) => {
      if (path === "/api/mkdir") made = true;
      if (made) return Response.json({ success: true });
      return Response.json(
        { code: "FILESYSTEM_ERROR", message: "no such directory", context: {}, httpStatus: 500 },
        { status: 500 },
      );
    };
    expect((await write("/workspace/a/b/c")).status).toBe(200);
    expect(script.asked.map(({ path, body }) => [path, body["path"]])).toEqual([
      ["/api/write", "/workspace/a/b/c"],
      ["/api/mkdir", "/workspace/a/b"],
      ["/api/write", "/workspace/a/b/c"],
    ]);
  });

  it("means a path as a program in the sandbox does", async () => {
    await write("a/b");
    expect(script.asked[0]?.body["path"]).toBe("/workspace/a/b");
  });

  it("takes as much as it says", async () => {
    expect((await write("/tmp/a", "x".repeat((32 << 20) - (64 << 10)))).status).toBe(200);
  });

  it("takes text beyond Latin-1 up to what one call carries", async () => {
    expect((await write("/tmp/a", "€".repeat(10 << 20))).status).toBe(200);
  });
});

describe("read", () => {
  it("gives the bytes' own text: a byte order mark, NUL, emoji", async () => {
    const text = "\ufeffa\r\n\0é😀";
    script.control = () =>
      Response.json({ success: true, content: btoa(String.fromCharCode(...new TextEncoder().encode(text))) });
    const got = await reply(await ask(request("GET", `/sandbox/read?sandbox_id=${fresh()}&path=b+c`)));
    expect(got.body).toEqual({ content: text, success: true });
    expect(script.asked[0]?.body).toMatchObject({ path: "/workspace/b c", encoding: "base64" });
  });
});

describe("health", () => {
  it("of a sandbox is of health-check when none is named", async () => {
    script.control = () => Response.json({ success: true, stdout: "Python 3.10.12\n", stderr: "", exitCode: 0 });
    const got = await reply(await ask(request("GET", "/sandbox/health")));
    expect(got).toMatchObject({ status: 200, body: { status: "healthy", python: "Python 3.10.12", exitCode: 0 } });
    const named = env.Sandbox.get(env.Sandbox.idFromName("health-check"));
    expect(await named.getState()).toMatchObject({ status: "healthy" });
  });

  it("of the Worker touches no sandbox, by HEAD neither", async () => {
    for (const method of ["GET", "HEAD"]) {
      for (const path of ["/", "/health"]) expect((await ask(request(method, path))).status).toBe(200);
    }
    expect(script.objects).toBe(0);
  });
});

describe("destroy", () => {
  it("ends the container, and is no error where there is none", async () => {
    const id = fresh();
    await exec(id);
    for (const ended of [1, 2]) {
      const got = await reply(await ask(request("DELETE", `/sandbox?sandbox_id=${id}`)));
      expect(got).toMatchObject({ status: 200, body: { success: true } });
      expect(script.ended).toBe(ended);
    }
    expect((await reply(await ask(request("DELETE", `/sandbox?sandbox_id=${fresh()}`)))).status).toBe(200);
    expect(script.starts).toBe(1);
  });
});

describe("a sandbox", () => {
  it("is another one in capitals", async () => {
    const id = fresh();
    await exec(id);
    await exec(id.toUpperCase());
    await exec(id);
    expect(script.starts).toBe(2);
  });

  it("sleeps after the time that is configured", async () => {
    const id = fresh();
    await ask(post("/sandbox/exec", { sandbox_id: id, command: "true" }), { SLEEP_AFTER: "90s" });
    const stub = env.Sandbox.get(env.Sandbox.idFromName(id));
    expect(await runInDurableObject(stub, (sandbox) => sandbox.sleepAfter)).toBe("90s");
  });
});
