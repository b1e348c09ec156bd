// What the endpoints do with a sandbox: the one file that speaks to the SDK.

import { getSandbox, type Sandbox } from "@cloudflare/sandbox";
import { codeOf, explain, Refusal } from "./errors";
import { noBinding } from "./failures";
import type { ExecResponse } from "./wire";

/** The Worker's bindings, as wrangler.jsonc and its secrets make them; any may be missing in a deployment that went wrong. */
export interface Env {
  Sandbox?: DurableObjectNamespace<Sandbox>;
  AUTH_TOKEN?: string;
  SLEEP_AFTER?: string;
}

/** A little under what Linux takes as one argument (MAX_ARG_STRLEN), in bytes. */
const maxArgument = (128 << 10) - 1;

/** How long an upgrade may take: what is to be joined runs already. */
const connectPatience = 15_000;

/**
 * Names a sandbox; its container starts at its first use.
 *
 * Without the default session every command has a shell of its own, so that none waits for a long one. Ids go
 * by their letters' case: normalizeId would give `A` and `a` one container.
 */
export function open(env: Env, id: string): Sandbox {
  if (!env.Sandbox) throw Refusal.of(noBinding);
  const sleepAfter = env.SLEEP_AFTER ?? "10m";
  // The SDK would store a bad one, and fail at every later start.
  if (!/^[1-9][0-9]*[smh]$/.test(sleepAfter)) {
    throw new Refusal(
      500,
      `SLEEP_AFTER is ${JSON.stringify(sleepAfter)}, which is no time: set it to something like 90s, 10m or 2h in wrangler.jsonc, and deploy again`,
    );
  }
  return getSandbox(env.Sandbox, id, { enableDefaultSession: false, normalizeId: false, sleepAfter });
}

export async function exec(sandbox: Sandbox, command: string): Promise<ExecResponse> {
  const { stdout, stderr, exitCode, success } = await sandbox.exec(await argument(sandbox, command));
  return { stdout, stderr, exitCode, success };
}

/** Makes a command of any size one that fits an argument: a large one is read from a file, which it removes first. */
async function argument(sandbox: Sandbox, command: string): Promise<string> {
  if (new TextEncoder().encode(command).length <= maxArgument) return command;
  const file = `/tmp/.command-${crypto.randomUUID()}`;
  await sandbox.writeFile(file, `rm -f ${file}\n${command}`);
  return `. ${file}`;
}

export async function write(sandbox: Sandbox, path: string, content: string): Promise<void> {
  const file = absolute(path);
  try {
    await sandbox.writeFile(file, content);
  } catch (error) {
    // Mostly its folders are there, and one call is enough. Where it is not, the SDK does not say which failure that is.
    if (codeOf(error) === "" || explain(error, "").status !== 500) throw error;
    await sandbox.mkdir(file.slice(0, file.lastIndexOf("/")) || "/", { recursive: true });
    await sandbox.writeFile(file, content);
  }
}

/** Reads bytes, and decodes them here: the container would replace what is not UTF-8, and drop a byte order mark. */
export async function read(sandbox: Sandbox, path: string): Promise<string> {
  const { content } = await sandbox.readFile(absolute(path), { encoding: "base64" });
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(content, "base64"));
  } catch {
    throw new Refusal(500, `read ${path}: it is not UTF-8 text: read it in base64, by the command base64`);
  }
}

/** Asks which Python the sandbox has. */
export async function python(sandbox: Sandbox): Promise<string> {
  const { stdout, stderr, exitCode } = await sandbox.exec("python3 --version");
  if (exitCode !== 0) {
    throw new Refusal(
      500,
      `the sandbox's Python does not run: python3 --version exited with ${exitCode}: ${stderr.trim()}: install python3 in the Dockerfile, and deploy again`,
    );
  }
  return stdout.split("\n", 1)[0] ?? "";
}

/** Ends the sandbox: processes, variables, files. One that is not there is no error. */
export async function destroy(sandbox: Sandbox): Promise<void> {
  await sandbox.destroy();
}

/** Joins the request's WebSocket to the one that a program of the sandbox serves. */
export async function connect(sandbox: Sandbox, request: Request, port: number): Promise<Response> {
  const nobody = (why: string) =>
    new Refusal(502, `no WebSocket at port ${port} in the sandbox: ${why}: start its server first`);
  // The SDK would start a container that sleeps, and wait for the port, where nothing can listen yet.
  const { status } = await sandbox.getState();
  if (status !== "healthy") throw nobody(`its container does not run (it is ${status})`);
  const response = await soon(sandbox.wsConnect(upgrade(request, port), port));
  if (response.status === 101) return response;
  const text = await soon(beginning(response));
  if (/port not found/i.test(text)) throw nobody("local development reaches only ports that the Dockerfile EXPOSEs");
  if (/not listening|connection refused/i.test(text)) throw nobody("nothing listens there");
  const refused = explain(new Error(text), "");
  if (refused.status !== 500) throw refused;
  throw nobody(`it answered ${response.status} and not with a WebSocket`);
}

/** Only what makes the upgrade goes on into the sandbox: above all not the token. */
function upgrade(request: Request, port: number): Request {
  const headers = new Headers();
  for (const [name, value] of request.headers) {
    if (/^(upgrade|connection|sec-websocket-.*)$/.test(name)) headers.set(name, value);
  }
  const { pathname, search } = new URL(request.url);
  return new Request(`http://127.0.0.1:${port}${pathname}${search}`, { headers });
}

/** What a reply begins with; its end is up to whoever serves in the sandbox. */
async function beginning(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= 1000) break;
  }
  return text;
}

async function soon<T>(answer: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = scheduler.wait(connectPatience, { signal: answered.signal }).then(() => {
    const message = `the sandbox did not answer within ${connectPatience / 1000} s: try again`;
    throw new Refusal(503, message, { headers: { "Retry-After": "3" } });
  });
  late.catch(() => {}); // when it is not waited for any more
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}

/** As a program in the sandbox means it; the SDK would go by its own server's folder. */
function absolute(path: string): string {
  return path.startsWith("/") ? path : `/workspace/${path}`;
}
