/** What the kernels count in a tick. */
export interface TickCounts {
  synapticEvents: number;
  postEvents: number;
  sweptSynapses: number;
}
