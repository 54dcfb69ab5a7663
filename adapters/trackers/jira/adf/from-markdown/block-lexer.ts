// marked's lexer, for blocks only and within limits: containers nest to a fixed depth, HTML is text, inline rules
// never run (they take cubic time on hostile text; inline-scan.ts does that work), and a table is only marked as
// one, because marked would write out rows × columns cells, which a small text can make into gigabytes.
import { Lexer, Tokenizer, type Token, type Tokens } from 'marked';
import type { Definitions } from './inline-scan.ts';

/** Deeper quotes and lists stay text. marked recurses, and reads the whole of a container once per level. */
const depthLimit = 24;

/** An underlined heading has its underline within so many characters. */
const headingLimit = 2_000;

export interface LexedBlocks {
  readonly tokens: readonly Token[];
  readonly definitions: Definitions;
}

/** Throws what marked throws. */
export function lexBlocks(markdown: string): LexedBlocks {
  const tokens = new BlockLexer().lex(markdown);
  return { tokens, definitions: tokens.links };
}

class BlockTokenizer extends Tokenizer {
  override html(): undefined {
    return undefined;
  }

  /** A second definition of a label defines nothing, and marked would drop it: it is text. */
  override def(src: string): Tokens.Def | undefined {
    const found = super.def(src);
    return found && this.lexer.tokens.links[found.tag] ? undefined : found;
  }

  /** marked looks for the underline to the end of the document, again for each paragraph. */
  override lheading(src: string): Tokens.Heading | undefined {
    const end = src.indexOf('\n', headingLimit);
    return super.lheading(end === -1 ? src : src.slice(0, end));
  }

  override table(src: string): Tokens.Table | undefined {
    const found = this.rules.block.table.exec(src);
    if (!found || !this.rules.other.tableDelimiter.test(found[2] ?? '')) return undefined;
    return { type: 'table', raw: found[0], align: [], header: [], rows: [] };
  }
}

class BlockLexer extends Lexer {
  #depth = 0;

  constructor() {
    super({ async: false, breaks: false, gfm: true, pedantic: false, tokenizer: new BlockTokenizer() });
  }

  override blockTokens(src: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[];
  override blockTokens(
    src: string,
    tokens?: Lexer['tokens'],
    lastParagraphClipped?: boolean,
  ): Lexer['tokens'];
  override blockTokens(src: string, tokens: Token[] = [], lastParagraphClipped = false): Token[] {
    if (this.#depth >= depthLimit) {
      tokens.push({ type: 'text', raw: src, text: src });
      this.state.top = true;
      return tokens;
    }
    this.#depth += 1;
    const lexed = super.blockTokens(src, tokens, lastParagraphClipped);
    this.#depth -= 1;
    return lexed;
  }

  override inlineTokens(_src: string, tokens: Token[] = []): Token[] {
    return tokens;
  }
}
