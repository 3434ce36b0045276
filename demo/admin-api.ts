import { DemoError } from './waiting.js';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The calls of an administrator and of an identity provider. Anything but success ends the demo. */
export class AdminApi {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
    private readonly ending: AbortSignal,
  ) {}

  post<Body>(path: string, body: object): Promise<Answer<Body>> {
    return this.call<Body>('POST', path, body);
  }

  async get<Body>(path: string): Promise<Body> {
    return (await this.call<Body>('GET', path)).body;
  }

  private async call<Body>(method: string, path: string, body?: object): Promise<Answer<Body>> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([this.ending, AbortSignal.timeout(10_000)]),
    });
    const text = await response.text();
    if (!response.ok) throw new DemoError(`${method} ${path} was answered with ${response.status} ${text}`);
    return { status: response.status, body: JSON.parse(text) as Body };
  }
}
