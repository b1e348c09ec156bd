// What goes wrong, and what the user should do about it. Every sentence says what happened, why, and what to do next.

import { type ErrorResponse, json } from "./wire";

interface Extras {
  /** The SDK's word for the failure; clients know SESSION_TERMINATED. */
  code?: string;
  headers?: Record<string, string>;
}

/** An answer that is not a success. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly extras: Extras = {},
  ) {
    super(message);
  }

  /** The reply; shape is what the endpoint's clients look for beside `error`. */
  response(shape: Partial<ErrorResponse>): Response {
    const { code, headers } = this.extras;
    return json({ error: this.message, ...shape, ...(code && { code }) }, this.status, headers);
  }
}

/** Where a retry helps, and when. */
function later(seconds: number, message: string, code?: string): Refusal {
  return new Refusal(503, message, { headers: { "Retry-After": String(seconds) }, ...(code && { code }) });
}

const configure =
  'Give its wrangler configuration the "containers", "durable_objects" and "migrations" of workers/rlm-sandbox/wrangler.jsonc, and deploy again';

export const noBinding = () =>
  new Refusal(
    500,
    `Sandbox binding not configured: this Worker was deployed without its Durable Object. ${configure}.`,
  );

/** What the SDK and the platform say, in lower case, and what it means; looked through in order. */
const known: { says: string[]; means: (text: string) => Refusal }[] = [
  {
    says: ["containers have not been enabled", "containers are not enabled", "containers not enabled"],
    means: () =>
      new Refusal(
        500,
        `Sandbox binding not configured: containers have not been enabled for this Worker's Durable Object. ${configure}; in \`npm run dev\`, start Docker and leave dev.enable_containers on.`,
      ),
  },
  {
    says: ["maximum number of running container instances", "max_container_instances_exceeded"],
    means: () =>
      later(
        10,
        'this Worker runs as many sandboxes as it may (maximum number of running container instances exceeded): destroy one by DELETE /sandbox?sandbox_id=…, wait until one sleeps, or raise "max_instances" in wrangler.jsonc and deploy again',
      ),
  },
  {
    says: ["no container instance", "container_unavailable", "no_container_instance_available"],
    means: () =>
      later(
        10,
        'Cloudflare has no container instance for this sandbox yet: after a first deploy provisioning takes some minutes (`npx wrangler containers list` shows it), and later it means that "max_instances" of wrangler.jsonc are awake. Wait and try again',
      ),
  },
  {
    says: ["too many containers per second"],
    means: () =>
      later(
        5,
        "Cloudflare limits how many containers start in a second, and too many do: wait some seconds and try again",
      ),
  },
  {
    says: [
      "ran out of memory",
      "no such image",
      "no application that matches",
      "no container application assigned",
      "did not call start",
      "permanent error",
    ],
    means: (text) =>
      new Refusal(
        500,
        `the sandbox's container cannot start, and trying again does not help (${text}): look at its logs in Cloudflare's dashboard (Containers), and check that the Dockerfile's base tag equals the version of @cloudflare/sandbox`,
      ),
  },
  {
    says: [
      "container is starting",
      "container did not start",
      "container is not running",
      "not ready",
      "failed to verify port",
      "container exited",
      "container crashed",
      "interpreter_not_ready",
    ],
    means: () =>
      later(
        3,
        "the sandbox's container is starting: try again in some seconds (a first start takes 2 to 3, and sometimes many more)",
      ),
  },
  {
    says: ["session_terminated", "session_destroyed", "sessionterminated", "sessiondestroyed"],
    means: () =>
      new Refusal(410, "the sandbox's shell ended under this command: send it again, a new shell runs it", {
        code: "SESSION_TERMINATED",
      }),
  },
  {
    says: ["serialized rpc arguments or return values are limited"],
    means: () =>
      new Refusal(
        413,
        "the answer is larger than what one call to a sandbox can carry (32 MiB): redirect a command's output to a file, and read it in parts",
      ),
  },
  {
    says: ["overloaded"],
    means: () => later(2, "this sandbox has more requests than it can take: send fewer at once, and try again"),
  },
  {
    says: [
      "network connection lost",
      "suddenly disconnected",
      "operation_interrupted",
      "was interrupted while",
      "reset because its code was updated",
      "this script has been upgraded",
      "caused object to be reset",
      "rpc_transport_error",
    ],
    means: () =>
      new Refusal(
        502,
        "the line to the sandbox was lost (a deploy, or its container stopped): what was asked for may have been done; look, and try again",
      ),
  },
];

/** What a failure of the SDK or the platform means for the user; `op` names what was tried, "read /tmp/x". */
export function explain(error: unknown, op: string): Refusal {
  if (error instanceof Refusal) return error;
  const text = words(error);
  const lower = `${codeOf(error)} ${text}`.toLowerCase();
  for (const { says, means } of known) {
    if (says.some((part) => lower.includes(part))) return means(brief(text));
  }
  return new Refusal(500, `${op}: ${fileProblem(codeOf(error)) ?? brief(text)}`);
}

/** The SDK's words for files, said as the embedded server says them. */
function fileProblem(code: string): string | undefined {
  switch (code) {
    case "FILE_NOT_FOUND":
      return "no such file (a directory is none: list it by the command ls)";
    case "IS_DIRECTORY":
      return "it is a directory: list it by the command ls";
    case "NOT_DIRECTORY":
      return "a part of its path is not a directory";
    case "PERMISSION_DENIED":
      return "permission denied";
    case "READ_ONLY":
      return "the file system is read-only";
    case "NO_SPACE":
      return "the sandbox's disk is full: remove files, or take a larger instance_type";
    case "FILE_TOO_LARGE":
      return "it is too large for one call: read it in parts, by a command like head -c or split";
  }
  return undefined;
}

/** The SDK's code, which an error that came from the Durable Object still carries, if only in its name. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { code, errorResponse, name } = error as { code?: unknown; errorResponse?: { code?: unknown }; name?: unknown };
  for (const value of [code, errorResponse?.code]) if (typeof value === "string") return value;
  if (typeof name !== "string" || name === "Error") return "";
  // FileNotFoundError → FILE_NOT_FOUND
  return name
    .replace(/Error$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
    .toUpperCase();
}

/** The messages of an error and of what caused it. */
function words(error: unknown): string {
  const texts: string[] = [];
  for (let at: unknown = error; at != null && texts.length < 4; at = (at as { cause?: unknown }).cause) {
    const message = (at as { message?: unknown }).message;
    texts.push(typeof message === "string" ? message : String(at));
  }
  return texts.join(": ");
}

function brief(text: string): string {
  const line = text.replace(/\s+/g, " ").trim() || "it failed without a word";
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}
