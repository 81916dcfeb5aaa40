import type { PythonMeasurement } from '../python-learner';
import { streamOrderSha256 } from '../stream-order';

/** What the script prints after three epochs over ten rows under seed 3; for specs. */
export function aMeasurement(parts: Partial<PythonMeasurement>): PythonMeasurement {
  return {
    library: 'vowpalwabbit',
    version: '9.0.0',
    algorithm: '--epsilon 0',
    rows: 10,
    orderSha256: streamOrderSha256(10, 3, 3),
    rounds: 30,
    meanReward: 0.7,
    microsecondsPerRound: 20,
    ...parts,
  };
}
