import { describe, expect, it } from 'vitest';
import { AddressPolicy } from './address-policy.js';
import { EndpointPolicy, type ResolveHost } from './endpoint-policy.js';

const HOSTS: Record<string, string[]> = {
  'public.example': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
  'mixed.example': ['93.184.216.34', '10.1.2.3'],
  'internal.example': ['10.1.2.3'],
  'loop.example': ['127.0.0.1', '::1'],
  'nowhere.example': [],
};
const resolveHost: ResolveHost = (hostname) => {
  const addresses = HOSTS[hostname];
  if (addresses === undefined) return Promise.reject(new Error(`getaddrinfo ENOTFOUND ${hostname}`));
  return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
};

function policy(development: boolean, allowedCidrs: string[] = []): EndpointPolicy {
  const addresses = new AddressPolicy({ allowLoopback: development, allowedCidrs });
  return new EndpointPolicy(addresses, { allowHttp: development, resolveHost });
}

function containing(text: string): unknown {
  return expect.stringContaining(text);
}

describe('EndpointPolicy', () => {
  it.each([
    'https://public.example/push',
    'https://PUBLIC.example:8443/push?tenant=1',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
  ])('accepts %s', async (url) => {
    await expect(policy(false).check(url)).resolves.toEqual({ ok: true });
  });

  it.each([
    ['public.example/push', 'not an absolute URL'],
    ['https://', 'not an absolute URL'],
    ['https://[fe80::1%25eth0]/', 'not an absolute URL'],
    ['https://public.example:99999/', 'not an absolute URL'],
    ['http://public.example/', 'must start with https://'],
    ['ftp://public.example/', 'must start with https://'],
    ['file:///etc/passwd', 'must start with https://'],
    ['https://user@public.example/', 'user name or a password'],
    ['https://user:secret@public.example/', 'user name or a password'],
    ['https://public.example/#top', 'fragment'],
    ['https://public.example/#', 'fragment'],
    ['https://public.example:0/', 'port 0'],
    ['https://public.example./', 'end with a dot'],
    ['https://localhost./', 'end with a dot'],
    [' https://public.example/', 'white space or a backslash'],
    ['https://public.exam\nple/', 'white space or a backslash'],
    ['https:\\\\public.example/', 'white space or a backslash'],
    ['https://unknown.example/', 'could not be resolved'],
    ['https://nowhere.example/', 'has no address'],
    ['https://internal.example/', 'not allowed'],
    ['https://mixed.example/', 'not allowed'],
    ['https://loop.example/', 'not allowed'],
  ])('refuses %s because %s', async (url, reason) => {
    await expect(policy(false).check(url)).resolves.toEqual({
      ok: false,
      reason: containing(reason),
    });
  });

  it.each([
    ...[
      '127.0.0.1',
      '127.0.0.1.',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '017700000001',
      '0177.0.0.1',
    ],
    ...[
      '0',
      '0.0.0.0',
      '10.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::]',
      '[64:ff9b::7f00:1]',
    ],
    ...['[fd00::1]', '169.254.169.254', '①②⑦.0.0.1', '%31%32%37.0.0.1'],
  ])('refuses the IP literal %s', async (host) => {
    await expect(policy(false).check(`https://${host}/`)).resolves.toEqual({
      ok: false,
      reason: containing('not allowed'),
    });
  });

  it('never reveals what a name resolved to', async () => {
    const answers = await Promise.all(
      ['internal.example', 'mixed.example', 'loop.example'].map((host) =>
        policy(false).check(`https://${host}/`),
      ),
    );

    expect(JSON.stringify(answers)).not.toMatch(/\d+\.\d+\.\d+\.\d+|::1/);
  });

  it.each([
    'http://loop.example:3000/push',
    'http://127.0.0.1:3000/',
    'http://[::1]/',
    'https://loop.example/',
  ])('accepts %s in development', async (url) => {
    await expect(policy(true).check(url)).resolves.toEqual({ ok: true });
  });

  it.each(['http://public.example/', 'http://8.8.8.8/'])('refuses %s also in development', async (url) => {
    await expect(policy(true).check(url)).resolves.toEqual({
      ok: false,
      reason: containing('http is allowed only'),
    });
  });

  it.each(['https://internal.example/', 'https://169.254.169.254/'])(
    'refuses %s in development',
    async (url) => {
      await expect(policy(true).check(url)).resolves.toMatchObject({ ok: false });
    },
  );

  it('lets the operator allow a private receiver, over https only', async () => {
    const allowing = policy(true, ['10.0.0.0/8']);

    await expect(allowing.check('https://internal.example/')).resolves.toEqual({ ok: true });
    await expect(allowing.check('https://mixed.example/')).resolves.toEqual({ ok: true });
    await expect(allowing.check('http://internal.example/')).resolves.toMatchObject({ ok: false });
  });

  it('gives up on a resolver that does not answer', async () => {
    const addresses = new AddressPolicy({ allowLoopback: false, allowedCidrs: [] });
    const slow = new EndpointPolicy(addresses, {
      allowHttp: false,
      lookupTimeoutMs: 10,
      resolveHost: () => new Promise(() => {}),
    });

    await expect(slow.check('https://public.example/')).resolves.toEqual({
      ok: false,
      reason: containing('took too long'),
    });
  });

  it('resolves with the operating system by default', async () => {
    const addresses = new AddressPolicy({ allowLoopback: false, allowedCidrs: [] });

    const check = await new EndpointPolicy(addresses, { allowHttp: false }).check('https://localhost/');

    expect(check).toEqual({ ok: false, reason: containing('not allowed') });
  });

  it('lets ports of the service be called at public addresses only', async () => {
    const addresses = new AddressPolicy({ allowLoopback: true, allowedCidrs: ['10.0.0.0/8'] });
    const reserving = new EndpointPolicy(addresses, {
      allowHttp: true,
      resolveHost,
      reservedPorts: [5432, 443],
    });
    const refused = [
      'internal.example:5432',
      'internal.example',
      'mixed.example',
      '10.1.2.3:5432',
      '[::1]:5432',
    ];
    const accepted = ['public.example:5432', 'public.example', '8.8.8.8:5432', 'internal.example:5433'];

    const verdicts = await Promise.all(
      [...refused, ...accepted].map((host) => reserving.check(`https://${host}/`)),
    );

    expect(verdicts.slice(0, refused.length)).toEqual(
      refused.map(() => ({ ok: false, reason: containing('this port is not allowed') })),
    );
    expect(verdicts.slice(refused.length)).toEqual(accepted.map(() => ({ ok: true })));
    await expect(reserving.check('http://loop.example:5432/')).resolves.toMatchObject({ ok: false });
    await expect(reserving.check('http://loop.example:5433/')).resolves.toEqual({ ok: true });
  });
});
