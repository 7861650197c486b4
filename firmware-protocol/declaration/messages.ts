import { deviceMessages } from './device.js';
import { eventMessages } from './events.js';
import type { MessageDeclaration } from './message.js';
import { probeMessages } from './probes.js';
import { runMessages } from './run.js';
import { sessionMessages } from './session.js';
import { spikeMessages } from './spikes.js';
import { stateMessages } from './state.js';
import { statisticsMessages } from './statistics.js';
import { uploadMessages } from './upload.js';

interface Family {
  readonly title: string;
  readonly messages: Readonly<Record<string, MessageDeclaration>>;
}

/** The families in the order of the document. */
export const families = [
  { title: 'Session', messages: sessionMessages },
  { title: 'Images and checkpoints', messages: uploadMessages },
  { title: 'Running', messages: runMessages },
  { title: 'Spikes', messages: spikeMessages },
  { title: 'Reward and control', messages: eventMessages },
  { title: 'Probes', messages: probeMessages },
  { title: 'State', messages: stateMessages },
  { title: 'Statistics', messages: statisticsMessages },
  { title: 'Log', messages: deviceMessages },
] as const satisfies readonly Family[];

/** Every message of the protocol by its name. */
export const messages = {
  ...sessionMessages,
  ...uploadMessages,
  ...runMessages,
  ...spikeMessages,
  ...eventMessages,
  ...probeMessages,
  ...stateMessages,
  ...statisticsMessages,
  ...deviceMessages,
} as const satisfies Readonly<Record<string, MessageDeclaration>>;

export type MessageName = keyof typeof messages;

type NamesOf<R extends MessageDeclaration['role']> = {
  [N in MessageName]: (typeof messages)[N]['role'] extends R ? N : never;
}[MessageName];

export type RequestName = NamesOf<'request'>;
export type NoticeName = NamesOf<'notice'>;
export type ReplyName = NamesOf<'reply'>;
export type StreamName = NamesOf<'stream'>;

/** The message that answers a request when it succeeds. */
export type ReplyOf<N extends RequestName> = (typeof messages)[N]['reply'];

export const messageNames = Object.keys(messages) as MessageName[];

const byId: ReadonlyMap<number, MessageName> = new Map(messageNames.map((name) => [messages[name].id, name]));

/** Name of the message with this type byte; undefined if this version has none. */
export function messageName(id: number): MessageName | undefined {
  return byId.get(id);
}
