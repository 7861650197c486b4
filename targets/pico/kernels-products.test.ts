import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  accumulator,
  call,
  changed,
  clamp,
  count,
  data,
  get,
  getHalves,
  increment,
  listOf,
  mantissa,
  places,
  put,
  runs,
  sat16,
  tag,
  tagIn,
  trace,
  weight16,
  weightIn,
  wordOf,
} from './kernel-calls.testing.js';

/** Loops of kernels_armv6m_products.S: a product that is rounded before and after the mantissa, onto tags and weights. */
const factor = fc.oneof(fc.integer({ min: -32767, max: 32767 }), fc.constantFrom(-32767, 1, 4096, 32767));
const kernelAt = data + 0x6000;

interface Term {
  readonly c: number;
  readonly m: number;
  readonly shift: number;
}

/** Terms that engram_product_kernel_for lets through. */
const termBelow = (most: number, c: fc.Arbitrary<number>) =>
  fc
    .record({ c, m: mantissa, shift: fc.integer({ min: 1, max: 30 }) })
    .filter(
      ({ c, m, shift }) =>
        (((32767 * Math.abs(c) + 64) >> 7) * Math.abs(m) + 2 ** (shift - 1)) / 2 ** shift < most + 1,
    );

/** Synapses with a term, the bounds of their weights, and what stands on the other side. */
const drawn = (most: number, c: fc.Arbitrary<number> = factor) =>
  fc.record({ n: count, term: termBelow(most, c), weightShift: fc.nat(12) }).chain((shape) =>
    fc
      .record({
        bounds: fc.tuple(weight16, weight16).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
        weights: listOf(weight16, shape.n + 1),
        tags: listOf(tag, shape.n + 1),
        traces: listOf(trace, 90),
        signals: listOf(factor, 90),
        acc: listOf(accumulator, 90),
        synapses: places(shape.n, shape.n + 1),
        others: places(shape.n, 90),
      })
      .map(({ weights, ...rest }) => {
        const [low, high] = rest.bounds;
        const inside = weights.map((w) => Math.min(high, Math.max(low, w)));
        const words = rest.tags.map((t, k) => wordOf(BigInt(inside[k]!), BigInt(t)));
        return { ...shape, ...rest, weights: inside, words };
      }),
  );

function putKernel({ c, m, shift }: Term, [low, high]: readonly [number, number], weightShift = 0): void {
  put(kernelAt, [c, m, shift, low, high, weightShift], 4);
}

const byTrace = (x: number, { c, m, shift }: Term) =>
  increment(BigInt(x >> 8), BigInt(c), BigInt(m), BigInt(shift));
const bounded = (w: number, change: bigint, [low, high]: readonly [number, number]) =>
  Number(clamp(BigInt(w) + change, BigInt(low), BigInt(high)));
const tagged = (word: number, x: number, term: Term) => changed(word, sat16(tagIn(word) + byTrace(x, term)));

test('tags of a dense column, by a trace and any factor', () => {
  const stride = 3;
  fc.assert(
    fc.property(drawn(32767), ({ n, term, bounds, words, traces }) => {
      const spaced = words.flatMap((word) => [word, 0x7fff_7fff, -1]);
      put(data, spaced, 4);
      put(data + 0x2000, traces, 4);
      putKernel(term, bounds);
      call('engram_product_column_dense', data, stride * 4, data + 0x2000, kernelAt, n);
      const expected = words.map((word, i) => (i < n ? tagged(word, traces[i]!, term) : word));
      expect(get(data, spaced.length)).toEqual(expected.flatMap((word) => [word, 0x7fff_7fff, -1]));
    }),
    runs,
  );
});

test('tags of a sparse column, by a trace and any factor', () => {
  fc.assert(
    fc.property(drawn(32767), ({ n, term, bounds, words, traces, synapses, others }) => {
      put(data, words, 4);
      put(data + 0x800, synapses, 4);
      put(data + 0x1000, others, 2);
      put(data + 0x2000, traces, 4);
      putKernel(term, bounds);
      call('engram_product_column_sparse', data, data + 0x800, data + 0x1000, data + 0x2000, kernelAt, n);
      const expected = [...words];
      synapses.forEach((synapse, k) => {
        expected[synapse] = tagged(words[synapse]!, traces[others[k]!]!, term);
      });
      expect(get(data, n + 1)).toEqual(expected);
    }),
    runs,
  );
});

