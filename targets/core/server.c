/* The board's side of a session: bytes to frames, frames to requests, answers and streams to bytes (docs/wire.md). */
#include <string.h>

#include "clock.h"
#include "engram_config.h"
#include "frame.h"
#include "machine.h"
#include "port.h"
#include "queue.h"
#include "requests.h"
#include "run.h"
#include "slots.h"
#include "stream.h"
#include "transfers.h"

/* An OK that is owed and the answer behind it are made together; a delimiter may stand before them. */
#define SMALL_FRAME 32u
#define OUT_BYTES (1u + SMALL_FRAME + ENGRAM_LARGEST_WIRE)
#define CHUNK_BYTES 256u
/* Of bytes that make no frame, before a run gets its turn again. */
#define CHUNKS_AT_ONCE 16u

static struct {
    uint32_t session; /* 0: none */
    uint32_t max_payload;
    int restored;
    int owes_ok; /* OK for the last request done */
    uint16_t owed_sequence;
} server;

static uint8_t chunk[CHUNK_BYTES];
static uint32_t chunk_at, chunk_size;
static uint8_t out[OUT_BYTES];
static uint32_t out_at, out_size;
static engram_response response;

/* --- bytes to the host --- */

static uint8_t *out_end(void)
{
    return out + out_size;
}

static void send_frame(uint8_t type, uint16_t sequence, const uint8_t *payload, uint32_t size)
{
    engram_encoder encoder;
    engram_encode_begin(&encoder, out_end(), type, 0, sequence);
    engram_encode_bytes(&encoder, payload, size);
    out_size = (uint32_t)(engram_encode_end(&encoder) - out);
}

static void send_ok(uint16_t sequence)
{
    uint8_t payload[8];
    const engram_machine *m = &engram_core_machine;
    engram_put_u32(payload, m->loaded ? m->tick : 0u);
    engram_put_u32(payload + 4, m->loaded ? engram_queue_free() : 0u);
    send_frame(ENGRAM_MSG_OK, sequence, payload, sizeof payload);
}

/* Sends the OK that covers everything done so far; before any other answer, and when nothing more has come. */
static void pay_ok(void)
{
    if (server.owes_ok)
        send_ok(server.owed_sequence);
    server.owes_ok = 0;
}

static void send_error(uint16_t sequence, engram_answer answer, const char *text)
{
    uint8_t payload[7 + 120];
    size_t length = strlen(text);
    if (length > 120u)
        length = 120u;
    pay_ok();
    engram_put_u16(payload, answer.error);
    engram_put_u32(payload + 2, answer.detail);
    engram_put_u8(payload + 6, (uint32_t)length);
    memcpy(payload + 7, text, length);
    send_frame(ENGRAM_MSG_ERROR, sequence, payload, 7u + (uint32_t)length);
}

static void send_refusal(uint16_t sequence, uint32_t error, uint32_t detail)
{
    const engram_answer answer = {(uint16_t)error, detail};
    send_error(sequence, answer, "");
}

static void owe_ok(uint16_t sequence)
{
    server.owes_ok = 1;
    server.owed_sequence = sequence;
}

/* True if everything has been taken by the port. */
static int flush(void)
{
    if (out_at < out_size)
        out_at += (uint32_t)engram_port_write(out + out_at, out_size - out_at);
    if (out_at < out_size)
        return 0;
    out_at = out_size = 0;
    return 1;
}

/* --- sessions --- */

static engram_view text_view(const char *text)
{
    size_t length = strlen(text);
    if (length > 32u)
        length = 32u;
    const engram_view view = {(const uint8_t *)text, (uint32_t)length, (uint32_t)length};
    return view;
}

/* Bytes of unanswered requests that the port holds: less what COBS and delimiters add, and a CREDIT or two. */
static uint32_t window_bytes(void)
{
    const uint32_t bytes = engram_port_about()->receive_bytes;
    return bytes - bytes / 64u - 2u * ENGRAM_WINDOW_REQUESTS - 96u;
}

