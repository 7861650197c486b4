import { nativeDense } from './native-dense.js';
import { type NativeNetwork, nativePlastic, nativeStatic } from './native-network.js';
import type { Workload } from './workload.js';

/** A workload as its bare loop takes it. */
export function nativeNetwork(workload: Workload): NativeNetwork {
  const { name, image, ticks, rewards } = workload;
  if (name === 'S4') return nativeDense(workload);
  return name.startsWith('S1') ? nativeStatic(image, ticks) : nativePlastic(image, ticks, rewards);
}
