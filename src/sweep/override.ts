import { EngramError } from '../errors/engram-error.js';
import { didYouMean } from '../learning/closest.js';
import type { NetworkDescription } from '../network/description.js';
import type { Value } from './point.js';

type Container = Record<string, unknown> | unknown[];

/**
 * A copy of a description with other values at some paths, such as `projections.p.plasticity.rate` or
 * `projections.p.plasticity.weightRange[1]`. All of a path but its last name must be there; whether the last may be, and
 * with that value, is for the check of the network to say. Throws E0101 for a path that leads nowhere.
 */
export function override(
  description: NetworkDescription,
  values: Readonly<Record<string, Value>>,
): NetworkDescription {
  const copy = structuredClone(description);
  for (const [path, value] of Object.entries(values)) {
    const keys = pathKeys(path);
    const last = keys.pop()!;
    let place = copy as unknown as Container;
    for (const [depth, key] of keys.entries())
      place = inside(place, key) ?? leadsNowhere(path, keys.slice(0, depth), key, place);
    if (Array.isArray(place) && !(Number(last) < place.length)) leadsNowhere(path, keys, last, place);
    (place as Record<string, unknown>)[last] = value;
  }
  return copy;
}

/** Names and numbers of a path: `weight.values[3]` and `weight.values.3` alike. */
function pathKeys(path: string): string[] {
  const keys = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  if (keys.every((key) => /^[\w$-]+$/.test(key) && key !== '__proto__')) return keys;
  throw new EngramError('E0101', `'${path}' is no path of a network description`, {
    fix: ['write names with dots between: projections.NAME.plasticity.rate'],
  });
}

function inside(place: Container, key: string): Container | null {
  if (!Object.hasOwn(place, key)) return null;
  const found = (place as Record<string, unknown>)[key];
  return typeof found === 'object' && found !== null ? (found as Container) : null;
}

function leadsNowhere(path: string, above: readonly string[], key: string, place: Container): never {
  const names = Array.isArray(place) ? [`0 to ${place.length - 1}`] : Object.keys(place);
  const where = above.length === 0 ? 'the description' : `'${above.join('.')}'`;
  const what = Object.hasOwn(place, key) ? `'${key}', which has no parts` : `no '${key}'`;
  throw new EngramError(
    'E0101',
    `${path} cannot be set: ${where} has ${what}${didYouMean(key, Array.isArray(place) ? [] : names)}`,
    { facts: [['there', names.join(', ') || 'nothing']] },
  );
}
