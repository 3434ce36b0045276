import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pairwiseSubjects } from './pairwise-subjects.js';

const SECRET = 'a-secret-of-the-application';
const mail = pairwiseSubjects(SECRET, 'mail');

describe('pairwiseSubjects', () => {
  it('makes the sub by HMAC-SHA-256 of application and user', () => {
    const sub = createHmac('sha256', SECRET).update('["user","mail","u-31"]').digest('base64url');

    expect(mail.sub('u-31')).toBe(sub);
    expect(mail.subject({ user: { id: 'u-31' } })).toEqual({ user: { id: sub } });
  });

  it.each([
    ['another user', mail.sub('u-32')],
    ['another application of the same secret', pairwiseSubjects(SECRET, 'wiki').sub('u-31')],
    ['the same application with another secret', pairwiseSubjects('another-secret', 'mail').sub('u-31')],
    ['a device of the same id', mail.subject({ device: { id: 'u-31' } })?.device?.id],
    ['a txn that reads the same', mail.txn('u-31')],
    ['an application and a user that read the same together', pairwiseSubjects(SECRET, 'mail","u').sub('31')],
  ])('makes another one for %s', (_, other) => {
    expect(other).toMatch(/^[\w-]{43}$/);
    expect(other).not.toBe(mail.sub('u-31'));
  });

  it('leaves nothing of a user but the derived id', () => {
    const subject = mail.subject({
      user: {
        id: 'u-31',
        email: 'ana@acme.test',
        phoneNumber: '+15550100',
        account: 'acct:ana@acme.test',
        did: 'did:example:ana',
        uri: 'https://acme.test/31',
        groups: ['staff'],
      },
    });

    expect(subject).toEqual({ user: { id: mail.sub('u-31') } });
  });

  it('names a device anew, and leaves the others as the application needs them', () => {
    const others = {
      session: { id: 's-77' },
      application: { id: 'a-1' },
      tenant: { id: 't-1' },
      orgUnit: { id: 'o-1' },
      group: { id: 'g-1' },
    };

    expect(mail.subject({ ...others, device: { id: 'd-9' } })).toEqual({
      ...others,
      device: { id: expect.stringMatching(/^[\w-]{43}$/) as string },
    });
  });

  it.each([
    ['a subId', { subId: { format: 'iss_sub', iss: 'https://idp.test', sub: 'u-31' } }],
    ['a user without an id', { user: { email: 'ana@acme.test' }, session: { id: 's-77' } }],
  ])('has none for %s', (_, subject) => {
    expect(mail.subject(subject)).toBeUndefined();
  });
});
