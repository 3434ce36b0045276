import { describe, expect, it } from 'vitest';
import { CAEP, RISC } from '../events/event-uris.js';
import { legacySubject } from './legacy-subject.js';

const email = { format: 'email', email: 'ana@acme.test' };
const session = { format: 'opaque', id: 's-77' };

describe('legacySubject', () => {
  it('makes a simple subject the user of a CAEP event', () => {
    expect(legacySubject(email, CAEP.sessionRevoked)).toEqual({ user: email });
  });

  it('keeps a simple subject of a RISC event as it stands', () => {
    expect(legacySubject(email, RISC.accountDisabled)).toEqual(email);
  });

  it('takes the format from a complex subject', () => {
    const complex = { format: 'complex', user: email, session };

    expect(legacySubject(complex, CAEP.sessionRevoked)).toEqual({ user: email, session });
    expect(legacySubject(complex, RISC.accountDisabled)).toEqual({ user: email, session });
    expect(complex.format).toBe('complex');
  });
});
