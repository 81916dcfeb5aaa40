import { DomainError } from '@vitrine/kernel';
import { patientSink, type EventSink, type SinkAnswer } from './event-sink';

const accepted: SinkAnswer = { status: 'ACCEPTED', code: null };
const queueless: SinkAnswer = { status: 'REJECTED', code: 'QUEUE_UNAVAILABLE' };

/** A sink that plays what is scripted, on a clock that only waiting moves. */
function setUp(script: readonly (readonly SinkAnswer[] | DomainError)[]) {
  const calls: (readonly string[])[] = [];
  const waits: number[] = [];
  let now = 0;
  const sink: EventSink = {
    async send(_call, events) {
      const next = script[Math.min(calls.length, script.length - 1)] ?? [];
      calls.push(events);
      if (next instanceof DomainError) throw next;
      return next;
    },
  };
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    now += ms;
  };
  return { calls, waits, patient: patientSink(sink, { wait, now: () => now, patienceMs: 10_000 }) };
}

describe('sending with patience', () => {
  it('sends only those again that the queue could not take', async () => {
    const refused: SinkAnswer = { status: 'REJECTED', code: 'CLOCK_SKEW' };
    const { patient, calls } = setUp([[accepted, queueless, refused, queueless], [queueless, accepted], [accepted]]);
    expect(await patient.send('call', ['a', 'b', 'c', 'd'])).toEqual([accepted, accepted, refused, accepted]);
    expect(calls).toEqual([['a', 'b', 'c', 'd'], ['b', 'd'], ['b']]);
  });

  it('waits as long as a limited rate asks for, and longer each time the gateway is away', async () => {
    const limited = new DomainError('RATE_LIMITED', undefined, { details: { retryAfterMs: 700 } });
    const away = new DomainError('DEPENDENCY_UNAVAILABLE');
    const { patient, waits } = setUp([limited, away, away, [accepted]]);
    expect(await patient.send('call', ['a'])).toEqual([accepted]);
    expect(waits).toEqual([700, 400, 800]);
  });

  it('gives up after its time, and at once where waiting cannot help', async () => {
    const away = setUp([new DomainError('DEPENDENCY_UNAVAILABLE')]);
    await expect(away.patient.send('call', ['a'])).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect(away.waits.length).toBeGreaterThan(3);
    const barred = setUp([new DomainError('UNAUTHENTICATED')]);
    await expect(barred.patient.send('call', ['a'])).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(barred.waits).toEqual([]);
  });
});
