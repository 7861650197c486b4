/** A value that a sweep gives to an option or a field: whatever JSON can say. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** One run of a sweep: what is different in it. Plain data, so that it can be sent anywhere. */
export interface Point {
  /** Seed of the network and of the task; null: their own. */
  readonly seed: number | null;
  /** Values by name: options of the task, and paths of the description (names with a dot). */
  readonly settings: Readonly<Record<string, Value>>;
}

/** Figures of a run by name. `null`: there is none, for instance trials to a level that was never reached. */
export type Figures = Readonly<Record<string, Value>>;

/** Why a point has no figures. `code` is that of an `EngramError`, or the name of another error. */
export interface PointError {
  readonly code: string;
  readonly message: string;
}

export type Outcome = { readonly figures: Figures } | { readonly error: PointError };

/** Equal for equal points, whatever the order of their settings. */
export function pointKey({ seed, settings }: Point): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([seed, sorted]);
}

/** One line for a person: `seed 3, projections.p.plasticity.rate 1e-7`. */
export function pointText({ seed, settings }: Point): string {
  const named = Object.entries(settings).map(([name, value]) => `${name} ${valueText(value)}`);
  return [...named, ...(seed === null ? [] : [`seed ${seed}`])].join(', ');
}

/** A value as users write it: texts as they are, all else as JSON. */
export function valueText(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
