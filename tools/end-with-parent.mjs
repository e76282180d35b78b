// @ts-check
/**
 * Ends this process as `kill` would when the shell that npm runs it in is gone: `kill` reaches npm and that shell, and the
 * shell passes nothing on.
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
