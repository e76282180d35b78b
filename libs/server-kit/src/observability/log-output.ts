import pino from 'pino';

/** The length in characters at which a batch does not wait for the end of the turn. */
const LONGEST_BATCH = 8 * 1024;

const output = pino.destination({ dest: 1, sync: true });
const write = output.write.bind(output);
let batch = '';

function flush(): void {
  const lines = batch;
  batch = '';
  if (lines !== '') write(lines);
}

/**
 * The standard output, for the log of a server. Writes the lines of one turn of the event loop by one system call, instead
 * of one for each line. A line is written before the next turn, and before the process exits. Tests replace `write` to read
 * the log.
 */
export const logOutput = Object.assign(output, {
  write: (line: string): boolean => {
    if (batch === '') setImmediate(flush);
    batch += line;
    if (batch.length >= LONGEST_BATCH) flush();
    return true;
  },
});

process.once('exit', flush);
