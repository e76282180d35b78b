/** What a command tells: as JSON for programs, as text for people. */
export interface Answer {
  /** One JSON value; its members have the names of the protocols, or are written like them. */
  readonly json: unknown;
  /** Lines, without the last newline. */
  readonly text: string;
}
