import { describe, expect, it } from 'vitest';
import { parseStreamStatus, STREAM_STATUSES } from './stream-status.js';

describe('parseStreamStatus', () => {
  it.each(STREAM_STATUSES)('takes %s', (status) => {
    expect(parseStreamStatus(status)).toBe(status);
  });

  it.each(['Enabled', '', undefined, null, ['enabled']])('refuses %j', (value) => {
    expect(() => parseStreamStatus(value)).toThrow('status: must be one of enabled, paused, disabled');
  });
});
