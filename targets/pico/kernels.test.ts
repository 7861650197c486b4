import fc from 'fast-check';
import { expect, test } from 'vitest';
import { neuronGroupLayout } from '../../src/image/layout.js';
import { writeRecord } from '../../src/image/record.js';
import {
  accumulator,
  call,
  changed,
  chip,
  clamp,
  count,
  data,
  get,
  increment,
  listOf,
  mantissa,
  places,
  put,
  ram,
  runs,
  sat16,
  tag,
  tagIn,
  trace,
  weight8,
  weight16,
  weightIn,
  wordOf,
} from './kernel-calls.testing.js';

/**
 * The inner loops in assembly of the shipped firmware (targets/core/kernels_armv6m_*.S), called one by one in the chip
 * emulator and held against what docs/core.md says, in 64-bit integers.
 */
test('a static dense row, however it is aligned', () => {
  const input = fc.record({ n: count, from: fc.nat(3), shift: fc.nat(16) }).chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      weights: listOf(weight8, shape.n),
      acc: listOf(accumulator, shape.n + 1),
    }),
  );
  fc.assert(
    fc.property(input, ({ shape: { n, from, shift }, weights, acc }) => {
      put(data + from, weights, 1);
      put(data + 0x1000, acc, 4);
      call('engram_static_dense_row', data + from, data + 0x1000, n, shift);
      const expected = acc.map((a, j) => (j < n ? (a + (weights[j]! << shift)) | 0 : a));
      expect(get(data + 0x1000, n + 1)).toEqual(expected);
    }),
    runs,
  );
});

test('a static sparse row, however it is aligned', () => {
  const input = fc.record({ n: count, from: fc.nat(3), shift: fc.nat(16) }).chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      weights: listOf(weight8, shape.n),
      targets: listOf(fc.nat(99), shape.n),
      acc: listOf(accumulator, 100),
    }),
  );
  fc.assert(
    fc.property(input, ({ shape: { n, from, shift }, weights, targets, acc }) => {
      put(data + from, weights, 1);
      put(data + 0x800, targets, 2);
      put(data + 0x1000, acc, 4);
      call('engram_static_sparse_row', data + from, data + 0x800, data + 0x1000, n, shift);
      const expected = [...acc];
      targets.forEach((target, k) => {
        expected[target] = (expected[target]! + (weights[k]! << shift)) | 0;
      });
      expect(get(data + 0x1000, 100)).toEqual(expected);
    }),
    runs,
  );
});

const tagInput = fc
  .record({ n: count, m: mantissa, shift: fc.integer({ min: 7, max: 16 }), weightShift: fc.nat(12) })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      tags: listOf(tag, shape.n + 1),
      weights: listOf(weight16, shape.n + 1),
      acc: listOf(accumulator, shape.n + 1),
      traces: listOf(trace, shape.n + 1),
    }),
  );

test('a plastic dense row: weights delivered, tags changed and saturated', () => {
  fc.assert(
    fc.property(tagInput, ({ shape: { n, m, shift, weightShift }, tags, weights, acc, traces }) => {
      const words = tags.map((t, j) => wordOf(BigInt(weights[j]!), BigInt(t)));
      put(data, words, 4);
      put(data + 0x1000, acc, 4);
      put(data + 0x2000, traces, 4);
      put(data + 0x3000, [m, shift, weightShift], 4);
      call('engram_tag_row_dense', data, data + 0x1000, data + 0x2000, data + 0x3000, n);
      expect(get(data + 0x1000, n + 1)).toEqual(
        acc.map((a, j) => (j < n ? (a + ((weights[j]! >> 8) << weightShift)) | 0 : a)),
      );
      expect(get(data, n + 1)).toEqual(
        words.map((word, j) => (j < n ? tagged(word, traces[j]!, m, shift) : word)),
      );
    }),
    runs,
  );
});