test('weights without tags, a dense row and a dense column', () => {
  const stride = 3;
  fc.assert(
    fc.property(drawn(65535), ({ n, term, weightShift, bounds, weights, traces, acc }) => {
      const expected = weights.map((w, k) => (k < n ? bounded(w, byTrace(traces[k]!, term), bounds) : w));
      put(data, weights, 2);
      put(data + 0x1000, acc, 4);
      put(data + 0x2000, traces, 4);
      putKernel(term, bounds, weightShift);
      call('engram_weight16_row_dense', data, data + 0x1000, data + 0x2000, kernelAt, n);
      expect(getHalves(data, n + 1)).toEqual(expected);
      expect(get(data + 0x1000, acc.length)).toEqual(
        acc.map((a, k) => (k < n ? (a + ((weights[k]! >> 8) << weightShift)) | 0 : a)),
      );
      const spaced = (list: readonly number[]) => list.flatMap((w) => [w, 0x7fff, -1]);
      put(data, spaced(weights), 2);
      call('engram_weight16_column_dense', data, stride * 2, data + 0x2000, kernelAt, n);
      expect(getHalves(data, (n + 1) * stride)).toEqual(spaced(expected));
    }),
    runs,
  );
});

test('weights without tags, a sparse row and a sparse column', () => {
  fc.assert(
    fc.property(drawn(65535), ({ n, term, weightShift, bounds, weights, traces, acc, synapses, others }) => {
      put(data, weights, 2);
      put(data + 0x800, others, 2);
      put(data + 0x1000, acc, 4);
      put(data + 0x2000, traces, 4);
      put(data + 0x3000, synapses, 4);
      putKernel(term, bounds, weightShift);
      call('engram_weight16_row_sparse', data, data + 0x800, data + 0x1000, data + 0x2000, kernelAt, n);
      const delivered = [...acc];
      others.forEach((target, k) => {
        delivered[target] = (delivered[target]! + ((weights[k]! >> 8) << weightShift)) | 0;
      });
      expect(get(data + 0x1000, acc.length)).toEqual(delivered);
      expect(getHalves(data, n + 1)).toEqual(
        weights.map((w, k) => (k < n ? bounded(w, byTrace(traces[others[k]!]!, term), bounds) : w)),
      );
      put(data, weights, 2);
      call('engram_weight16_column_sparse', data, data + 0x3000, data + 0x800, data + 0x2000, kernelAt, n);
      const expected = [...weights];
      synapses.forEach((synapse, k) => {
        expected[synapse] = bounded(weights[synapse]!, byTrace(traces[others[k]!]!, term), bounds);
      });
      expect(getHalves(data, n + 1)).toEqual(expected);
    }),
    runs,
  );
});

test('weights by tag and learning signal, dense and sparse rows', () => {
  fc.assert(
    fc.property(drawn(65535, fc.constant(32767)), ({ n, term, bounds, words, signals, others }) => {
      const { m, shift } = term;
      const expected = (place: (k: number) => number) =>
        words.map((word, k) => {
          if (k === n) return word;
          const change = increment(tagIn(word), BigInt(signals[place(k)]!), BigInt(m), BigInt(shift));
          return wordOf(BigInt(bounded(Number(weightIn(word)), change, bounds)), tagIn(word));
        });
      put(data, words, 4);
      put(data + 0x800, others, 2);
      put(data + 0x1000, signals, 2);
      putKernel(term, bounds);
      call('engram_tag_and_l_row_dense', data, data + 0x1000, kernelAt, n);
      expect(get(data, n + 1)).toEqual(expected((k) => k));
      put(data, words, 4);
      call('engram_tag_and_l_row_sparse', data, data + 0x800, data + 0x1000, kernelAt, n);
      expect(get(data, n + 1)).toEqual(expected((k) => others[k]!));
    }),
    runs,
  );
});
