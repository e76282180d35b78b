/** The result of a command, as JSON for programs and as text for people. */
export interface Answer {
  /** One JSON value. Its members have the names that the RFCs use, or follow their style (snake_case). */
  readonly json: unknown;
  /** Lines, without a newline at the end. */
  readonly text: string;
}
