import { TurnTaking } from './turn-taking';

/** Work that ends when the test says so, and notes that it began. */
function task(name: string, begun: string[]) {
  let finish = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const work = async (): Promise<string> => {
    begun.push(name);
    await ended;
    return name;
  };
  return { work, finish: () => finish() };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('TurnTaking', () => {
  it('keeps apart what shares a key, in order, and lets the rest run', async () => {
    const turns = new TurnTaking();
    const begun: string[] = [];
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => task(name, begun));
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new RangeError('four tasks');
    const all = [turns.run(['x', 'y'], a.work), turns.run(['y', 'z'], b.work), turns.run(['z', 'x'], c.work), turns.run(['w'], d.work)];
    await settled();
    expect(begun).toEqual(['a', 'd']);
    a.finish();
    await settled();
    expect(begun).toEqual(['a', 'd', 'b']);
    for (const { finish } of [b, c, d]) finish();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
    expect(turns.size).toBe(0);
  });

  it('goes on after work that failed, which alone fails', async () => {
    const turns = new TurnTaking();
    const failed = turns.run(['x'], () => Promise.reject(new RangeError('no')));
    const next = turns.run(['x'], async () => 'yes');
    await expect(failed).rejects.toThrow(RangeError);
    expect(await next).toBe('yes');
  });
});
