import { EngramError } from '../errors/engram-error.js';
import { type ChoiceMemoryOptions, choiceMemory } from './choice-memory.js';
import type {
  EpisodesDescription,
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
  readonly rule: Handle<'rule'> | string;
  readonly modulator?: Handle<'modulator'> | string;
  readonly weightRange: readonly [lowest: number, highest: number];
  readonly [parameter: string]: unknown;
}

export interface ProjectionOptions
  extends Omit<ProjectionDescription, 'from' | 'to' | 'plasticity' | 'feedback'> {
  /** Default: "source-target". */
  readonly name?: string;
  readonly plasticity?: PlasticityOptions;
  /** Error modulator whose errors come back through its weights. */
  readonly feedback?: Handle<'modulator'> | string;
}

/** A modulator; an error modulator names the population it reads, and its gate, by handle or by name. */
export interface ModulatorOptions extends Omit<ModulatorDescription, 'error'> {
  readonly error?: {
    readonly population: PopulationHandle | string;
    readonly gate?: Handle<'modulator'> | string;
  };
}

/** The episodic buffer, its populations and modulator by handle or by name. */
export interface EpisodesOptions extends Omit<EpisodesDescription, 'record' | 'opens' | 'on'> {
  readonly record: readonly (PopulationHandle | string)[];
  readonly opens?: readonly (PopulationHandle | string)[];
  readonly on?: Handle<'modulator'> | string;
}

/** What `choiceMemory` takes beside the action population. */
export interface ChoiceOptions extends Omit<ChoiceMemoryOptions, 'action' | 'context'> {
  readonly context?: { readonly population: PopulationHandle | string; readonly spikes?: number };
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
  #episodes: EpisodesDescription | undefined;

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
  modulator(name: string, { error, ...options }: ModulatorOptions): Handle<'modulator'> {
    this.#add('modulators', this.#modulators, name, {
      ...options,
      ...(error && {
        error: {
          population: nameOf(error.population),
          ...(error.gate === undefined ? {} : { gate: nameOf(error.gate) }),
        },
      }),
    });
    return { kind: 'modulator', name };
  }

  /** A learning rule in the notation of `docs/rules.md`. */
  rule(name: string, text: RuleText): Handle<'rule'> {
    this.#add('rules', this.#rules, name, text);
    return { kind: 'rule', name };
  }

  /** Synapses from one population, or a slice of it, to another. */
  project(from: Source, to: Target, options: ProjectionOptions): Handle<'projection'> {
    const { name = `${from.population}-${to.population}`, plasticity, feedback, ...rest } = options;
    this.#add('projections', this.#projections, name, {
      from: from.text,
      to: to.text,
      ...rest,
      ...(feedback === undefined ? {} : { feedback: nameOf(feedback) }),
      ...(plasticity === undefined ? {} : { plasticity: plasticityDescription(plasticity) }),
    });
    return { kind: 'projection', name };
  }

  /** The episodic buffer: which populations it records, and what starts a replay. */
  episodes({ record, opens, on, ...options }: EpisodesOptions): this {
    this.#episodes = {
      record: record.map(nameOf),
      ...(opens === undefined ? {} : { opens: opens.map(nameOf) }),
      ...(on === undefined ? {} : { on: nameOf(on) }),
      ...options,
    };
    return this;
  }

  /**
   * Neurons that keep the choice of an action population, which is made of `actions` groups, and with `context` a held
   * copy of the context: give it the projection that learns. Throws E0201.
   */
  choiceMemory(
    action: PopulationHandle<'lif'>,
    { context, ...options }: ChoiceOptions,
  ): {
    readonly memory: PopulationHandle<'lif' | 'held'>;
    readonly context: PopulationHandle<'held'> | null;
  } {
    const parts = choiceMemory(
      { tick: this.#head.tick, populations: this.#populations },
      {
        action: action.name,
        ...options,
        ...(context && { context: { ...context, population: nameOf(context.population) } }),
      },
    );
    for (const [name, population] of Object.entries(parts.populations)) this.#population(name, population);
    for (const [name, projection] of Object.entries(parts.projections))
      this.#add('projections', this.#projections, name, projection);
    const handle = <M extends 'lif' | 'held'>(name: string, model: M) =>
      populationHandle(name, model, parts.populations[name]!.size);
    return {
      memory: handle(parts.memory, options.attractor ? 'lif' : 'held'),
      context: parts.context === null ? null : handle(parts.context, 'held'),
    };
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
      ...(this.#episodes && { episodes: this.#episodes }),
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
  return {
    rule: nameOf(rule),
    ...(modulator === undefined ? {} : { modulator: nameOf(modulator) }),
    weightRange: [...weightRange],
    ...parameters,
  };
}

function nameOf(part: string | { readonly name: string }): string {
  return typeof part === 'string' ? part : part.name;
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
