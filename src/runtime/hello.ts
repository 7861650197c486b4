import { createDecoder } from '../../firmware-protocol/codec/decode.js';
import { encodeMessage } from '../../firmware-protocol/codec/message.js';
import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { wireErrors } from '../../firmware-protocol/declaration/errors.js';
import { frameLimits, protocolVersion } from '../../firmware-protocol/declaration/frame.js';
import { EngramError } from '../errors/engram-error.js';
import type { Relay } from './relay.js';
import { aborted, boardRefused, connectionLost } from './wire-failure.js';

const tries = 3;
const tryMilliseconds = 1000;

/** Says HELLO until the board answers. Throws E0702, E0703, E0701 or E0708; the transport is closed then. */
export async function sayHello(
  connection: Relay,
  session: Pick<MessageFields<'HELLO'>, 'session' | 'streamWindow' | 'flags'>,
  signal?: AbortSignal,
): Promise<MessageFields<'HELLO_REPLY'>> {
  try {
    return await converse(connection, session, signal);
  } catch (error) {
    await connection.transport.close();
    throw error;
  }
}

function converse(
  connection: Relay,
  session: Pick<MessageFields<'HELLO'>, 'session' | 'streamWindow' | 'flags'>,
  signal?: AbortSignal,
): Promise<MessageFields<'HELLO_REPLY'>> {
  const { name } = connection.transport.info;
  const decoder = createDecoder();
  const hello = encodeMessage(
    'HELLO',
    { ...protocolVersion, maxPayload: frameLimits.largestMaxPayload, host: 'engram', ...session },
    { sequence: 0 },
  );
  // A delimiter first ends whatever noise came before.
  const bytes = Uint8Array.of(0, ...hello);
  return new Promise((resolve, reject) => {
    let sent = 0;
    const end = (act: () => void) => {
      clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
      connection.hand(
        () => {},
        () => {},
      );
      act();
    };
    const onAbort = () => end(() => reject(aborted(`connecting to ${name}`)));
    const say = () => {
      if (sent++ < tries) void connection.transport.send(bytes);
      else end(() => reject(noAnswer(name)));
    };
    const timer = setInterval(say, tryMilliseconds);
    connection.hand(
      (data) => {
        for (const frame of connection.frames(data)) {
          const message = decoder.decode(frame);
          if (message.name === 'HELLO_REPLY' && message.fields.session === session.session)
            return end(() => resolve(message.fields));
          if (message.name === 'ERROR' && message.fields.code === wireErrors.VERSION.number)
            return end(() => reject(otherVersion(message.fields)));
          if (
            message.name === 'ERROR' &&
            frame.sequence === 0 &&
            message.fields.code !== wireErrors.NO_SESSION.number
          )
            return end(() =>
              reject(boardRefused('HELLO', message.fields.code, message.fields.detail, message.fields.text)),
            );
        }
      },
      (reason) =>
        end(() => reject(connectionLost(name, reason?.message ?? 'it was closed', reason ?? undefined))),
    );
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    say();
  });
}

function noAnswer(name: string): EngramError {
  return new EngramError('E0702', `nothing at ${name} answered as an engram board, asked ${tries} times`, {
    fix: ['check that it is the right port (engram boards) and that the board runs the engram firmware'],
  });
}

function otherVersion({ detail }: MessageFields<'ERROR'>): EngramError {
  const board = `${(detail >>> 8) & 0xff}.${detail & 0xff}`;
  const host = `${protocolVersion.major}.${protocolVersion.minor}`;
  return new EngramError('E0703', `the board speaks protocol ${board}, this engram ${host}`, {
    fix: ['update the older of the two: this engram, or the firmware of the board'],
    context: { board, host },
  });
}
