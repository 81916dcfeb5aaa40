import { decisionId } from '@vitrine/kernel';
import { clickUrl } from './click-url';

const id = decisionId('019b0000-0000-7000-8000-000000000001');

describe('clickUrl', () => {
  it.each([
    ['https://shop.example/a', `https://shop.example/a?vtr=${id}.2`],
    ['https://shop.example/a?x=1', `https://shop.example/a?x=1&vtr=${id}.2`],
    ['https://shop.example/a?', `https://shop.example/a?vtr=${id}.2`],
    ['https://shop.example/a?x=1#top?y', `https://shop.example/a?x=1&vtr=${id}.2#top?y`],
    ['/relative#x', `/relative?vtr=${id}.2#x`],
  ])('puts decision and slot into %s', (landing, expected) => {
    expect(clickUrl(landing, id, 2)).toBe(expected);
  });
});
