import pino from 'pino';

/** The lines of one turn of the event loop are written together when they are shorter than this, in bytes. */
const LONGEST_BATCH = 8 * 1024;

const output = pino.destination({ dest: 1, sync: true, minLength: LONGEST_BATCH, maxWrite: 2 * LONGEST_BATCH });
const write = output.write.bind(output);
let isScheduled = false;

function flush(): void {
  isScheduled = false;
  output.flushSync();
}

/**
 * The standard output, for the log of a server. Writes the lines of one turn of the event loop by one system call, instead
 * of one for each line. A line is written before the next turn, and before the process exits. Tests replace `write` to read
 * the log.
 */
export const logOutput = Object.assign(output, {
  write: (line: string): boolean => {
    if (!isScheduled) setImmediate(flush);
    isScheduled = true;
    return write(line);
  },
});

process.once('exit', flush);
