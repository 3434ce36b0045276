export interface DemoSignal {
  readonly type: string;
  /** what happened, for the reader */
  readonly story: string;
  /** the members of the signal besides type and subject */
  readonly members: Readonly<Record<string, unknown>>;
}

export const PROVIDER = { slug: 'acme', name: 'Acme' };
export const APPLICATION = {
  slug: 'payroll',
  name: 'Payroll',
  audience: 'https://payroll.example',
  subjectFormat: 'email',
  verifyOnCreate: false, // the receiver asks for it itself
};

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type';
export const EVENTS = [`${CAEP}/session-revoked`, `${CAEP}/credential-change`, `${RISC}/account-disabled`];

export const SUBJECT = { user: { id: 'u-31', email: 'ana@acme.example' }, session: { id: 's-77' } };

export const EVERYDAY: readonly DemoSignal[] = [
  { type: 'logout', story: 'Ana signs out', members: {} },
  {
    type: 'session.revoked',
    story: 'an administrator ends her session',
    members: {
      initiatingEntity: 'admin',
      reasonAdmin: { en: 'Offboarding, ticket 4411' },
      reasonUser: { en: 'You were signed out.' },
    },
  },
  { type: 'password.changed', story: 'she changes her password', members: { initiatingEntity: 'user' } },
  {
    type: 'mfa.added',
    story: 'she adds a security key',
    members: {
      initiatingEntity: 'user',
      details: { credentialType: 'fido2-roaming', friendlyName: 'Blue key' },
    },
  },
  {
    type: 'mfa.removed',
    story: 'she removes her authenticator app',
    members: { initiatingEntity: 'user', details: { credentialType: 'app', friendlyName: 'Old phone' } },
  },
];

/** Refused by the receiver, and still to be sent when the transmitter is killed. */
export const REFUSED: DemoSignal = {
  type: 'session.revoked',
  story: 'a policy ends her other sessions',
  members: { initiatingEntity: 'policy', reasonAdmin: { en: 'Impossible travel' } },
};

/** Recorded at the last moment. */
export const LAST: DemoSignal = {
  type: 'account.disabled',
  story: 'her account is disabled',
  members: { details: { reason: 'hijacking' } },
};
