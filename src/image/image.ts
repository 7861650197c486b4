import type {
  axonGroupLayout,
  blockLayout,
  coreLayout,
  episodesLayout,
  modulatorLayout,
  networkLayout,
  neuronGroupLayout,
  populationLayout,
  probeLayout,
  RecordOf,
  ruleLayout,
  termLayout,
} from './layout.js';

export type NetworkRecord = RecordOf<typeof networkLayout>;
export type PopulationRecord = RecordOf<typeof populationLayout>;
export type ModulatorRecord = RecordOf<typeof modulatorLayout>;
export type RuleRecord = RecordOf<typeof ruleLayout>;
export type TermRecord = RecordOf<typeof termLayout>;
export type ProbeRecord = RecordOf<typeof probeLayout>;
export type EpisodesRecord = RecordOf<typeof episodesLayout>;
export type CoreRecord = RecordOf<typeof coreLayout>;
export type NeuronGroupRecord = RecordOf<typeof neuronGroupLayout>;
export type AxonGroupRecord = RecordOf<typeof axonGroupLayout>;
export type BlockRecord = RecordOf<typeof blockLayout>;

/** Bulk data of a core, as its sections of numbers hold it. */
export interface CoreBulk {
  readonly axons: Uint32Array;
  readonly routeStart: Uint32Array;
  readonly routes: Uint32Array;
  readonly bias: Int32Array;
  readonly initial: Int32Array;
  readonly index: Uint32Array;
  readonly targets: Uint16Array;
  readonly weights8: Int8Array;
  readonly weights16: Int16Array;
  readonly columnAxons: Uint16Array;
}

/** One core of an image: records as objects, bulk data as typed arrays over the image's own bytes. */
export interface CoreImage extends CoreBulk {
  readonly core: CoreRecord;
  readonly neuronGroups: readonly NeuronGroupRecord[];
  readonly axonGroups: readonly AxonGroupRecord[];
  readonly blocks: readonly BlockRecord[];
}

/** Bulk data of the board: routes of the input lines. */
export interface BoardBulk {
  readonly inputRouteStart: Uint32Array;
  readonly inputRoutes: Uint32Array;
}

/** A checked image. Everything a board needs to run, and the host's names and scales. */
export interface Image extends BoardBulk {
  readonly targetId: number;
  /** CRC-32 of the content: the identity of the image. */
  readonly contentHash: number;
  readonly network: NetworkRecord;
  readonly populations: readonly PopulationRecord[];
  readonly modulators: readonly ModulatorRecord[];
  readonly rules: readonly RuleRecord[];
  readonly terms: readonly TermRecord[];
  readonly probes: readonly ProbeRecord[];
  /** The episodic buffer: one record, or none. */
  readonly episodes: readonly EpisodesRecord[];
  readonly host: HostSection;
  readonly cores: readonly CoreImage[];
}

/** Names and scales for the host; never read by a board. */
export interface HostSection {
  readonly name: string;
  readonly target: string;
  readonly populations: readonly HostPopulation[];
  readonly projections: readonly HostProjection[];
  readonly modulators: readonly { readonly name: string }[];
  readonly probes: readonly HostProbe[];
  /** The compiler's report, kept with the image so that `engram inspect` can show it. */
  readonly report?: unknown;
}

export interface HostPopulation {
  readonly name: string;
  /** One unit of V and I is 2^-exponent of the membrane unit. */
  readonly exponent: number;
}

export interface HostProjection {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** One step of the acting weight is 2^exponent of the membrane unit. */
  readonly exponent: number;
  /** One unit of T is 2^tagExponent; null without a tag. */
  readonly tagExponent: number | null;
  /** Likewise of T2; left out: null. */
  readonly tag2Exponent?: number | null;
}

export interface HostProbe {
  readonly name: string;
  /** Records of the probe section that together make this probe, first and number. */
  readonly first: number;
  readonly count: number;
}
