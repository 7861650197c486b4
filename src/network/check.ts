import type { Problem } from '../errors/engram-error.js';
import { parseTime } from '../learning/time.js';
import { Context } from './context.js';
import { defaults, limits } from './defaults.js';
import type { NetworkDescription } from './description.js';
import { pathText, schemaProblems, show, valueAt } from './problems.js';
import { resolveEpisodes } from './resolve-episodes.js';
import { checkNeuronFactors } from './resolve-feedback.js';
import { resolveModulators } from './resolve-modulators.js';
import { resolvePopulation } from './resolve-population.js';
import { resolveProbe } from './resolve-probe.js';
import { resolveProjection } from './resolve-projection.js';
import type { ResolvedNetwork } from './resolved.js';
import { RuleBook } from './rule-book.js';
import { networkSchema } from './schema.js';

export type Checked =
  | {
      readonly description: NetworkDescription;
      readonly resolved: ResolvedNetwork;
      readonly problems: readonly [];
    }
  | { readonly description: null; readonly resolved: null; readonly problems: readonly Problem[] };

/** A long list that is wrong all over must not bury the rest: so many problems of form are named. */
const mostProblems = 200;

/** Checks a document by the schema and for its meaning, and resolves it. All problems are found in one go. */
export function checkNetwork(json: unknown): Checked {
  const parsed = networkSchema.safeParse(json, { reportInput: true });
  if (parsed.success) {
    const { resolved, problems } = resolveAll(parsed.data, new Set());
    return problems.length === 0
      ? { description: parsed.data, resolved, problems: [] }
      : { description: null, resolved: null, problems };
  }
  const { issues } = parsed.error;
  const problems = schemaProblems(issues, json);
  if (problems.length > mostProblems) {
    const more = problems.length - mostProblems;
    problems.splice(mostProblems, more, {
      path: 'network',
      message: `has ${more} more problems of its form`,
    });
  }
  const sound = soundPart(
    json,
    issues.map(({ path }) => path),
  );
  if (sound) problems.push(...resolveAll(sound.description, sound.broken).problems);
  return { description: null, resolved: null, problems };
}

const sections = ['populations', 'modulators', 'rules', 'projections', 'probes'] as const;

/**
 * The document without the things that the schema refused, so that the rest can be checked for its meaning; null if
 * too little is left to judge it by.
 */
function soundPart(
  json: unknown,
  paths: readonly (readonly PropertyKey[])[],
): { description: NetworkDescription; broken: ReadonlySet<string> } | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  const broken = new Set(paths.map((path) => pathText(path.slice(0, 2))));
  const isBrokenSection = (section: string) => [...broken].some((path) => path.startsWith(section));
  const isSound = (section: string, name: string) => !broken.has(pathText([section, name]));
  const kept = sections.map((section) => {
    const things = valueAt(json, [section]);
    if (broken.has(section) || typeof things !== 'object' || things === null) return [section, {}] as const;
    return [
      section,
      Object.fromEntries(Object.entries(things).filter(([name]) => isSound(section, name))),
    ] as const;
  });
  const top = ['tick', 'seed', ...(isBrokenSection('episodes') ? [] : ['episodes'])].map(
    (field) => [field, valueAt(json, [field])] as const,
  );
  const parsed = networkSchema.safeParse({
    engram: 1,
    name: 'sound',
    ...Object.fromEntries([...top, ...kept]),
  });
  return parsed.success ? { description: parsed.data, broken } : null;
}

function resolveAll(
  description: NetworkDescription,
  broken: ReadonlySet<string>,
): { resolved: ResolvedNetwork; problems: readonly Problem[] } {
  const {
    tick = defaults.tick,
    seed = defaults.seed,
    modulators = {},
    rules = {},
    probes = {},
  } = description;
  const tickMilliseconds = parseTime(tick) ?? Number.NaN;
  const context = new Context(tickMilliseconds, seed, broken);
  checkTick(context, tick);
  if (Object.keys(description.populations).length === 0 && broken.size === 0)
    context.report(['populations'], 'is empty', 'at least one population');
  checkCount(context, 'populations', description.populations, limits.populations);
  for (const [name, population] of Object.entries(description.populations))
    resolvePopulation(context, name, population);
  resolveModulators(context, modulators);
  const book = new RuleBook([...context.modulatorNames, ...context.brokenNames('modulators')]);
  for (const [name, text] of Object.entries(rules)) book.add(context, name, text);
  for (const [name, projection] of Object.entries(description.projections ?? {}))
    resolveProjection(context, name, projection, book);
  checkNeuronFactors(context);
  return {
    resolved: {
      name: description.name,
      tickMilliseconds,
      seed,
      populations: [...context.populations.values()],
      modulators: [...context.modulators.values()],
      projections: [...context.projections.values()],
      probes: Object.entries(probes).flatMap(([name, probe]) => resolveProbe(context, name, probe) ?? []),
      episodes: description.episodes === undefined ? null : resolveEpisodes(context, description.episodes),
    },
    problems: context.problems,
  };
}

function checkTick(context: Context, text: string): void {
  const microseconds = context.tickMilliseconds * 1000;
  const whole = Math.abs(microseconds - Math.round(microseconds)) < 1e-6;
  if (!whole || microseconds < limits.tick.low || microseconds > limits.tick.high)
    context.report(['tick'], `is ${show(text)}`, '10 us to 1 s, a whole number of microseconds');
}

function checkCount(context: Context, section: string, things: object, most: number): void {
  const count = Object.keys(things).length;
  if (count > most) context.report([section], `has ${count} entries`, `at most ${most}`);
}
