import { discardReasons, frameFlags, frameLimits } from './frame.js';

/** The rules of the conversation: the prose of `docs/wire.md`, in Markdown. Messages and errors follow it there. */
export const rules: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: 'Frames',
    text: `
Numbers are little endian. A frame is

    COBS( type u8 · flags u8 · sequence u16 · payload · CRC-32 u32 )  00

CRC-32 (IEEE 802.3, as in zlib) covers everything before it. COBS takes the zeros out, so that a zero byte, the *delimiter*, ends the frame. A sender may repeat delimiters; it sends one before its first frame, to end whatever noise came before.

A payload has at most \`maxPayload\` bytes, agreed in HELLO: the smaller of both offers, ${frameLimits.smallestMaxPayload} … ${frameLimits.largestMaxPayload}, usually ${frameLimits.defaultMaxPayload}. Until then it is ${frameLimits.smallestMaxPayload}.

A receiver discards the bytes between two delimiters, counts them by reason and goes on behind the second, if they are ${Object.entries(
      discardReasons,
    )
      .map(([reason, doc]) => `\`${reason}\` (${doc})`)
      .join(
        ', ',
      )}. Discarded bytes are never answered. A receiver needs memory for one frame of the largest size, whatever arrives.

Flags: ${Object.entries(frameFlags.entries)
      .map(([name, [value, doc]]) => `${value} ${name} (${doc})`)
      .join('; ')}. Other bits are sent as 0 and ignored.

Message types 1 … 127 go from host to board, 128 … 255 from board to host. A frame **counts** in every credit with 8 + payload bytes, before COBS.`,
  },
  {
    title: 'Payloads',
    text: `
