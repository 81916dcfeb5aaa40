import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError, which commander turns into a usage error */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return port;
}