test('two plastic dense rows at once: both weights delivered, both tags changed by the same traces', () => {
  const input = tagInput.chain((drawn) =>
    fc.record({
      drawn: fc.constant(drawn),
      tags2: listOf(tag, drawn.shape.n + 1),
      weights2: listOf(weight16, drawn.shape.n + 1),
    }),
  );
  fc.assert(
    fc.property(input, ({ drawn: { shape, tags, weights, acc, traces }, tags2, weights2 }) => {
      const { n, m, shift, weightShift } = shape;
      const words = tags.map((t, j) => wordOf(BigInt(weights[j]!), BigInt(t)));
      const words2 = tags2.map((t, j) => wordOf(BigInt(weights2[j]!), BigInt(t)));
      put(data, words, 4);
      put(data + 0x800, words2, 4);
      put(data + 0x1000, acc, 4);
      put(data + 0x2000, traces, 4);
      put(data + 0x3000, [m, shift, weightShift], 4);
      call('engram_tag_increments', data + 0x4000, data + 0x2000, data + 0x3000, n);
      call('engram_tag_row_pair', data, data + 0x800, data + 0x1000, data + 0x4000, data + 0x3000, n);
      expect(get(data + 0x1000, n + 1)).toEqual(
        acc.map((a, j) => {
          const delivered = ((weights[j]! >> 8) << weightShift) + ((weights2[j]! >> 8) << weightShift);
          return j < n ? (a + delivered) | 0 : a;
        }),
      );
      const grown = (list: readonly number[]) =>
        list.map((word, j) => (j < n ? tagged(word, traces[j]!, m, shift) : word));
      expect(get(data, n + 1)).toEqual(grown(words));
      expect(get(data + 0x800, n + 1)).toEqual(grown(words2));
    }),
    runs,
  );
});

test('a plastic dense column', () => {
  const stride = 3;
  fc.assert(
    fc.property(tagInput, ({ shape: { n, m, shift }, tags, weights, traces }) => {
      const words = tags.map((t, i) => wordOf(BigInt(weights[i]!), BigInt(t)));
      const spaced = words.flatMap((word) => [word, 0x7fff_7fff, -1]);
      put(data, spaced, 4);
      put(data + 0x2000, traces, 4);
      put(data + 0x3000, [m, shift, 0], 4);
      call('engram_tag_column_dense', data, stride * 4, data + 0x2000, data + 0x3000, n);
      const expected = words.flatMap((word, i) => [
        i < n ? tagged(word, traces[i]!, m, shift) : word,
        0x7fff_7fff,
        -1,
      ]);
      expect(get(data, spaced.length)).toEqual(expected);
    }),
    runs,
  );
});

test('a plastic sparse row', () => {
  const input = tagInput.chain((drawn) =>
    fc.record({
      drawn: fc.constant(drawn),
      targets: places(drawn.shape.n, 90),
      y: listOf(trace, 90),
      acc: listOf(accumulator, 90),
    }),
  );
  fc.assert(
    fc.property(
      input,
      ({
        drawn: {
          shape: { n, m, shift, weightShift },
          tags,
          weights,
        },
        targets,
        y,
        acc,
      }) => {
        const words = tags.map((t, k) => wordOf(BigInt(weights[k]!), BigInt(t)));
        put(data, words, 4);
        put(data + 0x800, targets, 2);
        put(data + 0x1000, acc, 4);
        put(data + 0x2000, y, 4);
        put(data + 0x3000, [m, shift, weightShift], 4);
        call('engram_tag_row_sparse', data, data + 0x800, data + 0x1000, data + 0x2000, data + 0x3000, n);
        const delivered = [...acc];
        targets.forEach((target, k) => {
          delivered[target] = (delivered[target]! + ((weights[k]! >> 8) << weightShift)) | 0;
        });
        expect(get(data + 0x1000, 90)).toEqual(delivered);
        expect(get(data, n + 1)).toEqual(
          words.map((word, k) => (k < n ? tagged(word, y[targets[k]!]!, m, shift) : word)),
        );
      },
    ),
    runs,
  );
});

test('a plastic sparse column', () => {
  const input = tagInput.chain((drawn) =>
    fc.record({
      drawn: fc.constant(drawn),
      synapses: places(drawn.shape.n, drawn.shape.n + 1),
      axons: places(drawn.shape.n, 90),
      x: listOf(trace, 90),
    }),
  );
  fc.assert(
    fc.property(
      input,
      ({
        drawn: {
          shape: { n, m, shift },
          tags,
          weights,
        },
        synapses,
        axons,
        x,
      }) => {
        const words = tags.map((t, k) => wordOf(BigInt(weights[k]!), BigInt(t)));
        put(data, words, 4);
        put(data + 0x800, synapses, 4);
        put(data + 0x1000, axons, 2);
        put(data + 0x2000, x, 4);
        put(data + 0x3000, [m, shift, 0], 4);
        call('engram_tag_column_sparse', data, data + 0x800, data + 0x1000, data + 0x2000, data + 0x3000, n);
        const expected = [...words];
        synapses.forEach((synapse, k) => {
          expected[synapse] = tagged(words[synapse]!, x[axons[k]!]!, m, shift);
        });
        expect(get(data, n + 1)).toEqual(expected);
      },
    ),
    runs,
  );
});

