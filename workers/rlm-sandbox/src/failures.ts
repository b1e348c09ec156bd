// What the Sandbox SDK and Cloudflare's platform fail with, and what that means for the user: as data, with no code but a look-up.
// Clients know some failures by their words (client/reply.go): "binding not configured", "maximum number of running container
// instances", "no container instance", "container is starting".

export interface Failure {
  /** The SDK's codes, in capitals, and parts of the platform's messages, in lower case. */
  says: string[];
  status: number;
  error: string;
  /** Where a retry helps: after how many seconds. */
  retryAfter?: number;
  /** What clients know the failure by. */
  code?: string;
}

const configure =
  'give its wrangler configuration the "containers", "durable_objects" and "migrations" of workers/rlm-sandbox/wrangler.jsonc, and deploy again';

export const noBinding: Failure = {
  says: [],
  status: 500,
  error: `Sandbox binding not configured: this Worker was deployed without its Durable Object: ${configure}`,
};

/** Looked through in order. */
const failures: Failure[] = [
  {
    says: ["containers have not been enabled", "containers are not enabled", "containers not enabled"],
    status: 500,
    error: `Sandbox binding not configured: containers have not been enabled for its Durable Object: ${configure} (in \`npm run dev\`: start Docker, and leave dev.enable_containers on)`,
  },
  {
    says: ["only available for sqlite-backed durable objects"],
    status: 500,
    error: `Sandbox binding not configured: its Durable Object has no SQLite, which only "new_sqlite_classes" gives it: ${configure}, under another name where it was deployed without`,
  },
  {
    says: ["maximum number of running container instances"],
    status: 503,
    retryAfter: 10,
    error:
      'this Worker runs as many sandboxes as it may (maximum number of running container instances exceeded): destroy one by DELETE /sandbox?sandbox_id=…, wait until one sleeps, or raise "max_instances" in wrangler.jsonc and deploy again',
  },
  {
    says: ["no container instance", "CONTAINER_UNAVAILABLE"],
    status: 503,
    retryAfter: 10,
    error:
      'there is no container instance for this sandbox yet: after a first deploy, provisioning takes some minutes (`npx wrangler containers list` shows it); later it means that "max_instances" of wrangler.jsonc are awake: wait, and try again',
  },
  {
    says: ["too many containers per second"],
    status: 503,
    retryAfter: 5,
    error: "Cloudflare starts only so many containers in a second, and the sandbox is starting later: try again",
  },
  {
    says: ["ran out of memory"],
    status: 500,
    error:
      'the sandbox ran out of memory, and lost all that it held: use less, or take a larger "instance_type" in wrangler.jsonc and deploy again',
  },
  {
    says: ["no such image", "no application that matches", "no container application assigned"],
    status: 500,
    error:
      "the sandbox's image is not there: deploy again with Docker running (`npm run deploy`), and see that the image was pushed",
  },
  {
    says: ["permanent error", "did not call start", "too many subprocesses"],
    status: 500,
    error:
      "the sandbox's container cannot start, and trying again does not help: look at its logs in Cloudflare's dashboard (Containers), and see that the Dockerfile's base tag equals the version of @cloudflare/sandbox",
  },
  {
    says: [
      "container is starting",
      "container did not start",
      "container is not running",
      "container is not ready",
      "container not ready",
      "failed to verify port",
      "container exited",
      "container crashed",
      "INTERPRETER_NOT_READY",
    ],
    status: 503,
    retryAfter: 3,
    error: "the sandbox's container is starting: try again (a start takes 2 to 3 seconds, and sometimes many more)",
  },
  {
    says: ["SESSION_TERMINATED", "SESSION_DESTROYED"],
    status: 410,
    code: "SESSION_TERMINATED",
    error: "the sandbox's shell ended under this command: send it again, for a new shell",
  },
  {
    says: ["serialized rpc arguments or return values are limited"],
    status: 413,
    error:
      "it is larger than what one call to a sandbox can carry (32 MiB; 24 MiB of a file): redirect a command's output to a file, and read that in parts, by a command like head -c or split",
  },
  {
    says: ["durable object is overloaded"],
    status: 503,
    retryAfter: 2,
    error: "the sandbox is asked more at once than it can take: send fewer requests, and try again",
  },
  {
    says: [
      "network connection lost",
      "container suddenly disconnected",
      "reset because its code was updated",
      "this script has been upgraded",
      "caused object to be reset",
      "OPERATION_INTERRUPTED",
      "RPC_TRANSPORT_ERROR",
    ],
    status: 502,
    error:
      "the line to the sandbox was lost (its container stopped, or the Worker was deployed anew): what was asked for may have been done: look, and try again",
  },
];

/** What a file's failure is called in the sandbox, by the SDK's code. */
const fileProblems: Record<string, string> = {
  FILE_NOT_FOUND: "no such file (a directory is none: list it by the command ls)",
  IS_DIRECTORY: "it is a directory: list it by the command ls",
  NOT_DIRECTORY: "a part of its path is not a directory",
  PERMISSION_DENIED: "permission denied",
  READ_ONLY: "the file system is read-only",
  NAME_TOO_LONG: "its name is too long",
  NO_SPACE: 'the sandbox\'s disk is full: remove files, or take a larger "instance_type" in wrangler.jsonc',
  FILE_TOO_LARGE: "it is too large for one call: read it in parts, by a command like head -c or split",
};

/** Codes whose messages hold what the client sent: a path, a command. Only the code says what they are. */
const ofTheClient = /^(FILE|COMMAND|PROCESS|INVALID|VALIDATION|STREAM)_/;

export function findFailure(code: string, message: string): Failure | undefined {
  const text = ofTheClient.test(code) ? "" : message.toLowerCase();
  return failures.find(({ says }) => says.some((part) => part === code || text.includes(part)));
}

export function fileProblem(code: string): string | undefined {
  return Object.hasOwn(fileProblems, code) ? fileProblems[code] : undefined;
}
