import { silentLogger } from '@vitrine/testing';
import { RequestContext, type Caller } from './context';

const keyId = 'k';
const context = (caller: Caller, over: { readonly fromInside?: boolean; readonly userAgent?: string } = {}): RequestContext =>
  new RequestContext({ caller, requestId: 'r', logger: silentLogger, userAgent: null, fromInside: false, ...over });
const app: Caller = { kind: 'known', principal: { kind: 'publishable', keyId } };

describe('the context of a request', () => {
  it('takes the shop’s own people for no shoppers, as it does bots', () => {
    const { bot, internal } = context(app, { fromInside: true });
    expect({ bot, internal }).toEqual({ bot: true, internal: true });
    const crawler = context(app, { userAgent: 'Googlebot/2.1' });
    expect({ bot: crawler.bot, internal: crawler.internal }).toEqual({ bot: true, internal: false });
    expect(context(app).bot).toBe(false);
  });

  it('takes shoppers of a server inside for shoppers', () => {
    const { bot, internal } = context({ kind: 'known', principal: { kind: 'secret', keyId } }, { fromInside: true });
    expect({ bot, internal }).toEqual({ bot: false, internal: false });
  });

  it('says nothing about a caller that it does not know', () => {
    const nobody = context({ kind: 'unknown', reason: 'missing' }, { fromInside: true });
    expect(() => nobody.internal).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});
