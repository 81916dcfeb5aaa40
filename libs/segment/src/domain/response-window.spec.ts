import { windowOf } from './response-window';
import { ROW_SPLITS } from './row-split';

const DAY = 86_400_000;
const NOW = 100 * DAY;

describe('windowOf', () => {
  it('shows those who train one window earlier than those who judge, without a moment in common', () => {
    expect(windowOf('TRAIN', NOW, 7)).toEqual({ from: NOW - 14 * DAY, until: NOW - 7 * DAY });
    expect(windowOf('TUNE', NOW, 7)).toEqual({ from: NOW - 7 * DAY, until: NOW });
    expect(windowOf('TEST', NOW, 7)).toEqual(windowOf('TUNE', NOW, 7));
    expect(windowOf('TRAIN', NOW, 7)?.until).toBe(windowOf('TEST', NOW, 7)?.from);
  });

  it.each(ROW_SPLITS)('is none for %s where no window is wanted', (split) => {
    expect([windowOf(split, NOW, 0), windowOf(split, NOW, -1)]).toEqual([null, null]);
  });
});
