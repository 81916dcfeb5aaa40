import { EventEmitter } from 'node:events';
import { startHeartbeat } from './heartbeat';

class FakeSocket extends EventEmitter {
  pings = 0;
  cut = 0;
  ping(): void {
    this.pings++;
  }
  terminate(): void {
    this.cut++;
  }
}

describe('the heartbeat of a socket', () => {
  const socket = () => new FakeSocket();
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('pings on and on while the peer answers', () => {
    const peer = socket();
    let beats = 0;
    startHeartbeat(peer, 100, () => beats++);
    for (let round = 0; round < 3; round++) {
      jest.advanceTimersByTime(100);
      peer.emit('pong');
    }
    expect([peer.pings, beats, peer.cut]).toEqual([3, 3, 0]);
  });

  it('cuts a peer that did not answer for a whole interval', () => {
    const peer = socket();
    startHeartbeat(peer, 100, () => undefined);
    jest.advanceTimersByTime(199);
    expect(peer.cut).toBe(0);
    jest.advanceTimersByTime(1);
    expect(peer.cut).toBe(1);
  });

  it('stops', () => {
    const peer = socket();
    startHeartbeat(peer, 100, () => undefined)();
    jest.advanceTimersByTime(1_000);
    expect([peer.pings, peer.cut, jest.getTimerCount()]).toEqual([0, 0, 0]);
  });
});