const state = fc.oneof(
  fc.integer({ min: -(2 ** 23 - 1), max: 2 ** 23 - 1 }),
  fc.constantFrom(0, 1, -1, 2 ** 23 - 1, -(2 ** 23 - 1)),
);
const sat24 = (x: bigint) => clamp(x, -(2n ** 23n - 1n), 2n ** 23n - 1n);
const decayed = (x: bigint, keep: number) => {
  const size = ((x < 0n ? -x : x) * BigInt(keep)) >> 16n;
  return x < 0n ? -size : size;
};
const keepOf = fc.oneof(fc.integer({ min: 0, max: 65535 }), fc.constantFrom(0, 1, 65535));
const arrival = fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), state);

test('synaptic currents', () => {
  const input = count.chain((n) =>
    fc.record({ i: listOf(state, n + 1), acc: listOf(arrival, n + 1), keep: keepOf }),
  );
  fc.assert(
    fc.property(input, ({ i, acc, keep }) => {
      const n = i.length - 1;
      put(data, acc, 4);
      put(data + 0x1000, i, 4);
      call('engram_update_currents', data, data + 0x1000, n, keep);
      const next = i.map((value, k) => Number(sat24(decayed(BigInt(value), keep) + sat24(BigInt(acc[k]!)))));
      expect(get(data + 0x1000, n + 1)).toEqual([...next.slice(0, n), i[n]]);
      expect(get(data, n + 1)).toEqual([...next.slice(0, n), acc[n]]);
    }),
    runs,
  );
});

test('membrane noise', () => {
  const word = 0xffff_ffffn;
  const mix = (x: bigint) => {
    let z = x & word;
    z ^= z >> 16n;
    z = (z * 0x7feb352dn) & word;
    z ^= z >> 15n;
    z = (z * 0x846ca68bn) & word;
    return z ^ (z >> 16n);
  };
  const input = fc.record({
    acc: count.chain((n) => listOf(state, n + 1)),
    part: fc.nat(0xffff_ffff),
    unit: fc.nat(100_000),
    amplitude: fc.oneof(fc.integer({ min: 1, max: 2 ** 23 - 1 }), fc.integer({ min: 1, max: 40_000 })),
  });
  fc.assert(
    fc.property(input, ({ acc, part, unit, amplitude }) => {
      const n = acc.length - 1;
      put(data, acc, 4);
      call('engram_add_noise', data, n, (part + Math.imul(unit, 0xc2b2ae35)) | 0, amplitude);
      const expected = acc.map((value, k) => {
        if (k === n) return value;
        const s = (mix(BigInt(part) + BigInt(unit + k) * 0xc2b2ae35n) >> 16n) - 32768n;
        const size = ((s < 0n ? -s : s) * BigInt(amplitude)) / 32768n;
        return value + Number(s < 0n ? -size : size);
      });
      expect(get(data, n + 1)).toEqual(expected);
    }),
    runs,
  );
});

test('membranes: decay, refractory ticks, thresholds, resets', () => {
  const input = fc
    .record({
      n: fc.integer({ min: 1, max: 40 }),
      keep: fc.oneof(keepOf, fc.constant(65536)),
      bias: fc.integer({ min: -200_000, max: 200_000 }),
      threshold: fc.oneof(fc.integer({ min: 1, max: 2 ** 22 }), fc.constant(2 ** 23)),
      saturates: fc.boolean(),
      reset: fc.nat(2),
      resetValue: fc.integer({ min: -1000, max: 0 }),
      refractory: fc.nat(5),
    })
    .chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        v: listOf(state, shape.n),
        acc: listOf(shape.saturates ? arrival : fc.integer({ min: -(2 ** 25), max: 2 ** 25 }), shape.n),
        waiting: listOf(fc.oneof(fc.constant(0), fc.nat(5)), shape.n),
      }),
    );
  fc.assert(
    fc.property(input, ({ shape, v, acc, waiting }) => {
      const { n, keep, bias, threshold, saturates, reset, resetValue, refractory } = shape;
      const firstNeuron = 7;
      const group = data + 0x5000;
      putGroup(group, { firstNeuron, threshold, resetValue, refractory, resetMode: reset, count: n });
      put(data, acc, 4);
      put(data + 0x1000, v, 4);
      put(data + 0x2000, waiting, 2);
      put(data + 0x3000, [0, 0], 4);
      put(
        data + 0x4000,
        [data, data + 0x1000, data + 0x2000, n, keep, bias, threshold, group, data + 0x3000],
        4,
      );
      call('engram_update_membranes', data + 0x4000, saturates ? 1 : 0);
      const spiked = [0, 0];
      const expected = v.map((old, k) => {
        if (waiting[k] !== 0) return { v: old, refractory: waiting[k]! - 1 };
        const drive = saturates ? sat24(BigInt(acc[k]!)) : BigInt(acc[k]!);
        const decays = keep < 65536 ? decayed(BigInt(old), keep) : BigInt(old);
        const x = sat24(decays + drive + BigInt(bias));
        if (x < BigInt(threshold)) return { v: Number(x), refractory: 0 };
        const neuron = firstNeuron + k;
        spiked[neuron >> 5]! |= 1 << (neuron & 31);
        const after = [BigInt(resetValue), sat24(x - BigInt(threshold)), x][reset]!;
        return { v: Number(after), refractory };
      });
      expect(get(data + 0x1000, n)).toEqual(expected.map((one) => one.v));
      expect(get(data, n)).toEqual(Array(n).fill(0));
      expect(get(data + 0x3000, 2)).toEqual(spiked);
      expect(Array.from({ length: n }, (_, k) => chip.readUint16(data + 0x2000 + 2 * k))).toEqual(
        expected.map((one) => one.refractory),
      );
    }),
    runs,
  );
});

