import { describe, expect, it } from 'vitest';
import { LEGACY_PUSH, POLL, PUSH } from './delivery-method.js';
import { parseDelivery } from './parse-delivery.js';
import { parseCreateStream } from './parse-stream-request.js';

const endpoint = 'https://rx.acme.test/caep/in?tenant=1';

describe('parseCreateStream', () => {
  it('takes an empty object', () => {
    expect(parseCreateStream({}, { legacy: false })).toEqual({});
  });

  it('takes every member, keeps requested events as they stand, and ignores the rest', () => {
    const body = {
      stream_id: 'mine',
      iss: 7,
      events_delivered: 'x',
      events_requested: ['urn:acme:unknown', 'urn:a', 'urn:a'],
      delivery: { method: PUSH, endpoint_url: endpoint, authorization_header: 'Bearer s3cret' },
      description: 'CRM',
      aud: ['https://rx.acme.test'],
      format: 'iss_sub',
    };

    expect(parseCreateStream(body, { legacy: false })).toEqual({
      eventsRequested: ['urn:acme:unknown', 'urn:a', 'urn:a'],
      delivery: { method: 'push', endpointUrl: endpoint, authorizationHeader: 'Bearer s3cret' },
      description: 'CRM',
      aud: ['https://rx.acme.test'],
    });
  });

  it('takes what older receivers send', () => {
    const body = { delivery: { method: LEGACY_PUSH, endpoint_url: endpoint }, aud: 'rx', format: 'email' };

    expect(parseCreateStream(body, { legacy: true })).toEqual({
      delivery: { method: 'push', usesLegacyUri: true, endpointUrl: endpoint },
      aud: 'rx',
      format: 'email',
    });
    expect(() => parseCreateStream(body, { legacy: false })).toThrow('delivery.method:');
  });

  it('ignores an audience that is none', () => {
    expect(parseCreateStream({ aud: [] }, { legacy: true })).toEqual({});
    expect(parseCreateStream({ aud: { a: 1 } }, { legacy: true })).toEqual({});
  });

  it('truncates a description beyond a thousand characters, but not within one', () => {
    const whole = 'x'.repeat(1000);

    expect(parseCreateStream({ description: whole }, { legacy: false }).description).toBe(whole);
    expect(parseCreateStream({ description: `${whole}y` }, { legacy: false }).description).toBe(whole);
    expect(parseCreateStream({ description: `${'x'.repeat(999)}😀` }, { legacy: false }).description).toBe(
      'x'.repeat(999),
    );
  });

  it.each([
    [null, 'the body must'],
    [[], 'the body must'],
    ['x', 'the body must'],
    [{ events_requested: 'urn:a' }, 'events_requested:'],
    [{ events_requested: ['urn:a', 7] }, 'events_requested[1]:'],
    [{ events_requested: null }, 'events_requested:'],
    [{ description: 7 }, 'description:'],
    [{ description: 'a\0' }, 'description:'],
    [{ delivery: 'push' }, 'delivery:'],
    [{ delivery: {} }, 'delivery.method:'],
    [{ delivery: { method: 'urn:acme:carrier-pigeon' } }, 'delivery.method:'],
    [{ delivery: { method: PUSH } }, 'delivery.endpoint_url:'],
  ])('names the member that is wrong in %j', (body, message) => {
    expect(() => parseCreateStream(body, { legacy: false })).toThrow(message);
  });
});

describe('parseDelivery', () => {
  it('does not take the endpoint of poll delivery from the receiver', () => {
    expect(parseDelivery({ method: POLL, endpoint_url: endpoint }, { legacy: false })).toEqual({
      method: 'poll',
    });
  });

  it.each([
    '/caep/in',
    'rx.acme.test',
    'https://user:secret@rx.acme.test/in',
    'https://user@rx.acme.test/in',
    'https://rx.acme.test/in#part',
    'https://rx.acme.test/in#',
    ' https://rx.acme.test/in',
    'https://rx.acme.test/a b',
    'https://rx.acme.test/a\nb',
    `https://rx.acme.test/${'a'.repeat(3000)}`,
    '',
    7,
  ])('refuses the endpoint %j', (url) => {
    const delivery = { method: PUSH, endpoint_url: url };

    expect(() => parseDelivery(delivery, { legacy: false })).toThrow('delivery.endpoint_url:');
  });

  it.each(['', ' Bearer x', 'Bearer x ', 'Bearer x\r\nX: y', 'Bearer é', 7, null, 'x'.repeat(9000)])(
    'refuses the authorization header %j without repeating it',
    (header) => {
      const delivery = { method: PUSH, endpoint_url: endpoint, authorization_header: header };

      expect(() => parseDelivery(delivery, { legacy: false })).toThrow(
        /^delivery.authorization_header: must be/,
      );
    },
  );

  it('takes an empty authorization header where it removes the one there is', () => {
    const delivery = { method: PUSH, endpoint_url: endpoint, authorization_header: '' };

    expect(parseDelivery(delivery, { legacy: false, headerRemovable: true })).toEqual({
      method: 'push',
      endpointUrl: endpoint,
      authorizationHeader: '',
    });
  });
});
