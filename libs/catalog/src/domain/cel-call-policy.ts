import type { ASTNode } from '@marcbachmann/cel-js';

const COMPREHENSIONS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...COMPREHENSIONS,
  ...['has', 'size', 'contains', 'startsWith', 'endsWith', 'indexOf', 'lowerAscii', 'upperAscii', 'trim', 'substring'],
  ...['string', 'int', 'double', 'bool', 'dyn'],
]);

export interface RefusedCall {
  readonly why: string;
  readonly position: number;
}

/**
 * The first call that an audience rule may not make: a function off the list (`matches` can backtrack without end, `bind` can double a
 * value at every level), or a comprehension inside another one (its cost is a product of list lengths).
 */
export function findRefusedCall(node: ASTNode, inComprehension = false): RefusedCall | null {
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0];
    if (!FUNCTIONS.has(name)) return { why: `the function ${name} is not available in a rule`, position: node.start };
    if (inComprehension && COMPREHENSIONS.has(name))
      return { why: `${name} may not stand inside another comprehension`, position: node.start };
  }
  for (const { child, inBody } of childrenOf(node)) {
    const refused = findRefusedCall(child, inComprehension || inBody);
    if (refused !== null) return refused;
  }
  return null;
}

interface Child {
  readonly child: ASTNode;
  readonly inBody: boolean;
}

const plain = (nodes: readonly ASTNode[]): readonly Child[] => nodes.map((child) => ({ child, inBody: false }));

function childrenOf(node: ASTNode): readonly Child[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return plain([node.args[0]]);
    case 'call':
      return plain(node.args[1]);
    case 'rcall': {
      const [name, receiver, args] = node.args;
      return [{ child: receiver, inBody: false }, ...args.map((child) => ({ child, inBody: COMPREHENSIONS.has(name) }))];
    }
    case 'map':
      return plain(node.args.flat());
    case '!_':
    case '-_':
      return plain([node.args]);
    default:
      return plain(node.args);
  }
}
