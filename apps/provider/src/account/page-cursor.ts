/** Where a list of events goes on: the id of the last one that was shown; undefined for the first page. */
export const readPageCursor = (text: string | undefined): string | undefined =>
  /^[1-9]\d{0,17}$/.test(text ?? '') ? text : undefined;
