// Answers that are not a success. Each says what happened, why, and what to do next.

import { type Failure, fileProblem, findFailure } from "./failures";
import { type ErrorResponse, json } from "./wire";

interface Extras {
  /** What clients know the failure by. */
  code?: string;
  headers?: Record<string, string>;
  /** What the SDK or the platform failed with; a mistake of the request's has none. */
  cause?: unknown;
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly extras: Extras = {},
  ) {
    super(message);
  }

  static of({ status, error, retryAfter, code }: Failure, cause?: unknown): Refusal {
    return new Refusal(status, error, {
      cause,
      ...(retryAfter && { headers: { "Retry-After": String(retryAfter) } }),
      ...(code && { code }),
    });
  }

  /** The reply; shape is what the endpoint's clients look for beside `error`. */
  response(shape: Partial<ErrorResponse>): Response {
    const { code, headers } = this.extras;
    return json({ error: this.message, ...shape, ...(code && { code }) }, this.status, headers);
  }
}

/** What a failure of the SDK or the platform means for the user; op names what was tried: "read /tmp/x". */
export function explain(error: unknown, op: string): Refusal {
  if (error instanceof Refusal) return error;
  const code = codeOf(error);
  const text = words(error);
  const failure = findFailure(code, text);
  if (failure) return Refusal.of(failure, error);
  const problem = fileProblem(code);
  // A file's problem is told to whoever asked, and nobody else's.
  return problem ? new Refusal(500, `${op}: ${problem}`) : new Refusal(500, `${op}: ${brief(text)}`, { cause: error });
}

/** The SDK's code, which an error keeps on its way out of the Durable Object; "" for an error of the platform. */
export function codeOf(error: unknown): string {
  const code = (error as { errorResponse?: { code?: unknown } } | undefined)?.errorResponse?.code;
  return typeof code === "string" ? code : "";
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
