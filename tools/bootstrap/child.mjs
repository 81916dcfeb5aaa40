import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_CHECK_MS = 1000;

/**
 * Runs a program to its end in our place: same streams, same signals, same exit code (128 + n when signal n ended it).
 * With `channel` the child gets an IPC channel, whose end tells it that we died without a word.
 */
export function runInOurPlace(program, args, { cwd, env = process.env, stdout = 'inherit', channel = false }) {
  return new Promise((resolve) => {
    const stdio = ['inherit', stdout, 'inherit', ...(channel ? ['ipc'] : [])];
    const child = spawn(program, args, { cwd, env, stdio });
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const watch = watchParent(() => child.kill('SIGTERM'));
    const finish = (code) => {
      clearInterval(watch);
      for (const signal of FORWARDED) process.off(signal, forward);
      resolve(code);
    };
    child.once('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`);
      finish(127);
    });
    child.once('exit', (code, signal) => finish(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** npm forwards what it is told, but a killed npm says nothing: we notice that we were handed to another parent. */
function watchParent(onOrphaned) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onOrphaned();
  }, PARENT_CHECK_MS);
  timer.unref();
  return timer;
}
