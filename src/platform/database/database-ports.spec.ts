import { describe, expect, it } from 'vitest';
import { databasePorts } from './database-ports.js';

describe('databasePorts', () => {
  it.each([
    ['a URL', { url: 'postgres://u:p@db.acme.test:6543/ssf' }, [6543]],
    ['a URL without a port', { url: 'postgres://u:p@db.acme.test/ssf' }, [5432]],
    ['a host and a port', { host: 'db.acme.test', port: 5433 }, [5433]],
    ['nothing', {}, [5432]],
    ['a unix socket', { host: '/run/postgresql', port: 5432 }, []],
    [
      'replicas',
      {
        replication: {
          master: { host: 'a', port: 6001 },
          slaves: [{ host: 'b', port: 6002 }, { host: 'c' }],
        },
      },
      [6001, 6002, 5432],
    ],
  ])('finds the ports of %s', (_what, options, ports) => {
    expect(databasePorts({ type: 'postgres', ...options })).toEqual(ports);
  });
});
