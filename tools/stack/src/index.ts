export { startEphemeralStack, startStack, type Stack, type StackOptions } from './start-stack';
export { findRunning, type RunningServer } from './find-running';
export { identify, stillRuns, type ProcessIdentity } from './process-identity';
export { startReaper, type Reaper } from './reaper';
export { ENGINES, isAtLeast, type Engine, type EngineSpec, type Env, type Say } from './engine';
export { waitUntil } from './servers/wait-until';
export { freePort } from './servers/free-port';
export { messageOf } from './message-of';
