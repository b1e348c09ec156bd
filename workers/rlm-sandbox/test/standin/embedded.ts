// A Worker whose containers are sandboxes of the embedded server (`sandrepl serve`): each port of a container is one of a
// sandbox, and the control server at port 3000 is told in the Worker API. It is for tests that come from outside of workerd.
//
// The first parts of a URL's path say whose sandboxes are meant: /PORT/TOKEN/sandbox/exec is for the server on that port of
// loopback, asked through a Worker whose AUTH_TOKEN is TOKEN ("-" for none). So one process serves every test.

import worker from "../../src/index";
import { Sandbox as Real } from "../../src/object";
import type { Env } from "../../src/sandbox";
import { Container, equip, notListening } from "./container";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const url = new URL(request.url);
    const [, upstream = "", token, ...rest] = url.pathname.split("/");
    url.pathname = rest.join("/");
    const scoped: Env = { ...env, Sandbox: namespaceOf(upstream, env.Sandbox as Namespace) };
    if (token && token !== "-") scoped.AUTH_TOKEN = token;
    return worker.fetch(new Request(url, request), scoped);
  },
};

type Namespace = NonNullable<Env["Sandbox"]>;

/** The SDK remembers what it told to the sandboxes of a namespace. */
const namespaces = new Map<string, Namespace>();

/** The sandboxes of one embedded server. */
function namespaceOf(upstream: string, all: Namespace): Namespace {
  const known = namespaces.get(upstream);
  if (known) return known;
  const own = {
    idFromName: (name: string) => all.idFromName(`${upstream}/${name}`),
    get: (id: DurableObjectId) => all.get(id),
  } as Namespace;
  namespaces.set(upstream, own);
  return own;
}

export class Sandbox extends Real {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    const [upstream = "", id = ""] = (ctx.id.name ?? "").split("/");
    const box = new Box(`http://127.0.0.1:${upstream}`, id);
    super(equip(ctx, new Container(box.serve, box.destroy)), env);
  }
}

interface Result {
  stdout: string;
  stderr: string;
  exitCode: number;
  success: boolean;
}

/** One sandbox of the embedded server, as a container. */
class Box {
  constructor(
    private readonly server: string,
    private readonly id: string,
  ) {}

  readonly serve = async (port: number, request: Request): Promise<Response> => {
    if (port !== 3000) return this.#join(port, request);
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith("/api/")) return new Response("ok"); // the runtime knocks to see whether it is up
    const body = request.method === "POST" ? ((await request.json()) as Record<string, string>) : {};
    switch (pathname) {
      case "/api/version":
        return Response.json({ success: true, version: "0.12.10" });
      case "/api/execute":
        return this.#execute(body["command"] ?? "");
      case "/api/read":
        return this.#read(body["path"] ?? "");
      case "/api/write":
        return this.#write(body["path"] ?? "", body["content"] ?? "");
      case "/api/mkdir":
        return this.#mkdir(body["path"] ?? "");
    }
    return failure(404, "UNKNOWN_ERROR", `the stand-in has no ${pathname}`);
  };

  readonly destroy = async (): Promise<void> => {
    await fetch(`${this.server}/sandbox?sandbox_id=${this.id}`, { method: "DELETE" });
  };

  async #execute(command: string): Promise<Response> {
    if (new TextEncoder().encode(command).length >= 128 << 10) {
      return failure(500, "COMMAND_EXECUTION_ERROR", `Failed to execute command '${command}': E2BIG: posix_spawn`);
    }
    const reply = await this.#post("/sandbox/exec", { command });
    if (!reply.ok) return failure(500, "COMMAND_EXECUTION_ERROR", await reply.text());
    return Response.json({ ...((await reply.json()) as Result), command, duration: 1, timestamp: "" });
  }

  async #read(path: string): Promise<Response> {
    const { stdout, exitCode, stderr } = await this.#run(`[ ! -f ${quote(path)} ] || base64 -w0 <${quote(path)}`);
    if (exitCode !== 0) return failure(500, "FILESYSTEM_ERROR", `Failed to read file '${path}': ${stderr}`);
    const { stdout: found } = await this.#run(`[ -f ${quote(path)} ] && echo yes`);
    if (found === "") return failure(404, "FILE_NOT_FOUND", `File not found: ${path}`);
    return Response.json({ success: true, path, content: stdout, encoding: "base64", timestamp: "" });
  }

  async #write(path: string, content: string): Promise<Response> {
    const { exitCode } = await this.#run(`[ -d "$(dirname ${quote(path)})" ]`);
    if (exitCode !== 0)
      return failure(500, "FILESYSTEM_ERROR", `Failed to write file '${path}': No such file or directory`);
    const reply = await this.#post("/sandbox/write", { path, content });
    if (!reply.ok) return failure(500, "FILESYSTEM_ERROR", `Failed to write file '${path}': ${await reply.text()}`);
    return Response.json({ success: true, path, timestamp: "" });
  }

  async #mkdir(path: string): Promise<Response> {
    const { exitCode, stderr } = await this.#run(`mkdir -p ${quote(path)}`);
    if (exitCode !== 0) return failure(500, "FILESYSTEM_ERROR", `Failed to create directory '${path}': ${stderr}`);
    return Response.json({ success: true, path, recursive: true, timestamp: "" });
  }

  async #join(port: number, request: Request): Promise<Response> {
    if (request.headers.get("Upgrade") === null) throw notListening(port);
    const url = `${this.server}/sandbox/connect?sandbox_id=${this.id}&port=${port}`;
    const reply = await fetch(url, { headers: request.headers });
    if (reply.status === 502) throw notListening(port);
    return reply;
  }

  async #run(command: string): Promise<Result> {
    return (await (await this.#post("/sandbox/exec", { command })).json()) as Result;
  }

  #post(path: string, body: object): Promise<Response> {
    return fetch(this.server + path, { method: "POST", body: JSON.stringify({ sandbox_id: this.id, ...body }) });
  }
}

/** An error as the SDK's control server says it. */
function failure(httpStatus: number, code: string, message: string): Response {
  return Response.json({ code, message, context: {}, httpStatus, timestamp: "" }, { status: httpStatus });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
