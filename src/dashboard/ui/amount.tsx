// Tokens and money in a column of figures: short to read, exact in the title.

import { compact, dollars } from '../format.ts';
import type { Tokens as TokenCounts } from '../wire.ts';

export function Tokens({ tokens }: { readonly tokens: TokenCounts }) {
  const { total_tokens, input_tokens, output_tokens, cache_read_tokens } = tokens;
  const exact = `${grouped(input_tokens)} in, ${grouped(output_tokens)} out, ${grouped(cache_read_tokens)} read from cache`;
  return (
    <span class="amount" title={exact}>
      {compact(total_tokens)}
    </span>
  );
}

export interface MoneyProps {
  /** null = unknown. */
  readonly usd: number | null;
  readonly estimated?: boolean;
}

export function Money({ usd, estimated = false }: MoneyProps) {
  if (usd === null) {
    return (
      <span class="amount" title="No price is known">
        –
      </span>
    );
  }
  const title = estimated ? 'Estimated from token_rates' : 'As the agent reported it';
  return (
    <span class="amount" title={`${title}: $${usd.toFixed(4)}`}>
      {estimated ? '≈ ' : ''}
      {dollars(usd)}
    </span>
  );
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
