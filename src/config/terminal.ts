/** Who answers questions: a person at a terminal, or a pipe in their place. */
export interface Terminal {
  /** A person answers. */
  readonly interactive: boolean
  /** Colours may be used in what is said. */
  readonly colours: boolean
  /** Shows text on standard output, with its own line ends. */
  say(text: string): void
  /**
   * Waits for a line. A pipe is not shown the prompt.
   * @throws StorageError 'config' where the input has ended
   */
  line(prompt: string): Promise<string>
  /**
   * Waits for a line that is not shown while it is typed. A pipe is shown the prompt, too.
   * @throws StorageError 'config' where the input has ended
   */
  secret(prompt: string, to: 'stdout' | 'stderr'): Promise<string>
}
