// One job at a time for each name: whoever reads and then changes something has nobody between.

export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** After all who came before. */
  take<T>(name: string, job: () => Promise<T>): Promise<T> {
    const done = (this.#last.get(name) ?? Promise.resolve()).then(job);
    const over = done
      .catch(() => undefined)
      .then(() => {
        if (this.#last.get(name) === over) this.#last.delete(name);
      });
    this.#last.set(name, over);
    return done;
  }

  /** Those who have come up to now are done. */
  async settled(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