static void send_hello_reply(int resumed)
{
    const engram_machine *m = &engram_core_machine;
    const engram_port_info *port = engram_port_about();
    const engram_hello_reply reply = {
        .major = ENGRAM_WIRE_MAJOR,
        .minor = ENGRAM_WIRE_MINOR,
        .max_payload = (uint16_t)server.max_payload,
        .session = server.session,
        .flags = (uint8_t)((resumed ? ENGRAM_HELLO_REPLY_RESUMED : 0u) |
                           (engram_run_active() ? ENGRAM_HELLO_REPLY_RUNNING : 0u) |
                           (server.restored ? ENGRAM_HELLO_REPLY_RESTORED : 0u)),
        .window_requests = ENGRAM_WINDOW_REQUESTS,
        .window_bytes = window_bytes(),
        .last_request = engram_log_last(),
        .oldest_stream = engram_stream_oldest(),
        .next_stream = engram_stream_next(),
        .target_id = ENGRAM_TARGET_ID,
        .capabilities = port->capabilities,
        .core_version = ENGRAM_CORE_VERSION,
        .image_version = ENGRAM_IMAGE_VERSION,
        .image_hash = m->loaded ? m->image.header->content_hash : 0u,
        .tick = m->loaded ? m->tick : 0u,
        .target = text_view(ENGRAM_TARGET_NAME),
        .firmware = text_view(ENGRAM_FIRMWARE),
        .serial = text_view(port->serial),
    };
    uint8_t payload[160];
    const int32_t size = engram_hello_reply_write(payload, sizeof payload, &reply);
    /* Ends whatever half a frame an earlier host left on the line. */
    out[out_size++] = 0;
    send_frame(ENGRAM_MSG_HELLO_REPLY, 0, payload, (uint32_t)size);
}

static void take_hello(const engram_frame *frame)
{
    engram_hello hello;
    const uint32_t major = frame->size > 0u ? frame->payload[0] : 0u;
    const uint32_t minor = frame->size > 1u ? frame->payload[1] : 0u;
    if (major != ENGRAM_WIRE_MAJOR)
        return send_refusal(0, ENGRAM_ERR_VERSION,
                            major << 24 | minor << 16 | ENGRAM_WIRE_MAJOR << 8 | ENGRAM_WIRE_MINOR);
    const uint32_t bad = engram_hello_read(frame->payload, frame->size, &hello);
    if (bad)
        return send_refusal(0, bad, 0);
    const uint32_t max_payload = hello.max_payload < ENGRAM_MAX_PAYLOAD ? hello.max_payload : ENGRAM_MAX_PAYLOAD;
    /* A host that takes smaller frames than before could not take those that are kept. */
    const int resumed = (hello.flags & ENGRAM_HELLO_RESUME) != 0u && hello.session == server.session &&
                        max_payload >= server.max_payload;
    server.session = hello.session;
    server.max_payload = max_payload;
    server.owes_ok = 0;
    engram_frame_limit(server.max_payload);
    if (resumed)
        engram_stream_hold();
    else {
        engram_log_restart();
        engram_stream_restart(hello.stream_window);
        engram_download_close();
    }
    send_hello_reply(resumed);
}

static void take_credit(const engram_frame *frame)
{
    engram_credit credit;
    if (engram_credit_read(frame->payload, frame->size, &credit) == ENGRAM_OK)
        engram_stream_credit(credit.next, credit.window);
}

/* --- requests --- */

static void answer_again(uint16_t sequence, engram_answer answer)
{
    if (answer.error)
        send_error(sequence, answer, "");
    else
        send_ok(sequence);
}