The fields of a message follow each other without gaps. \`text\` is a u8 count and so many bytes of UTF-8; \`bytes\` a u16 count and the bytes; a list a count and so many numbers; records a count and so many times the fields of the record. A payload that is longer or shorter than its fields is BAD_LENGTH, a number or text outside its bounds BAD_VALUE. A choice the board does not know is BAD_VALUE, unless an error of its own is named; a host shows its number. Unknown bits are ignored.`,
  },
  {
    title: 'Versions',
    text: `
Different major versions do not work together: the board answers HELLO with ERROR VERSION, which names both, and opens no session. Within a major version no message, field or number ever changes; a higher minor version adds messages, choices, bits and error codes. Both sides use what the smaller minor version has. The frame format, and \`major\` and \`minor\` as the first two bytes of HELLO, hold for all versions.`,
  },
  {
    title: 'Sessions',
    text: `
A session begins with HELLO, always with sequence 0. HELLO is taken whatever came before, even a second time: then the session is simply opened again. Before HELLO_REPLY the host ignores everything; every HELLO_REPLY without RESUMED, also a second one, sets the stream sequence it expects to 0. Every other request before HELLO is answered NO_SESSION; that is how a host learns that the board has restarted.

A **new session** sets the last request to 0 (so the first request after HELLO has sequence 1), forgets remembered answers, empties the stream and starts it at sequence 0, and ends a download. It leaves alone: image, state, probes, selections, queued input, a run (HELLO_REPLY says RUNNING; send STOP), and an upload. A run that goes on sends frames of the new size; records it had collected for larger ones may be missing.

With RESUME, the number of the session that the board still holds, and an agreed \`maxPayload\` no smaller than before, the session **goes on** after a lost connection: nothing is forgotten, HELLO_REPLY says RESUMED. The host sends what was in flight again, under the old numbers: requests up to \`lastRequest\` were done or refused and are answered from memory. Then it sends RESEND with the stream sequence it expects. If that is not between \`oldestStream\` and \`nextStream\`, records are lost. While no host listens a lockstep run pauses; a real-time run goes on and drops records once its credit is used up.`,
  },
  {
    title: 'Requests and replies',
    text: `
Requests have consecutive sequence numbers (16 bits, wrapping). The board does them one after the other in this order; every one gets a reply with its number: OK, ERROR, or the reply named at the message.

- **In flight.** A request is in flight from its first sending until answered. At most \`windowRequests\` requests and \`windowBytes\` bytes may be in flight; one request of any size always may. A request answered with data (anything but OK) travels **alone**: the host sends it when nothing is in flight, and nothing else until it is answered.
- **OK is cumulative.** OK for n answers n and every earlier request in flight. So a board may answer a burst with one OK; it sends the OK it owes before any ERROR, before a data reply, and when no complete frame waits in its receive buffer. ERROR and data replies answer their own request only.
- **Chained.** A request with the flag CHAINED is done only if the request before it was done; else it is answered SKIPPED (which counts as not done). A request that is sent while another is in flight **must** be chained. So a run never starts without its input, and the cumulative OK is sound: OK for n cannot hide a lost ERROR before it.
- **All or nothing.** ERROR means that nothing of the request was done.

A request that is refused, malformed or unknown counts as well. With d the signed 16-bit distance from the last request done or refused to the one that arrives, the board acts so:

| d | board |
|---|---|
| 1 | does it, remembers OK or ERROR code and detail for it in place of the oldest, replies |
| 0 … −(windowRequests − 1) | repeats the remembered answer; does a request with a data reply again, which is safe as it travels alone |
| 2 and more | answers SEQUENCE_GAP with the sequence it expects, once until that arrives; drops it and the rest silently |
| other | answers FORGOTTEN |

A repeated OK tells tick and free space of now; a repeated ERROR may come without text. SEQUENCE_GAP carries the number of the frame that came too early, but answers no request: the host sends everything in flight from \`detail\` on again. A request that is not answered within its time is sent again with all in flight behind it, same bytes; after three times the host gives the connection up. A host ignores replies to requests that are not in flight.`,
  },
  {
    title: 'Streams',
    text: `
Stream messages share one sequence of their own, from 0, wrapping. The board keeps each frame in a ring of bounded size until the host has acknowledged it; it makes no new frame while the ring is full.

- **Credit.** CREDIT(\`next\`, \`window\`) acknowledges every frame before \`next\` and allows the board to have \`window\` bytes of frames from \`next\` on under way. The numbers are absolute: a CREDIT that is lost, repeated or overtaken does no harm (the board ignores a \`next\` that it has already passed or not yet sent). HELLO gives the first window. \`window\` must hold a frame of the largest size, or the board may never send one. Replies need no credit.
- **No loss.** The host takes frames in order. One whose number is lower than expected it ignores; at a higher one it drops that frame and sends RESEND once, until the expected one arrives or its time is over. RESEND moves the board’s sending back to \`next\`; frames go out again in order, flagged REPEATED. If \`next\` was acknowledged before or is not yet made, the answer is STREAM_GONE: records are lost, and the host must mark the run incomplete.
- **Silence.** While a run is on and no stream frame has come for 250 ms, the host sends RESEND. This finds a lost last frame, a lost CREDIT and a dead board alike.
- **No credit.** In lockstep the run pauses until there is credit; nothing is dropped. In real time records that find no room are dropped, counted, and reported by STREAM_LOSS at their place and by INCOMPLETE in RUN_DONE. Frames once made are never dropped. A LOG line may be dropped in lockstep too.`,
  },
  {
    title: 'Transfers',
    text: `
UPLOAD_BEGIN, UPLOAD_DATA from the offset that UPLOAD_READY names, UPLOAD_COMMIT. An upload that broke off is taken up by the same UPLOAD_BEGIN: the board answers with the bytes it has. Nothing is in use before UPLOAD_COMMIT has checked all of it. A download is DOWNLOAD_BEGIN, DOWNLOAD_READ as often as it takes, DOWNLOAD_END.`,
  },
  {
    title: 'Running',
    text: `
Ticks and what happens in them: \`docs/core.md\`. In **lockstep** an event stamped with the next tick to run or a later one is taken, an earlier one refused (TICK_PAST); nothing depends on time. The same holds while no run is on. In **real time** the host stamps events ahead; an event whose tick has begun is applied at the next tick and counted as late. The order in which events arrive never matters. The input queue holds spikes, rewards and control events alike, each spike and event one place; a request that does not find room for all is refused (QUEUE_FULL), and OK tells the room left.`,
  },
];
