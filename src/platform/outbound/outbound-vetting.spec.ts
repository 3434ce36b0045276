import { describe, expect, it, onTestFinished } from 'vitest';
import { AddressPolicy } from './address-policy.js';
import { EndpointPolicy, type VettedHost } from './endpoint-policy.js';
import { OutboundHttp } from './outbound-http.js';
import { post, signalled, TestReceivers } from './test-receiver.fixture.js';

const receivers = new TestReceivers(onTestFinished);
const loop = [{ address: '127.0.0.1', family: 4 }];

describe('OutboundHttp: what it may call', () => {
  it('refuses an IP literal that is not allowed, without connecting', async () => {
    let connections = 0;
    const port = await receivers.tcp(() => (connections += 1));

    const answer = await post(receivers.strictClient(), `https://127.0.0.1:${port}/`);

    expect(answer).toMatchObject({ kind: 'network', code: 'blocked_address' });
    expect(connections).toBe(0);
  });

  it('refuses a name that resolves to loopback, by the real resolver', async () => {
    let connections = 0;
    const port = await receivers.tcp(() => (connections += 1));

    const answer = await post(receivers.strictClient(), `https://localhost:${port}/`);

    expect(answer).toMatchObject({ kind: 'network', code: 'blocked_address' });
    expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|::1/);
    expect(connections).toBe(0);
  });

  it('refuses a name one of whose addresses is not allowed', async () => {
    const resolveHost = () => Promise.resolve([{ address: '93.184.216.34', family: 4 }, ...loop]);

    const answer = await post(receivers.strictClient({}, { resolveHost }), 'https://receiver.test/');

    expect(answer).toMatchObject({ kind: 'network', code: 'blocked_address' });
  });

  it('dials the address that was vetted, and keeps the name as Host', async () => {
    const hosts: (string | undefined)[] = [];
    const asked: string[] = [];
    const port = await receivers.http((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(202).end();
    });
    // This name exists for nobody else: only a client that honours our lookup can reach the server.
    const resolveHost = (hostname: string) => {
      asked.push(hostname);
      return Promise.resolve(loop);
    };

    const answer = await post(
      receivers.loopbackClient({}, { resolveHost }),
      `http://receiver.invalid:${port}/`,
    );

    expect(answer).toMatchObject({ kind: 'response', status: 202 });
    expect(hosts).toEqual([`receiver.invalid:${port}`]);
    expect(asked).toEqual(['receiver.invalid']);
  });

  it('vets a name anew at each connect, so that rebinding gains nothing', async () => {
    let lookups = 0;
    const port = await receivers.http((_request, response) =>
      response.writeHead(202, { connection: 'close' }).end(),
    );
    const resolveHost = () =>
      Promise.resolve(lookups++ === 0 ? loop : [{ address: '169.254.169.254', family: 4 }]);
    const outbound = receivers.loopbackClient({}, { resolveHost });

    const first = await post(outbound, `http://receiver.test:${port}/`);
    const second = await post(outbound, `http://receiver.test:${port}/`);

    expect(first).toMatchObject({ status: 202 });
    expect(second).toMatchObject({ code: 'blocked_address' });
  });

  it('looks once more at the address that it was connected to', async () => {
    const { happened, happen } = signalled();
    let received = 0;
    const port = await receivers.tcp((socket) => {
      socket.on('data', () => (received += 1)).on('close', happen);
    });
    class LateVerdict extends EndpointPolicy {
      override vetHost(): Promise<VettedHost> {
        return Promise.resolve({ ok: true, addresses: [{ address: '127.0.0.1', family: 4 }] });
      }
    }
    const addresses = new AddressPolicy({ allowLoopback: false, allowedCidrs: [] });
    const outbound = new OutboundHttp(new LateVerdict(addresses, { allowHttp: true }));
    onTestFinished(() => outbound.close());

    const answer = await post(outbound, `http://receiver.test:${port}/`);

    expect(answer).toMatchObject({ code: 'blocked_address' });
    await happened;
    expect(received).toBe(0);
  });

  it('refuses http to anything but loopback', async () => {
    const resolveHost = () => Promise.resolve([{ address: '93.184.216.34', family: 4 }]);

    await expect(
      post(receivers.loopbackClient({}, { resolveHost }), 'http://receiver.test/'),
    ).resolves.toMatchObject({
      code: 'blocked_address',
    });
    await expect(post(receivers.strictClient(), 'http://localhost/')).resolves.toMatchObject({
      code: 'blocked_address',
    });
  });

  it('reports a name that does not resolve', async () => {
    const resolveHost = () => Promise.reject(new Error('ENOTFOUND'));

    await expect(
      post(receivers.strictClient({}, { resolveHost }), 'https://receiver.test/'),
    ).resolves.toMatchObject({
      code: 'dns_failure',
    });
  });

  it('does not follow redirects', async () => {
    const paths: (string | undefined)[] = [];
    const port = await receivers.http((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });

    const answer = await post(receivers.loopbackClient(), `http://127.0.0.1:${port}/push`);

    expect(answer).toMatchObject({ kind: 'response', status: 307 });
    expect(paths).toEqual(['/push']);
  });

  it.each(['127.0.0.1', 'receiver.test'])('connects to no port of the service at %s', async (host) => {
    let connections = 0;
    const port = await receivers.tcp(() => (connections += 1));
    const outbound = receivers.loopbackClient(
      {},
      { reservedPorts: [port], resolveHost: () => Promise.resolve(loop) },
    );

    const answer = await post(outbound, `https://${host}:${port}/`);

    expect(answer).toMatchObject({ kind: 'network', code: 'blocked_address' });
    expect(connections).toBe(0);
  });

  it.each(['Host', 'content-length', 'Transfer-Encoding', 'connection', 'Cookie', 'X-Forwarded-For'])(
    'does not let %s be set',
    async (name) => {
      await expect(
        receivers.loopbackClient().post({ url: 'http://127.0.0.1:1/', headers: { [name]: 'x' }, body: 'x' }),
      ).rejects.toThrow(TypeError);
    },
  );

  it('reports a header value that HTTP cannot carry, without showing it', async () => {
    const answer = await receivers.loopbackClient().post({
      url: 'http://127.0.0.1:1/',
      headers: { authorization: 'Bearer s3cret\r\nx: y' },
      body: 'x',
    });

    expect(answer).toMatchObject({ kind: 'network', code: 'network_error' });
    expect(JSON.stringify(answer)).not.toContain('s3cret');
  });
});
