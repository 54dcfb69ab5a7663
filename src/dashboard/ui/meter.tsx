// How much of a limit is used. With words beside it: the bar alone is for the eye.

export interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** From this share on it is a warning; 2 = never. */
  readonly warnFrom?: number;
}

export function Meter({ label, value, max, warnFrom = 2 }: MeterProps) {
  const top = Math.max(max, Number.EPSILON);
  const share = Math.min(1, Math.max(0, value / top));
  return (
    <div
      class="meter"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(max, value)}
      aria-valuenow={value}
      data-tone={share >= 1 && warnFrom < 1 ? 'bad' : share >= warnFrom ? 'warn' : 'live'}
    >
      <div class="meter-fill" style={{ inlineSize: `${(share * 100).toFixed(1)}%` }} />
    </div>
  );
}
