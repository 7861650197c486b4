import type { ModulatorDescription, PopulationDescription } from './description.js';
import type { Draw } from './drawn-values.js';

/** Errors that come back through the projection from one population to that of an error modulator. */
export interface DrawnFeedback {
  readonly from: string;
  readonly to: string;
  readonly modulator: string;
}

/** Error modulators of a generated network, and which populations have learning signals from them. */
export interface DrawnErrors {
  readonly modulators: Record<string, ModulatorDescription>;
  /** Channels that a rule may name as its modulator. */
  readonly channels: readonly string[];
  readonly feedback: readonly DrawnFeedback[];
  /** Populations with a learning signal, of their own or by feedback. */
  readonly signalled: ReadonlySet<string>;
}

/** A channel takes 268 bytes of every board, and a small one has to hold them too. */
const mostErrors = 12;

/** For each population that has a membrane and is small enough perhaps an error; for each that spikes perhaps feedback. */
export function drawErrors(
  draw: Draw,
  time: (ticks: number) => string,
  populations: Readonly<Record<string, PopulationDescription>>,
  plain: readonly string[],
): DrawnErrors {
  const all = Object.entries(populations);
  const withError = all.filter(
    ([, { model, size }]) => model !== 'input' && size <= mostErrors && draw.oneOf(true, model === 'readout'),
  );
  const nameOf = (population: string) => `error_${population}`;
  const modulators = withError.map(([population]) => {
    const gate = draw.oneOf(null, ...plain);
    return [
      nameOf(population),
      {
        tau: draw.oneOf('none', time(draw.real(1, 200))),
        error: { population, ...(gate === null ? {} : { gate }) },
      },
    ] as const;
  });
  const targets = withError.map(([name]) => name);
  const feedback =
    targets.length === 0
      ? []
      : all
          .filter(([, { model }]) => model === 'lif' || model === 'held')
          .filter(() => draw.oneOf(true, true, false))
          .map(([from]) => ({ from, to: draw.oneOf(...targets) }))
          .map((ends) => ({ ...ends, modulator: nameOf(ends.to) }));
  return {
    modulators: Object.fromEntries(modulators),
    channels: withError.map(([name, { size }]) => `${nameOf(name)}[${draw.integer(0, size - 1)}]`),
    feedback,
    signalled: new Set([...targets, ...feedback.map(({ from }) => from)]),
  };
}
