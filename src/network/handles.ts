import type { PopulationDescription } from './description.js';

type Model = PopulationDescription['model'];

/** Part of a population, as `project` and `probe` take it. */
export interface SliceHandle<M extends Model = Model> {
  readonly kind: 'population';
  readonly model: M;
  readonly population: string;
  readonly first: number;
  readonly size: number;
  /** As a description names it: "action" or "action[0:5]". */
  readonly text: string;
}

/** A population of a network under construction. */
export interface PopulationHandle<M extends Model = Model> extends SliceHandle<M> {
  readonly name: string;
  /** Neurons first … end − 1. Throws a RangeError outside 0 … size. */
  slice(first: number, end: number): SliceHandle<M>;
}

/** A projection, modulator or rule of a network under construction. */
export interface Handle<K extends 'projection' | 'modulator' | 'rule'> {
  readonly kind: K;
  readonly name: string;
}

export function populationHandle<M extends Model>(name: string, model: M, size: number): PopulationHandle<M> {
  return {
    kind: 'population',
    model,
    population: name,
    name,
    first: 0,
    size,
    text: name,
    slice(first, end) {
      if (!(Number.isInteger(first) && Number.isInteger(end) && 0 <= first && first < end && end <= size))
        throw new RangeError(`${name}.slice(${first}, ${end}): 0 <= first < end <= ${size} is needed`);
      return {
        kind: 'population',
        model,
        population: name,
        first,
        size: end - first,
        text: `${name}[${first}:${end}]`,
      };
    },
  };
}
