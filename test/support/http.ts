/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  json<Body>(): Body;
}

export interface Call {
  readonly method?: string;
  /** undefined: no Authorization header */
  readonly token?: string | undefined;
  /** sent as JSON, unless it is a string: then as it stands */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** gives the request up */
  readonly signal?: AbortSignal;
}

/** One request; redirects are not followed. */
export async function call(
  url: string,
  { method, token, body, headers = {}, signal }: Call = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    ...(signal && { signal }),
    headers: {
      // a string would be sent as text/plain
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: <Body>() => JSON.parse(text) as Body,
  };
}

/** The body of an answer that must have this status. */
export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status)
    throw new Error(`expected ${status}, but got ${answer.status}: ${answer.text.slice(0, 1000)}`);
  return answer;
}
