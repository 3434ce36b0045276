import type { Metadata, StreamConfiguration } from './api-types.js';
import { type Answer, type Call, call, expectStatus } from './http.js';

export const PUSH = 'urn:ietf:rfc:8935';
export const POLL = 'urn:ietf:rfc:8936';

/** The receiver API as a receiver uses it: every URL comes from the transmitter's metadata. */
export class ReceiverClient {
  private constructor(
    readonly metadata: Metadata,
    readonly token: string,
  ) {}

  static async discover(configurationUrl: string, token: string): Promise<ReceiverClient> {
    const answer = expectStatus(await call(configurationUrl), 200);
    return new ReceiverClient(answer.json<Metadata>(), token);
  }

  createStream(body: unknown, options: Call = {}): Promise<Answer> {
    return call(this.metadata.configuration_endpoint, { token: this.token, body, ...options });
  }

  async createdStream(body: unknown): Promise<StreamConfiguration> {
    return expectStatus(await this.createStream(body), 201).json<StreamConfiguration>();
  }

  readStreams(options: Call = {}): Promise<Answer> {
    return call(this.metadata.configuration_endpoint, { token: this.token, ...options });
  }

  readStream(id: string, options: Call = {}): Promise<Answer> {
    return call(withStream(this.metadata.configuration_endpoint, id), { token: this.token, ...options });
  }

  deleteStream(id: string, options: Call = {}): Promise<Answer> {
    return this.readStream(id, { method: 'DELETE', ...options });
  }

  readStatus(id: string, options: Call = {}): Promise<Answer> {
    return call(withStream(this.metadata.status_endpoint, id), { token: this.token, ...options });
  }

  patchStream(body: unknown, options: Call = {}): Promise<Answer> {
    return this.createStream(body, { method: 'PATCH', ...options });
  }

  replaceStream(body: unknown, options: Call = {}): Promise<Answer> {
    return this.createStream(body, { method: 'PUT', ...options });
  }

  setStatus(body: unknown, options: Call = {}): Promise<Answer> {
    return call(this.metadata.status_endpoint, { token: this.token, body, ...options });
  }

  addSubject(body: unknown, options: Call = {}): Promise<Answer> {
    return call(this.metadata.add_subject_endpoint, { token: this.token, body, ...options });
  }

  removeSubject(body: unknown, options: Call = {}): Promise<Answer> {
    return call(this.metadata.remove_subject_endpoint, { token: this.token, body, ...options });
  }

  /** RFC 8936; the URL is the stream's own. */
  poll(stream: StreamConfiguration, body: unknown = {}, options: Call = {}): Promise<Answer> {
    return call(stream.delivery.endpoint_url, { token: this.token, body, ...options });
  }

  verify(body: unknown, options: Call = {}): Promise<Answer> {
    return call(this.metadata.verification_endpoint, { token: this.token, body, ...options });
  }
}

function withStream(endpoint: string, id: string): string {
  return `${endpoint}?stream_id=${encodeURIComponent(id)}`;
}
