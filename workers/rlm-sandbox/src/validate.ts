// What a request must be before a container is touched: starting one costs money.

import { Refusal } from "./errors";
import type { ExecRequest, WriteRequest } from "./wire";

const MiB = 1 << 20;

/** A request's body: 32 MiB of content and the JSON around it. */
const maxBody = 34 * MiB;

/** What one call to a Durable Object carries, with some room for what is sent beside the text. */
const maxText = 32 * MiB - (64 << 10);

const idRule = "a sandbox_id is 1 to 63 characters of a-z A-Z 0-9 . _ - and neither starts nor ends with -";

/** The Sandbox SDK keeps these for itself, in capitals too. */
const reserved = new Set(["www", "api", "admin", "root", "system", "cloudflare", "workers"]);

export function validID(id: string | null): string {
  if (!id) throw new Refusal(400, `sandbox_id is missing: ${idRule}`);
  if (id.length > 63) throw new Refusal(400, `the sandbox_id is ${id.length} characters long: ${idRule}`);
  if (id.startsWith("-") || id.endsWith("-")) {
    throw new Refusal(400, `the sandbox_id ${JSON.stringify(id)} starts or ends with -: ${idRule}`);
  }
  const foreign = /[^a-zA-Z0-9._-]/u.exec(id);
  if (foreign) {
    throw new Refusal(400, `the sandbox_id ${JSON.stringify(id)} contains ${JSON.stringify(foreign[0])}: ${idRule}`);
  }
  if (reserved.has(id.toLowerCase())) {
    const names = [...reserved].join(", ");
    throw new Refusal(400, `the sandbox_id ${JSON.stringify(id)} is reserved by Cloudflare (${names}): choose another`);
  }
  return id;
}

export function required(field: string, value: string | null): string {
  if (!value) throw new Refusal(400, `${field} is missing or empty`);
  if (value.includes("\0")) throw new Refusal(400, `${field} holds a NUL character, which no ${field} can`);
  return value;
}

export function validPort(text: string | null): number {
  const port = /^[0-9]{1,5}$/.test(text ?? "") ? Number(text) : 0;
  if (port < 1024 || port > 65535 || port === 3000) {
    throw new Refusal(
      400,
      `the port ${JSON.stringify(text ?? "")} is not one that a sandbox may serve on: 1024 to 65535 except 3000`,
    );
  }
  return port;
}

export async function execRequest(request: Request): Promise<ExecRequest> {
  const body = await readBody(request);
  const sandbox_id = validID(stringField(body, "sandbox_id"));
  const command = required("command", stringField(body, "command"));
  return { sandbox_id, command: fits("command", command) };
}

export async function writeRequest(request: Request): Promise<WriteRequest> {
  const body = await readBody(request);
  const sandbox_id = validID(stringField(body, "sandbox_id"));
  const path = required("path", stringField(body, "path"));
  const content = stringField(body, "content");
  if (content === null) {
    throw new Refusal(400, "content is missing: send it as a string (an empty one makes an empty file)");
  }
  return { sandbox_id, path, content: fits("content", content) };
}

/** Gives a field that is a string, null for one that is missing or null, and refuses any other. */
function stringField(body: Record<string, unknown>, name: string): string | null {
  const value = body[name] ?? null;
  if (value !== null && typeof value !== "string") {
    throw new Refusal(400, `the request is not the JSON that this endpoint takes: ${name} must be a string`);
  }
  return value;
}

/** Text of one call to a sandbox: V8 hands on Latin-1 as one byte a character, and any other text as two. */
function fits(field: string, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Latin-1 begins at NUL
  const wide = /[^\x00-\xff]/.test(text);
  if (text.length * (wide ? 2 : 1) <= maxText) return text;
  const size = wide ? "16 million characters, as not all of it is Latin-1" : "32 MiB";
  throw new Refusal(
    413,
    `the ${field} is larger than what one call to a sandbox can carry (${size}): send it in parts`,
  );
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const bytes = await readAll(request);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(400, "the request is not UTF-8: send bytes that are not text in base64");
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(400, "the request is not the JSON that this endpoint takes: it cannot be parsed");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Refusal(400, "the request is not the JSON that this endpoint takes: it is not an object");
  }
  return body as Record<string, unknown>;
}

/** Reads no more than is allowed, whatever the request says of its length. */
async function readAll(request: Request): Promise<Uint8Array> {
  const tooLarge = new Refusal(413, `the request is larger than ${maxBody / MiB} MiB: send it in parts`);
  if (Number(request.headers.get("Content-Length")) > maxBody) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBody) throw tooLarge;
    chunks.push(chunk);
  }
  if (chunks.length === 1 && chunks[0]) return chunks[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
