import type { z } from 'zod';
import type { networkSchema, probe, projection } from './schema.js';
import type { episodes } from './schema-episodes.js';
import type { modulator, plasticity, rule } from './schema-plasticity.js';
import type {
  heldPopulation,
  inputPopulation,
  lifPopulation,
  population,
  readoutPopulation,
} from './schema-populations.js';
import type { connect, delays } from './schema-values.js';

/** A network as users write it; `docs/network.md` is its reference. */
export type NetworkDescription = z.infer<typeof networkSchema>;

export type PopulationDescription = z.infer<typeof population>;
export type InputDescription = z.infer<typeof inputPopulation>;
export type LifDescription = z.infer<typeof lifPopulation>;
export type HeldDescription = z.infer<typeof heldPopulation>;
export type ReadoutDescription = z.infer<typeof readoutPopulation>;
export type ModulatorDescription = z.infer<typeof modulator>;
export type RuleText = z.infer<typeof rule>;
export type ProjectionDescription = z.infer<typeof projection>;
export type PlasticityDescription = z.infer<typeof plasticity>;
export type EpisodesDescription = z.infer<typeof episodes>;
export type ProbeDescription = z.infer<typeof probe>;
export type ConnectDescription = z.infer<typeof connect>;
export type ValuesDescription = ProjectionDescription['weight'];
export type DelaysDescription = z.infer<typeof delays>;
