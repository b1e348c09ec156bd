// The endpoints. Each checks all of its request before it names a sandbox.

import { version } from "../package.json";
import { explain, Refusal } from "./errors";
import { connect, destroy, type Env, exec, open, python, read, write } from "./sandbox";
import { execRequest, required, validID, validPort, writeRequest } from "./validate";
import {
  defaultSandboxID,
  type ErrorResponse,
  type ExecResponse,
  type Health,
  json,
  type ReadResponse,
  type SandboxHealth,
  type SuccessResponse,
} from "./wire";

/** One request, on its way. */
export interface Call {
  request: Request;
  query: URLSearchParams;
  env: Env;
  /** The sandbox that it is about, once that is known to be a valid id: for the log. */
  sandbox?: string;
}

export interface Route {
  serve(call: Call): Promise<Response> | Response;
  /** What the endpoint's clients look for in an error, beside `error`. */
  shape: Partial<ErrorResponse>;
}

export const routes: Record<string, Route> = {
  "GET /": { serve: health, shape: {} },
  "GET /health": { serve: health, shape: {} },
  "POST /sandbox/exec": { serve: serveExec, shape: {} },
  "POST /sandbox/write": { serve: serveWrite, shape: { success: false } },
  "GET /sandbox/read": { serve: serveRead, shape: { content: "", success: false } },
  "GET /sandbox/health": { serve: sandboxHealth, shape: { status: "unhealthy" } },
  "GET /sandbox/connect": { serve: serveConnect, shape: {} },
  "GET /sandbox/list": { serve: list, shape: {} },
  "DELETE /sandbox": { serve: serveDestroy, shape: { success: false } },
};

const endpoints = Object.keys(routes).filter((name) => !["GET /", "GET /sandbox/list"].includes(name));

export function notFound(error = "Not found"): Response {
  return json({ error, endpoints }, 404);
}

function health(): Response {
  const body: Health = {
    status: "ok",
    service: "rlm-sandbox",
    timestamp: Date.now(),
    features: ["connect", "destroy"],
    version,
  };
  return json(body);
}

async function serveExec(call: Call): Promise<Response> {
  const { sandbox_id, command } = await execRequest(call.request);
  return json((await using(call, sandbox_id, "run the command", (s) => exec(s, command))) satisfies ExecResponse);
}

async function serveWrite(call: Call): Promise<Response> {
  const { sandbox_id, path, content } = await writeRequest(call.request);
  await using(call, sandbox_id, `write ${path}`, (s) => write(s, path, content));
  return json({ success: true } satisfies SuccessResponse);
}

async function serveRead(call: Call): Promise<Response> {
  const id = validID(call.query.get("sandbox_id"));
  const path = required("path", call.query.get("path"));
  const content = await using(call, id, `read ${path}`, (s) => read(s, path));
  return json({ content, success: true } satisfies ReadResponse);
}

async function sandboxHealth(call: Call): Promise<Response> {
  const id = validID(call.query.get("sandbox_id") || defaultSandboxID);
  const found = await using(call, id, "ask for the sandbox's Python", python);
  return json({ status: "healthy", python: found, exitCode: 0 } satisfies SandboxHealth);
}

/** Checks for the upgrade before anything else: a plain request would reach the container's control server. */
async function serveConnect(call: Call): Promise<Response> {
  if (call.request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    const message = "this endpoint speaks WebSocket only: connect with an Upgrade: websocket header";
    throw new Refusal(426, message, { headers: { Upgrade: "websocket" } });
  }
  const id = validID(call.query.get("sandbox_id"));
  const port = validPort(call.query.get("port"));
  return await using(call, id, `connect to port ${port}`, (s) => connect(s, call.request, port));
}

/** Clients read a 404 with endpoints as the lack of a feature. */
function list(): Response {
  return notFound(
    "this server cannot list sandboxes: Cloudflare gives a Worker no list of them (its dashboard has one, and `npx wrangler containers instances`)",
  );
}

async function serveDestroy(call: Call): Promise<Response> {
  const id = validID(call.query.get("sandbox_id"));
  await using(call, id, "destroy the sandbox", destroy);
  return json({ success: true } satisfies SuccessResponse);
}

/** Does something with a sandbox, whose failures it explains. */
async function using<T>(
  call: Call,
  id: string,
  op: string,
  act: (s: ReturnType<typeof open>) => Promise<T>,
): Promise<T> {
  call.sandbox = id;
  try {
    return await act(open(call.env, id));
  } catch (error) {
    throw explain(error, op);
  }
}
