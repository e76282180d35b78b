/** Runs some work with the clock of the frontend moved forward by some seconds. */
export async function later<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  Date.now = () => now() + seconds * 1000;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

/** Runs some work while the clock of the frontend stands still. */
export async function atOneMoment<T>(work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  const moment = now();
  Date.now = () => moment;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}
