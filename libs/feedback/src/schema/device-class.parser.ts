import bowser from 'bowser';
import type { DeviceClass } from '@vitrine/catalog';

const CLASSES: Readonly<Record<string, DeviceClass>> = { mobile: 'MOBILE', tablet: 'TABLET', desktop: 'DESKTOP', tv: 'TV' };

/** The device class that a user agent names; OTHER when it names none. */
export function deviceClassOf(userAgent: string | null): DeviceClass {
  if (userAgent === null || userAgent === '') return 'OTHER';
  return CLASSES[bowser.getParser(userAgent).getPlatformType(true)] ?? 'OTHER';
}