/** A neuron group as the image has it. */
function putGroup(at: number, fields: Record<string, number>): void {
  const record = Object.fromEntries(neuronGroupLayout.fields.map(({ name }) => [name, fields[name] ?? 0]));
  const view = new DataView(chip.sram.buffer, chip.sram.byteOffset);
  writeRecord(neuronGroupLayout, view, at - ram, record as never);
}

test('tags decay towards zero', () => {
  const input = count.chain((n) =>
    fc.record({
      tags: listOf(tag, n + 1),
      weights: listOf(weight16, n + 1),
      keep: fc.oneof(fc.integer({ min: 0, max: 65535 }), fc.constantFrom(0, 1, 65535)),
    }),
  );
  fc.assert(
    fc.property(input, ({ tags, weights, keep }) => {
      const n = tags.length - 1;
      const words = tags.map((t, k) => wordOf(BigInt(weights[k]!), BigInt(t)));
      put(data, words, 4);
      call('engram_decay_tags', data, n, keep);
      const expected = words.map((word, k) => {
        if (k === n) return word;
        const t = tagIn(word);
        const size = ((t < 0n ? -t : t) * BigInt(keep)) >> 16n;
        return changed(word, t < 0n ? -size : size);
      });
      expect(get(data, n + 1)).toEqual(expected);
    }),
    runs,
  );
});

test('modulated sweeps change the weight within its bounds', () => {
  const input = fc
    .record({
      n: count,
      c: fc.integer({ min: -32767, max: 32767 }),
      m: mantissa,
      shift: fc.integer({ min: 1, max: 30 }),
    })
    // What engram_weight_kernel_for lets through.
    .filter(
      ({ c, m, shift }) =>
        (((32767 * Math.abs(c) + 64) >> 7) * Math.abs(m) + 2 ** (shift - 1)) / 2 ** shift < 65536,
    )
    .chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        tags: listOf(tag, shape.n + 1),
        weights: listOf(weight16, shape.n + 1),
        bounds: fc.tuple(weight16, weight16).map((pair) => pair.sort((a, b) => a - b)),
      }),
    );
  fc.assert(
    fc.property(input, ({ shape: { n, c, m, shift }, tags, weights, bounds: [low, high] }) => {
      const inside = weights.map((w) => Math.min(high!, Math.max(low!, w)));
      const words = tags.map((t, k) => wordOf(BigInt(inside[k]!), BigInt(t)));
      put(data, words, 4);
      put(data + 0x3000, [c, m, shift, low!, high!], 4);
      call('engram_weight_row', data, n, data + 0x3000);
      const expected = words.map((word, k) => {
        if (k === n) return word;
        const sum = weightIn(word) + increment(tagIn(word), BigInt(c), BigInt(m), BigInt(shift));
        return wordOf(clamp(sum, BigInt(low!), BigInt(high!)), tagIn(word));
      });
      expect(get(data, n + 1)).toEqual(expected);
    }),
    runs,
  );
});

/** A tag after an event with the trace in a term that the kernels serve. */
function tagged(word: number, trace: number, m: number, shift: number): number {
  return changed(
    word,
    sat16(tagIn(word) + increment(4096n, BigInt(trace >> 8), BigInt(m), BigInt(shift + 5))),
  );
}
