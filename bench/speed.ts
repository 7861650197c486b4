import { EngramRun } from './speed/engram-run.js';
import { stateDifference } from './speed/native-check.js';
import { nativeDense } from './speed/native-dense.js';
import { nativePlastic, nativeStatic } from './speed/native-network.js';
import { NativeProgram, nativeCompiler } from './speed/native-run.js';
import { inferenceWorkload, workload } from './speed/workloads.js';

const compiler = nativeCompiler();
for (const name of (process.argv[2] ?? 'S1,S2').split(',') as ('S1' | 'S2')[]) {
  const load = name === ('S4' as string) ? inferenceWorkload(200) : workload(name);
  const core = load.image.cores[0]!.core;
  const network =
    name === ('S4' as string)
      ? nativeDense(load)
      : name.startsWith('S1')
        ? nativeStatic(load.image, load.ticks)
        : nativePlastic(load.image, load.ticks, load.rewards);
  const program = new NativeProgram(compiler!, network);
  const natives = [1, 2, 3, 4, 5].map(() => program.run());
  const native = natives.sort((a, b) => a.seconds - b.seconds)[2]!;
  program.dispose();
  const engram = new EngramRun(load, { kernels: 'default' });
  const result = engram.run();
  if (load.clearEvery) console.log('images/s', 200 / native.seconds, 200 / result.seconds);
  const rate = native.spikes / core.neuronCount / ((load.ticks * load.image.network.tickMicroseconds) / 1e6);
  console.log(name, {
    rate,
    native: native.events / native.seconds / 1e6,
    engram: result.events / result.seconds / 1e6,
    same: stateDifference(engram, network, native.state),
    e: [native.events, result.events],
  });
}
