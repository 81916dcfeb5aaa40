import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError, which commander turns into a usage error */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return port;
}

/** @throws InvalidArgumentError for anything but a whole number of at least 1 */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1) throw new InvalidArgumentError('A whole number of at least 1.');
  return count;
}
