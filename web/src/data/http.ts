// Refusal is why there is no answer, in the words of whoever was asked where it had some.
export class Refusal extends Error {
  readonly status: number; // 0: nobody answered
  readonly hint: string;

  constructor(status: number, message: string, hint: string) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

type Body = { message?: unknown; hint?: unknown };

// Told is an answer, and the tables of the history that it was read from; none: anything may change it.
export type Told<T> = { data: T; tables: string[] };

// request is the data of an answer.
export async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await ask<T>(path, init)).data;
}

// ask asks the server that this page came from, and nobody else.
export async function ask<T>(path: string, init: RequestInit = {}): Promise<Told<T>> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (e) {
    if (init.signal?.aborted) throw e;
    throw new Refusal(0, "The server does not answer.", "Check that ballast-index runs; this page tries again by itself.");
  }
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(response.status, `Status ${response.status}, and no JSON.`, "Is something else on this address?");
  }
  if (!response.ok) {
    const { message, hint } = (body ?? {}) as Body;
    throw new Refusal(
      response.status,
      typeof message === "string" && message !== "" ? message : `Status ${response.status}.`,
      typeof hint === "string" ? hint : "",
    );
  }
  const tables = response.headers.get("Depends-On")?.split(", ") ?? [];
  return { data: body as T, tables };
}

// history is a path of the history's API.
export const history = (path: string): string => `/v1/${path}`;

// node is a path of the chain's own API, by way of the server.
export const node = (path: string): string => `/chain/${path}`;

// query writes parameters; those without a value are left out.
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") q.set(name, String(value));
  }
  const text = q.toString();
  return text === "" ? "" : `?${text}`;
}
