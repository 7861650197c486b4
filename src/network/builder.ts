import { EngramError } from '../errors/engram-error.js';
import type {
  HeldDescription,
  InputDescription,
  LifDescription,
  ModulatorDescription,
  NetworkDescription,
  PlasticityDescription,
  PopulationDescription,
  ProbeDescription,
  ProjectionDescription,
  ReadoutDescription,
  RuleText,
} from './description.js';
import { type Handle, type PopulationHandle, populationHandle, type SliceHandle } from './handles.js';
import { validateNetwork } from './validate.js';

type Source = SliceHandle<'input' | 'lif' | 'held'>;
type Target = SliceHandle<'lif' | 'held' | 'readout'>;

/** How a projection learns: a named rule or a handle of one's own, its modulator, and the rule's parameters. */
export interface PlasticityOptions {
  readonly rule: 'stdp' | 'rstdp' | 'triplet' | 'btsp' | Handle<'rule'> | (string & {});
  readonly modulator?: Handle<'modulator'> | string;
  readonly weightRange: readonly [lowest: number, highest: number];
  readonly [parameter: string]: unknown;
}

export interface ProjectionOptions extends Omit<ProjectionDescription, 'from' | 'to' | 'plasticity'> {
  /** Default: "source-target". */
  readonly name?: string;
  readonly plasticity?: PlasticityOptions;
}

export type ProbeOptions = Pick<ProbeDescription, 'every'>;

/** Starts a network: add its parts, then `build()` gives the description as it would stand in a JSON file. */
export function network(options: Pick<NetworkDescription, 'name' | 'tick' | 'seed'>): NetworkBuilder {
  return new NetworkBuilder(options);
}

/** A network under construction. Names must be new (E0201); everything else is checked by `build()`. */
export class NetworkBuilder {
  readonly #head: Pick<NetworkDescription, 'name' | 'tick' | 'seed'>;
  readonly #populations: Record<string, PopulationDescription> = {};
  readonly #modulators: Record<string, ModulatorDescription> = {};
  readonly #rules: Record<string, RuleText> = {};
  readonly #projections: Record<string, ProjectionDescription> = {};
  readonly #probes: Record<string, ProbeDescription> = {};

  constructor(options: Pick<NetworkDescription, 'name' | 'tick' | 'seed'>) {
    this.#head = options;
  }

  /** Input lines that the outside makes spike. */
  input(name: string, size: number): PopulationHandle<'input'> {
    return this.#population(name, { model: 'input', size } satisfies InputDescription);
  }

  /** Leaky integrate-and-fire neurons. */
  lif(name: string, options: Omit<LifDescription, 'model'>): PopulationHandle<'lif'> {
    return this.#population(name, { model: 'lif', ...options });
  }

  /** Neurons that go on spiking until they are cleared. */
  held(name: string, options: Omit<HeldDescription, 'model'>): PopulationHandle<'held'> {
    return this.#population(name, { model: 'held', ...options });
  }

  /** Leaky integrators that never spike. */
  readout(name: string, options: Omit<ReadoutDescription, 'model'>): PopulationHandle<'readout'> {
    return this.#population(name, { model: 'readout', ...options });
  }

  /** A global signal such as reward. */
  modulator(name: string, options: ModulatorDescription): Handle<'modulator'> {
    this.#add('modulators', this.#modulators, name, options);
    return { kind: 'modulator', name };
  }

  /** A learning rule in the notation of `docs/rules.md`. */
  rule(name: string, text: RuleText): Handle<'rule'> {
    this.#add('rules', this.#rules, name, text);
    return { kind: 'rule', name };
  }

  /** Synapses from one population, or a slice of it, to another. */
  project(from: Source, to: Target, options: ProjectionOptions): Handle<'projection'> {
    const { name = `${from.population}-${to.population}`, plasticity, ...rest } = options;
    this.#add('projections', this.#projections, name, {
      from: from.text,
      to: to.text,
      ...rest,
      ...(plasticity === undefined ? {} : { plasticity: plasticityDescription(plasticity) }),
    });
    return { kind: 'projection', name };
  }

  /** Records a variable of a population, a slice of it, or a projection. */
  probe(
    name: string,
    of: SliceHandle | Handle<'projection'>,
    variable: ProbeDescription['variable'],
    options: ProbeOptions = {},
  ): this {
    const target =
      of.kind === 'projection'
        ? { of: of.name, variable }
        : { of: of.population, variable, ...(of.text === of.population ? {} : { neurons: rangeOf(of) }) };
    this.#add('probes', this.#probes, name, { ...target, ...options });
    return this;
  }

  /** The description, validated. Throws E0201 with all problems. */
  build(): NetworkDescription {
    const parts = {
      modulators: this.#modulators,
      rules: this.#rules,
      projections: this.#projections,
      probes: this.#probes,
    };
    const description = {
      engram: 1,
      ...this.#head,
      populations: this.#populations,
      ...Object.fromEntries(Object.entries(parts).filter(([, things]) => Object.keys(things).length > 0)),
    };
    return validateNetwork(structuredClone(withoutUndefined(description)));
  }

  #population<P extends PopulationDescription>(name: string, description: P): PopulationHandle<P['model']> {
    this.#add('populations', this.#populations, name, description);
    return populationHandle(name, description.model, description.size);
  }

  #add<T>(section: string, things: Record<string, T>, name: string, thing: T): void {
    if (Object.hasOwn(things, name))
      throw new EngramError('E0201', `${section}.${name} is there already`, {
        problems: [{ path: `${section}.${name}`, message: 'is there already', allowed: 'a new name' }],
        fix: section === 'projections' ? ['give this projection a name of its own: { name: "…" }'] : [],
      });
    things[name] = thing;
  }
}

function plasticityDescription({
  rule,
  modulator,
  weightRange,
  ...parameters
}: PlasticityOptions): PlasticityDescription {
  const name = (handle: string | { name: string }) => (typeof handle === 'string' ? handle : handle.name);
  return {
    rule: name(rule),
    ...(modulator === undefined ? {} : { modulator: name(modulator) }),
    weightRange: [...weightRange],
    ...parameters,
  };
}

function rangeOf({ first, size }: SliceHandle): string {
  return `${first}:${first + size}`;
}

/** The object as JSON would hold it: fields that are undefined are not there. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[key, withoutUndefined(inner)]],
    ),
  );
}
