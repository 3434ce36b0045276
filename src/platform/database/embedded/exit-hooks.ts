/**
 * Runs on the 'exit' event of Node, which is synchronous. One listener for all, so that a process with many
 * servers (a test run) meets no listener limit. Signals are not handled here: that is the host's decision.
 */
const hooks = new Set<() => void>();

/** Returns the function that takes the hook away again. */
export function onProcessExit(hook: () => void): () => void {
  if (hooks.size === 0) process.on('exit', runHooks);
  hooks.add(hook);
  return () => {
    if (hooks.delete(hook) && hooks.size === 0) process.off('exit', runHooks);
  };
}

function runHooks(): void {
  for (const hook of hooks) hook();
}
