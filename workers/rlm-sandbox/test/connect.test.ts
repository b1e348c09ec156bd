// The upgrade, through the SDK's own Durable Object and its relay.

import { beforeEach, describe, expect, it } from "vitest";
import { ask, fresh, post, reply, request, token, upgrade } from "./helpers";
import { notListening } from "./standin/container";
import { reset, script } from "./standin/scripted";

beforeEach(reset);

/** A sandbox that is awake. */
async function awake(): Promise<string> {
  const id = fresh();
  expect((await ask(post("/sandbox/exec", { sandbox_id: id, command: "true" }))).status).toBe(200);
  return id;
}

/** Serves an echo, as a program in the sandbox would. */
function echo(): void {
  script.port = async () => {
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    server.accept();
    server.addEventListener("message", ({ data }) =>
      data === "close" ? server.close(4321, "as asked") : server.send(data),
    );
    return new Response(null, { status: 101, webSocket: client });
  };
}

async function joined(id: string): Promise<WebSocket> {
  const response = await ask(upgrade(`sandbox_id=${id}&port=4000`));
  expect(response.status).toBe(101);
  const socket = response.webSocket as WebSocket;
  socket.accept();
  return socket;
}

function next<K extends "message" | "close">(socket: WebSocket, kind: K): Promise<WebSocketEventMap[K]> {
  return new Promise((resolve) => socket.addEventListener(kind, resolve, { once: true }));
}

describe("a port that serves WebSocket", () => {
  it("is joined: text, bytes and the close code come through", async () => {
    echo();
    const socket = await joined(await awake());
    for (const message of ["é", new Uint8Array([0, 255]).buffer]) {
      const answer = next(socket, "message");
      socket.send(message);
      expect((await answer).data).toEqual(message);
    }
    const closed = next(socket, "close");
    socket.send("close");
    expect(await closed).toMatchObject({ code: 4321, reason: "as asked" });
  });

  it("keeps the order of text and bytes", async () => {
    echo();
    const socket = await joined(await awake());
    const sent = Array.from({ length: 40 }, (_, i) => (i % 2 ? `${i}` : new Uint8Array([i]).buffer));
    const got: unknown[] = [];
    const all = new Promise((resolve) => {
      socket.addEventListener("message", ({ data }) => got.push(data) === sent.length && resolve(got));
    });
    for (const message of sent) socket.send(message);
    expect(await all).toEqual(sent);
  });

  it("is asked for nothing but the upgrade: no token goes into the sandbox", async () => {
    echo();
    const id = await awake();
    const foreign = {
      Cookie: "a=b",
      "X-Sandbox-Name": "other",
      "cf-container-target-port": "3000",
      "Sec-WebSocket-Protocol": "x",
    };
    await ask(upgrade(`sandbox_id=${id}&port=4000`, foreign));
    const [{ port, request } = { port: 0, request: new Request("http://none") }] = script.joined;
    expect(port).toBe(4000);
    const names = [...request.headers.keys()].filter((name) => name !== "cf-container-target-port");
    expect(names.sort()).toEqual(["connection", "sec-websocket-protocol", "upgrade"]);
    expect(JSON.stringify([...request.headers])).not.toContain(token);
  });
});

describe("no line", () => {
  const refusal = async (id: string) => reply(await ask(upgrade(`sandbox_id=${id}&port=4000`)));

  it("a sandbox that sleeps is not started for it", async () => {
    const got = await refusal(fresh());
    expect(got).toMatchObject({
      status: 502,
      body: { error: expect.stringMatching(/port 4000.*does not run.*start its server/) },
    });
    expect(script.starts).toBe(0);
  });

  it("nothing listens there", async () => {
    const got = await refusal(await awake());
    expect(got).toMatchObject({ status: 502, body: { error: expect.stringMatching(/port 4000.*nothing listens/) } });
  });

  it("the server there speaks no WebSocket", async () => {
    script.port = async () => new Response("hello", { status: 200 });
    const got = await refusal(await awake());
    expect(got).toMatchObject({
      status: 502,
      body: { error: expect.stringMatching(/answered 200 and not with a WebSocket/) },
    });
  });

  it("the server there talks without end", async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 10)) });
    script.port = async () => new Response(endless, { status: 404 });
    expect(await refusal(await awake())).toMatchObject({
      status: 502,
      body: { error: expect.stringMatching(/answered 404/) },
    });
  });

  it("a port that local development does not reach", async () => {
    script.port = async () => {
      throw new Error(
        "connect(): Connection refused: container port not found. Make sure you exposed the port in your container definition.",
      );
    };
    expect(await refusal(await awake())).toMatchObject({
      status: 502,
      body: { error: expect.stringMatching(/Dockerfile EXPOSEs/) },
    });
  });

  it("the container was lost", async () => {
    script.port = async () => {
      throw new Error("Network connection lost.");
    };
    const got = await refusal(await awake());
    expect(got).toMatchObject({ status: 502, body: { error: expect.stringMatching(/line to the sandbox was lost/) } });
  });

  it("a plain request reaches no container", async () => {
    const id = await awake();
    const before = script.asked.length;
    const got = await reply(await ask(request("GET", `/sandbox/connect?sandbox_id=${id}&port=4000`)));
    expect(got).toMatchObject({ status: 426 });
    expect(got.headers.get("Upgrade")).toBe("websocket");
    expect(script.asked.length + script.joined.length).toBe(before);
    expect(notListening(1).message).toMatch(/not listening/); // what the stand-in throws is what the Worker looks for
  });
});
