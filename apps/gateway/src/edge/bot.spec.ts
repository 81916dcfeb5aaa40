import { isBotRequest } from './bot';

const SHOPPER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36';
const CRAWLER = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

describe('isBotRequest', () => {
  const app = { kind: 'publishable', keyId: 'k' } as const;

  it.each([
    ['a browser', SHOPPER, false],
    ['a crawler', CRAWLER, true],
    ['a script', 'curl/8.5.0', true],
    ['an app that sets no user agent of its own', 'okhttp/4.12.0', false],
    ['a client without any', null, false],
  ])('judges %s', (_what, userAgent, bot) => {
    expect(isBotRequest(app, userAgent)).toBe(bot);
  });

  it('does not judge shoppers by the user agent of the server that asks for them', () => {
    expect(isBotRequest({ kind: 'secret', keyId: 'k' }, CRAWLER)).toBe(false);
  });
});
