import { describe, expect, test } from 'vitest';
import { blockFlags, variableCodes } from '../../src/image/layout.js';
import { EngramRun } from './engram-run.js';
import { fullLayers } from './inference.js';
import { stateDifference } from './native-check.js';
import { nativeNetwork } from './native-form.js';
import { NativeProgram, nativeCompiler } from './native-run.js';
import { type NetworkName, networkNames, sizes } from './networks.js';
import type { Workload } from './workload.js';
import { inferenceWorkload, workload } from './workloads.js';

const compiler = nativeCompiler();
/** Without a C compiler there is nothing to compare with. */
const testWithCompiler = test.runIf(compiler !== null);

/** Each network with fewer neurons; as many inputs each, or there would be no spikes. */
function small(name: NetworkName): Workload {
  if (name === 'S4') return inferenceWorkload(3, { ...fullLayers, hidden: 100 });
  const { neurons, inputs } = sizes[name];
  return workload(name, { neurons: Math.max(500, neurons / 20), inputs: Math.min(inputs, 100) }, 1100);
}

describe.each(networkNames)('%s', (name) => {
  const load = small(name);
  const run = new EngramRun(load, { kernels: 'wasm' });

  test('kernels and plain TypeScript: one state, and spikes in it', () => {
    const reference = new EngramRun(load, { kernels: 'typescript' });
    expect(run.run().events).toBe(reference.run().events);
    expect(run.machine.stateHash()).toBe(reference.machine.stateHash());
    expect(run.countSpikes()).toBeGreaterThan(500);
  });

  testWithCompiler('the bare loop: every bit of the state, spikes and events', () => {
    const form = nativeNetwork(load);
    const program = new NativeProgram(compiler!, form);
    try {
      const native = program.run();
      expect(native.events).toBe(run.run().events);
      expect(stateDifference(run, form, native.state)).toBeNull();
      expect(native.spikes).toBe(run.countSpikes());
    } finally {
      program.dispose();
    }
  });
});

testWithCompiler('a weight that differs by one unit is found', () => {
  const load = small('S3');
  const form = nativeNetwork(load);
  const program = new NativeProgram(compiler!, form);
  const native = program.run();
  program.dispose();
  const run = new EngramRun(load, { kernels: 'wasm' });
  run.run();
  const { firstSynapse } = run.machine.image.cores[0]!.blocks.find(
    ({ flags }) => flags & blockFlags.plastic,
  )!;
  const [weight] = run.machine.read(0, variableCodes.weight, firstSynapse + 5, 1);
  run.machine.write(0, variableCodes.weight, firstSynapse + 5, Int32Array.of(weight! + 1));
  expect(stateDifference(run, form, native.state)).toBe(
    `W[5] is ${weight} in the bare loop, ${weight! + 1} in the emulator`,
  );
});
