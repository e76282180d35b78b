// @ts-check
/**
 * Sends SIGTERM to this process when the shell in which npm runs it has ended. `kill` reaches npm and the shell, but the shell
 * does not pass the signal on.
 */
export function endWithParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
}
