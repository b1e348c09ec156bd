// The Worker API's JSON, as every server of it speaks it: client/wire.go has the same in Go, and says more.

export interface ExecRequest {
  sandbox_id: string;
  command: string;
}

/** What a command did; a non-zero exit is a response like any other. */
export interface ExecResponse {
  stdout: string;
  stderr: string;
  exitCode: number;
  success: boolean;
}

export interface WriteRequest {
  sandbox_id: string;
  path: string;
  content: string;
}

export interface SuccessResponse {
  success: true;
}

export interface ReadResponse {
  content: string;
  success: true;
}

/** `timestamp` is in milliseconds since the epoch of Unix; `features` are what this server has beyond the first Workers. */
export interface Health {
  status: "ok";
  service: "rlm-sandbox";
  timestamp: number;
  features: string[];
  version: string;
}

export interface SandboxHealth {
  status: "healthy";
  python: string;
  exitCode: 0;
}

/** The body of every reply that is not a success; each endpoint adds what its clients look for. */
export interface ErrorResponse {
  error: string;
  code?: string;
  endpoints?: string[];
  status?: "unhealthy";
  content?: "";
  success?: false;
}

export const defaultSandboxID = "health-check";

export function json(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "X-Content-Type-Options": "nosniff", ...headers } });
}
