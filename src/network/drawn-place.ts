import type { PopulationDescription } from './description.js';

/** A population of a generated network, as what is drawn after it sees it. */
export interface DrawnPlace {
  readonly name: string;
  readonly model: PopulationDescription['model'];
  readonly size: number;
  /** It has a pseudo-derivative, h. */
  readonly hasSlope: boolean;
  /** It has a learning signal, l. */
  readonly hasSignal: boolean;
}
