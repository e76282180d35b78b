import { monthOf, monthOfPartition } from './event-month.js';

describe('the month of an event', () => {
  it('is the month in UTC', () => {
    expect(monthOf(new Date('2026-02-28T23:59:59.999-01:00'))).toEqual({
      partition: 'security_events_2026_03',
      from: new Date('2026-03-01T00:00:00Z'),
      to: new Date('2026-04-01T00:00:00Z'),
    });
  });

  it('continues in the next year', () => {
    expect(monthOf(new Date('2026-11-24T12:00:00Z'), 2).partition).toBe('security_events_2027_01');
  });

  it('is read from the name of its partition, and other tables have no month', () => {
    const month = monthOf(new Date('2026-12-31T12:00:00Z'));
    expect(monthOfPartition(month.partition)).toEqual(month);
    expect(monthOfPartition('security_events_default')).toBeUndefined();
  });
});
