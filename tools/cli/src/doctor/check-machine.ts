import { freePort, isAtLeast } from '@vitrine/stack';
import { fault, fine, warning, type Finding } from './finding';

const OLDEST_NODE = '20.19';

/** @param version as in `process.versions.node` */
export function checkNode(version: string): Finding {
  if (isAtLeast(version, OLDEST_NODE)) return fine('Node', version);
  return fault('Node', `version ${version}`, `Install Node ${OLDEST_NODE} or newer.`);
}

/**
 * @param ours whether our own app is known to hold the port
 * @param fixed whether the operator asked for this very port; else another one is chosen at the start
 */
export async function checkPort({
  name,
  port,
  ours,
  fixed,
}: {
  name: string;
  port: number;
  ours: boolean;
  fixed: boolean;
}): Promise<Finding> {
  const check = `port of the ${name}`;
  if (ours) return fine(check, `${port}, held by the running ${name}`);
  if ((await freePort(port)) === port) return fine(check, `${port} is free`);
  const found = `${port} is held by another program`;
  if (fixed) return fault(check, found, `Stop that program, or set ${name.toUpperCase()}_PORT to another port.`);
  return warning(check, found, `A free port is chosen instead; set ${name.toUpperCase()}_PORT to have a fixed one.`);
}
