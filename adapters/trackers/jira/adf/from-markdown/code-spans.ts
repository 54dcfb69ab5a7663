// Finds where a run of backticks is closed by a run of the same length. The runs are listed once and each list is
// walked forward only, so a text of nothing but backticks costs no more than any other.

export class CodeSpans {
  readonly #starts = new Map<number, { readonly at: number[]; next: number }>();

  constructor(text: string) {
    for (const { 0: run, index } of text.matchAll(/`+/g)) {
      const known = this.#starts.get(run.length);
      if (known) known.at.push(index);
      else this.#starts.set(run.length, { at: [index], next: 0 });
    }
  }

  /** Where the run that closes the one of `length` at `index` begins. Ask in the order of the text. */
  closing(index: number, length: number): number | undefined {
    const runs = this.#starts.get(length);
    if (!runs) return undefined;
    while ((runs.at[runs.next] ?? Infinity) <= index) runs.next += 1;
    return runs.at[runs.next];
  }
}

/** What is between the runs: line breaks are spaces, and one space of padding on both sides is taken off. */
export function codeText(between: string): string {
  const text = between.replace(/\n/g, ' ');
  const padded = text.startsWith(' ') && text.endsWith(' ') && /[^ ]/.test(text);
  return padded ? text.slice(1, -1) : text;
}
