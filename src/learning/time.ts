/** Milliseconds of each unit a time may carry. */
const unitMilliseconds: Readonly<Record<string, number>> = {
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  min: 6e4,
  h: 3.6e6,
};

/** A time as users write it: a number and its unit, "20 ms", "1.5e3us", "2 h". */
export const timePattern = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?) ?(us|µs|ms|s|min|h)$/;

/** What a time field takes, in words. */
export const timeAllowed = 'a time with its unit (us, ms, s, min, h), such as "20 ms"';

/** Milliseconds of a time text; null if it is none, or is not finite. */
export function parseTime(text: string): number | null {
  const [, digits, unit] = timePattern.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  const milliseconds = Number(digits) * unitMilliseconds[unit!]!;
  return Number.isFinite(milliseconds) ? milliseconds : null;
}

/** Milliseconds as ticks, exact where the quotient is a whole number but for rounding ("0.3 ms" at "100 us" is 3). */
export function toTicks(milliseconds: number, tickMilliseconds: number): number {
  const ticks = milliseconds / tickMilliseconds;
  const whole = Math.round(ticks);
  return Math.abs(ticks - whole) <= 1e-9 * Math.max(1, ticks) ? whole : ticks;
}
