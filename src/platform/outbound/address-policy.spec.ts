import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressPolicy } from './address-policy.js';

const strict = new AddressPolicy({ allowLoopback: false, allowedCidrs: [] });
const loopback = new AddressPolicy({ allowLoopback: true, allowedCidrs: [] });

const REFUSED = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254'],
  ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1'],
  ...['192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
  ...['239.255.255.255', '240.0.0.1', '255.255.255.255'],
  // ::/8, also the IPv4-compatible form
  ...['::', '::1', '::127.0.0.1', '::8.8.8.8', '::ffff:0:8.8.8.8', '0064:ff9b:1::8.8.8.8'],
  // IPv4-mapped in both notations
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254'],
  // NAT64 and 6to4 of a refused address
  ...['64:ff9b::10.0.0.1', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '2002:7f00:1::', '2002:a00:1::1'],
  // Teredo: 127.0.0.1 as the client (inverted), and 10.0.0.1 as the server
  ...['2001:0:808:808:0:0:80ff:fffe', '2001:0:a00:1:0:0:f7f7:f7f7'],
  ...['100::1', '5f00::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', '::1%lo', 'fec0::1'],
  ...['ff02::1', 'ff0e::1', '2001:db8::1', '3fff::1', '2001:2::1', '2001:10::1', '2001:20::1', '4000::1'],
  // not an IP address in the form that a resolver gives
  ...['', 'localhost', '127.1', '0x7f000001', '2130706433', '08.8.8.8', '8.8.8.8.', ' 8.8.8.8', '[::1]'],
];
const ALLOWED = [
  ...['8.8.8.8', '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.0.1'],
  ...['172.32.0.1', '192.0.1.1', '192.167.255.255', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
  ...['2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '2001:4860:4860::8888', '2400:cb00::1'],
  // those that hide a routable address
  ...['::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::1', '2001:0:808:808:0:0:f7f7:f7f7'],
];

describe('AddressPolicy', () => {
  it.each(REFUSED)('refuses %s', (address) => {
    expect(strict.isAllowed(address)).toBe(false);
  });

  it.each(ALLOWED)('allows %s', (address) => {
    expect(strict.isAllowed(address)).toBe(true);
  });

  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'allows %s with allowLoopback',
    (address) => {
      expect(loopback.isAllowed(address)).toBe(true);
      expect(loopback.isLoopback(address)).toBe(true);
    },
  );

  it.each(REFUSED.filter((address) => !strict.isLoopback(address)))(
    'refuses %s also with allowLoopback',
    (address) => {
      expect(loopback.isAllowed(address)).toBe(false);
    },
  );

  it('allows the operator networks and nothing beside them', () => {
    const policy = new AddressPolicy({
      allowLoopback: false,
      allowedCidrs: ['10.20.0.0/16', 'fd12:3456::/32'],
    });

    const verdicts = [
      '10.20.1.1',
      '::ffff:10.20.1.1',
      'fd12:3456::9',
      '10.21.0.1',
      'fd12:3457::1',
      '127.0.0.1',
    ];

    expect(verdicts.map((address) => policy.isAllowed(address))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it.each(['10.20.0.0', 'ten/8', '10.0.0.0/33', '::/129', ''])('names the wrong network "%s"', (cidr) => {
    expect(() => new AddressPolicy({ allowLoopback: false, allowedCidrs: ['10.0.0.0/8', cidr] })).toThrow(
      `"${cidr}" is not a network`,
    );
  });

  it.each(['0.0.0.0/0', '::/0'])('does not accept %s, which would allow everything', (cidr) => {
    expect(() => new AddressPolicy({ allowLoopback: false, allowedCidrs: [cidr] })).toThrow(
      'would allow every address',
    );
  });

  it('judges an IPv4 address and what hides it alike', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
        const [high, low] = [hex.slice(0, 2).join(''), hex.slice(2).join('')];

        const verdicts = [`::ffff:${address}`, `64:ff9b::${address}`, `2002:${high}:${low}::1`].map(
          (hidden) => strict.isAllowed(hidden),
        );

        expect(new Set(verdicts)).toEqual(new Set([strict.isAllowed(address)]));
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4Extended(), fc.domain()), (text) => {
        expect(typeof strict.isAllowed(text)).toBe('boolean');
      }),
    );
  });

  it.each([
    ['8.8.8.8', true],
    ['2606:4700:4700::1111', true],
    ['10.20.1.1', false],
    ['127.0.0.1', false],
    ['::ffff:10.20.1.1', false],
    ['localhost', false],
  ])('knows whether %s is public, whatever is allowed', (address, isPublic) => {
    const policy = new AddressPolicy({ allowLoopback: true, allowedCidrs: ['10.20.0.0/16'] });

    expect(policy.isPublic(address)).toBe(isPublic);
  });
});
