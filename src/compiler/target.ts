import { z } from 'zod';

const hex = z.string().regex(/^0x[0-9a-f]+$/i);

/** What a board offers, as `targets/<board>/target.json` states it. */
export const targetSchema = z.strictObject({
  id: z.int().min(1),
  name: z.string(),
  title: z.string(),
  family: z.literal('engram'),
  /** Cores; spikes between them take at least one tick. */
  cores: z.int().min(1).max(4095),
  /** Columns and rows of the mesh the cores stand on, row by row; without one all are neighbours. */
  mesh: z.tuple([z.int().min(1), z.int().min(1)]).optional(),
  perCore: z.strictObject({
    neurons: z.int().min(1).max(65536),
    axons: z
      .int()
      .min(1)
      .max(1 << 20),
    synapses: z.int().min(1),
    memoryBytes: z.int().min(1),
  }),
  /** Bytes of the largest image that an upload takes: the firmware's room for one. */
  imageBytes: z.int().min(1),
  clockHz: z.number().min(1),
  /** Cycles of what a tick does; `measured` says whether they were counted or are goals. */
  cycles: z.strictObject({
    /** A tick in which nothing happens. */
    tick: z.number(),
    /** A population's neurons or a plastic block, in every tick; a modulator; a trace that decays. */
    part: z.number(),
    modulator: z.number(),
    trace: z.number(),
    /** A neuron; one with an adaptive threshold or a pseudo-derivative; a learning signal of it. */
    neuron: z.number(),
    adaptiveNeuron: z.number(),
    signal: z.number(),
    /** An arriving spike at a block's row, and a post- or near-event at a block's column, beside their synapses. */
    arrival: z.number(),
    column: z.number(),
    /** A synapse of them: static; plastic with one term of two factors; the latter at post- and near-events. */
    staticSynapse: z.number(),
    plasticSynapse: z.number(),
    postSynapse: z.number(),
    /** A synapse at an event of any other rule, and each of its terms. */
    generalSynapse: z.number(),
    generalTerm: z.number(),
    /** A synapse of a feedback projection. */
    signalSynapse: z.number(),
    /** A visit of a sweep: decay of a tag; one term onto the weight. */
    tagSweep: z.number(),
    sweptSynapse: z.number(),
    measured: z.boolean(),
  }),
  flash: z.strictObject({ method: z.enum(['uf2', 'dfu', 'none']), familyId: hex.optional() }),
  usb: z.array(z.strictObject({ vendorId: hex, productId: hex, note: z.string() })),
});

export type Target = z.infer<typeof targetSchema>;