/* Does a request; one that is next in line is remembered. */
static void do_request(const engram_frame *frame, int is_next)
{
    const int skipped = is_next && (frame->flags & ENGRAM_FLAG_CHAINED) != 0u && !engram_log_last_done();
    if (skipped) {
        const engram_answer answer = {ENGRAM_ERR_SKIPPED, 0};
        response.answer = answer;
        response.text = "";
        response.type = 0;
    } else
        engram_request_do(frame, server.max_payload, &response);
    if (is_next)
        engram_log_remember(response.answer);
    if (response.answer.error)
        send_error(frame->sequence, response.answer, response.text);
    else if (response.type != 0u) {
        pay_ok();
        send_frame(response.type, frame->sequence, response.payload, response.size);
    } else
        owe_ok(frame->sequence);
}

static void take_request(const engram_frame *frame)
{
    switch (engram_log_place(frame->sequence)) {
    case ENGRAM_PLACE_NEXT:
        return do_request(frame, 1);
    case ENGRAM_PLACE_REPEATED:
        if (engram_request_answers_data(frame->type))
            return do_request(frame, 0);
        pay_ok();
        return answer_again(frame->sequence, engram_log_answer(frame->sequence));
    case ENGRAM_PLACE_GAP:
        return send_refusal(frame->sequence, ENGRAM_ERR_SEQUENCE_GAP, (engram_log_last() + 1u) & 0xffffu);
    case ENGRAM_PLACE_FORGOTTEN:
        return send_refusal(frame->sequence, ENGRAM_ERR_FORGOTTEN, engram_log_last());
    case ENGRAM_PLACE_IGNORED:
        return;
    }
}

static void take_frame(const engram_frame *frame)
{
    if (frame->type == ENGRAM_MSG_HELLO)
        take_hello(frame);
    else if (server.session == 0u)
        send_refusal(frame->sequence, ENGRAM_ERR_NO_SESSION, 0);
    else if (frame->type == ENGRAM_MSG_CREDIT)
        take_credit(frame);
    else
        take_request(frame);
}

/* --- work --- */

enum received { NOTHING, BYTES, A_FRAME };

/* Takes bytes up to the end of a frame. Only with nothing left to send: an answer needs room. */
static enum received receive(void)
{
    engram_frame frame;
    if (chunk_at == chunk_size) {
        chunk_at = 0;
        chunk_size = (uint32_t)engram_port_read(chunk, sizeof chunk);
        if (chunk_size == 0u)
            return NOTHING;
    }
    int complete;
    chunk_at += engram_frame_take(chunk + chunk_at, chunk_size - chunk_at, &frame, &complete);
    if (!complete)
        return BYTES;
    take_frame(&frame);
    return A_FRAME;
}

/* Takes at most one frame; answers, and what the run made, go out. True if there was anything. */
static int talk(void)
{
    if (!flush())
        return 0;
    enum received received = NOTHING;
    int did = 0;
    if (engram_request_reboot() < 0)
        for (uint32_t n = 0; n < CHUNKS_AT_ONCE && (received = receive()) == BYTES; n++)
            did = 1;
    did |= received != NOTHING;
    if (received == NOTHING && server.owes_ok) {
        pay_ok();
        did = 1;
    }
    if (out_size == 0u && engram_request_reboot() < 0)
        out_size = (uint32_t)(engram_stream_encode_next(out) - out);
    did |= out_size != 0u;
    flush();
    return did;
}

void engram_start(void)
{
    unsigned area = ENGRAM_AREA_IMAGE_A;
    server.max_payload = ENGRAM_SMALLEST_MAX_PAYLOAD;
    /* A state on which the board has failed is kept, and left alone until the next restart. */
    server.restored = !engram_port_about()->failed_to_restore && engram_slots_restore(&area);
    engram_transfers_set_image_area(area);
    if (server.restored)
        engram_probes_reset(&engram_core_machine);
}

int engram_poll(void)
{
    engram_clock_poll();
    int did = talk();
    if (engram_request_reboot() >= 0) {
        if (out_size == 0u && !server.owes_ok && engram_port_drained())
            engram_port_reboot((uint8_t)engram_request_reboot());
        return 1;
    }
    did |= engram_run_poll(server.max_payload);
    return did;
}
