import type { TraceName } from './rule.js';

/** A named number or time of a rule that each projection may set for itself. */
export type ParameterSpec =
  | {
      readonly kind: 'number';
      readonly default: number;
      readonly unit: string;
      readonly description: string;
    }
  | { readonly kind: 'time'; readonly default: string; readonly description: string }
  | {
      readonly kind: 'choice';
      readonly default: string;
      readonly options: readonly string[];
      readonly description: string;
    };

export interface TraceDefinition {
  /** A time ("20 ms") or the name of a time parameter. */
  readonly tau: string;
  /** What a spike adds (additive) or sets (nearest); 0 < impulse < 8. Default 1. */
  readonly impulse?: number | undefined;
  /** `additive` (default; all pairs of spikes), `nearest`, or the name of a choice between them. */
  readonly mode?: string | undefined;
}

export interface TagDefinition {
  /** A time, the name of a time parameter, or "none": the tag does not decay. */
  readonly tau: string;
  /** Largest |t| to be held, or the name of a number parameter; by default, and with 0, the compiler chooses. */
  readonly range?: number | string | undefined;
}

/** A learning rule as written: equations, traces, tag and parameters. */
export interface RuleDefinition {
  readonly name: string;
  /** Change of the tag; see `docs/rules.md` for the notation. */
  readonly dt?: string | undefined;
  /** Change of the second tag. */
  readonly dt2?: string | undefined;
  /** Change of the weight. */
  readonly dw?: string | undefined;
  readonly traces: Readonly<Partial<Record<TraceName, TraceDefinition>>>;
  readonly tag?: TagDefinition | undefined;
  readonly tag2?: TagDefinition | undefined;
  /** A time, or the name of a time parameter: how often unmodulated sweep products are visited, at least. */
  readonly sweep?: string | undefined;
  /**
   * Likewise of products with a modulator or a learning signal, which are averaged in between: 64 ticks at most. "none":
   * the compiler chooses.
   */
  readonly averaging?: string | undefined;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
}

/** A rule that comes with engram. */
export interface NamedRule extends RuleDefinition {
  readonly summary: string;
  /** The paper it is from. */
  readonly citation: string;
}

export const traceNames = ['x1', 'x2', 'y1', 'y2', 'y3'] as const satisfies readonly TraceName[];
/** Names that mean something in every equation, so that no parameter or modulator can have them. */
export const reservedNames: readonly string[] = [
  ...['x0', 'y0', 'u0', 'h0'],
  ...traceNames,
  ...['t', 't2', 'w', 'h', 'l', 'm'],
];
export const identifierPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
