#include "requests.h"

#include <string.h>

#include "clock.h"
#include "generated/engram_wire.h"
#include "input.h"
#include "machine.h"
#include "port.h"
#include "queue.h"
#include "run.h"
#include "slots.h"
#include "state_requests.h"
#include "statistics.h"
#include "stream.h"
#include "transfers.h"

static int reboot = -1;

int engram_request_reboot(void)
{
    return reboot;
}

int engram_request_answers_data(uint8_t type)
{
    switch (type) {
    case ENGRAM_MSG_INFO:
    case ENGRAM_MSG_UPLOAD_BEGIN:
    case ENGRAM_MSG_DOWNLOAD_BEGIN:
    case ENGRAM_MSG_DOWNLOAD_READ:
    case ENGRAM_MSG_STATE_READ:
    case ENGRAM_MSG_STATE_HASH:
    case ENGRAM_MSG_STATISTICS_READ:
        return 1;
    default:
        return 0;
    }
}

static void refuse(engram_response *response, uint32_t error, uint32_t detail)
{
    response->answer.error = (uint16_t)error;
    response->answer.detail = detail;
}

static void take_verdict(engram_response *response, engram_verdict verdict)
{
    refuse(response, verdict.error, verdict.detail);
    response->text = verdict.reason;
}

/* --- what a request needs --- */

static int is_running(void)
{
    return engram_run_active();
}

/* Nothing runs and no download reads the state. */
static int is_idle(engram_response *response)
{
    if (!is_running() && !engram_download_frozen())
        return 1;
    refuse(response, ENGRAM_ERR_BUSY, 0);
    return 0;
}

static int has_image(engram_response *response)
{
    if (engram_core_machine.loaded)
        return 1;
    refuse(response, ENGRAM_ERR_NO_IMAGE, 0);
    return 0;
}

/* An image, and no lockstep run. */
static int is_paused(engram_response *response)
{
    if (!has_image(response))
        return 0;
    if (!is_running() || engram_run_is_realtime())
        return 1;
    refuse(response, ENGRAM_ERR_BUSY, 0);
    return 0;
}

static int takes_input(engram_response *response)
{
    if (!has_image(response))
        return 0;
    if (!engram_download_frozen())
        return 1;
    refuse(response, ENGRAM_ERR_BUSY, 0);
    return 0;
}

/* The machine is in a new state of its image. */
static void begin_anew(void)
{
    engram_queue_clear();
    engram_statistics_clear();
}

/* --- the board --- */

static void info(engram_response *response)
{
    const engram_machine *m = &engram_core_machine;
    const engram_port_info *port = engram_port_about();
    const int loaded = m->loaded;
    const engram_info_reply reply = {
        .clock_hz = ENGRAM_TARGET_CLOCK_HZ,
        .uptime = engram_clock_uptime(),
        .reset_cause = port->reset_cause,
        .cores = loaded ? 1u : 0u,
        .populations = loaded ? (uint16_t)m->image.population_count : 0u,
        .units = loaded ? m->image.network->unit_count : 0u,
        .channels = loaded ? (uint16_t)m->image.modulator_count : 0u,
        .memory_bytes = engram_machine_memory(),
        .memory_free = engram_machine_memory() - m->memory_used,
        .input_capacity = ENGRAM_QUEUE_EVENTS,
        .stream_capacity = ENGRAM_STREAM_BYTES,
        .probes = ENGRAM_PROBES,
    };
    response->type = ENGRAM_MSG_INFO_REPLY;
    response->size = (uint32_t)engram_info_reply_write(response->payload, sizeof response->payload, &reply);
}

static void ask_reboot(engram_response *response, const engram_frame *frame)
{
    engram_reboot request;
    const uint32_t bad = engram_reboot_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    const uint32_t capabilities = engram_port_about()->capabilities;
    if (request.mode > ENGRAM_REBOOT_BOOTLOADER)
        return refuse(response, ENGRAM_ERR_BAD_VALUE, 0);
    if (request.mode == ENGRAM_REBOOT_BOOTLOADER && (capabilities & ENGRAM_CAPABILITY_BOOTLOADER) == 0u)
        return refuse(response, ENGRAM_ERR_NOT_SUPPORTED, 0);
    engram_run_abandon();
    reboot = request.mode;
}

static void resend(engram_response *response, const engram_frame *frame)
{
    engram_resend request;
    const uint32_t bad = engram_resend_read(frame->payload, frame->size, &request);
    if (bad)
        refuse(response, bad, 0);
    else if (!engram_stream_resend(request.next, request.window))
        refuse(response, ENGRAM_ERR_STREAM_GONE, engram_stream_oldest());
}

static void reset(engram_response *response)
{
    if (!has_image(response) || !is_idle(response))
        return;
    engram_machine *m = &engram_core_machine;
    engram_machine_reset(m);
    engram_machine_select_image(m);
    engram_probes_reset(m);
    begin_anew();
}

/* --- transfers --- */

static void upload_begin(engram_response *response, const engram_frame *frame)
{
    engram_upload_begin request;
    engram_upload_ready ready;
    const uint32_t bad = engram_upload_begin_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    if (!is_idle(response))
        return;
    if (request.kind != ENGRAM_TRANSFER_IMAGE && request.kind != ENGRAM_TRANSFER_CHECKPOINT)
        return refuse(response, ENGRAM_ERR_BAD_VALUE, 0);
    const engram_verdict verdict = engram_upload_open(&request, &ready.offset);
    if (verdict.error)
        return take_verdict(response, verdict);
    response->type = ENGRAM_MSG_UPLOAD_READY;
    response->size = (uint32_t)engram_upload_ready_write(response->payload, sizeof response->payload, &ready);
}

static void upload_data(engram_response *response, const engram_frame *frame)
{
    engram_upload_data request;
    const uint32_t bad = engram_upload_data_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    take_verdict(response, engram_upload_append(&request));
}

static void upload_commit(engram_response *response)
{
    if (!is_idle(response))
        return;
    const uint32_t before = engram_core_machine.loaded ? engram_core_machine.image.header->content_hash : 0u;
    const engram_verdict verdict = engram_upload_finish();
    take_verdict(response, verdict);
    if (verdict.error)
        return;
    if (engram_core_machine.image.header->content_hash != before)
        engram_probes_reset(&engram_core_machine);
    begin_anew();
}

static void download_begin(engram_response *response, const engram_frame *frame)
{
    engram_download_begin request;
    engram_download_ready ready;
    const uint32_t bad = engram_download_begin_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    if (!has_image(response))
        return;
    if (is_running())
        return refuse(response, ENGRAM_ERR_BUSY, 0);
    engram_download_open(&ready);
    response->type = ENGRAM_MSG_DOWNLOAD_READY;
    response->size = (uint32_t)engram_download_ready_write(response->payload, sizeof response->payload, &ready);
}

static void download_read(engram_response *response, const engram_frame *frame, uint32_t max_payload)
{
    engram_download_read request;
    uint32_t size;
    const uint32_t bad = engram_download_read_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    uint8_t *at = response->payload;
    const uint32_t header = 6u;
    const engram_verdict verdict = engram_download_copy(&request, at + header, max_payload - header, &size);
    if (verdict.error)
        return take_verdict(response, verdict);
    engram_put_u32(at, request.offset);
    engram_put_u16(at + 4, size);
    response->type = ENGRAM_MSG_DOWNLOAD_DATA;
    response->size = header + size;
}

static void save(engram_response *response)
{
    if (!engram_slots_persistent())
        return refuse(response, ENGRAM_ERR_NOT_SUPPORTED, 0);
    if (!has_image(response) || !is_idle(response))
        return;
    engram_upload_yield_state();
    refuse(response, engram_slots_save(&engram_core_machine, engram_transfers_image_area()), 0);
}

static void forget(engram_response *response)
{
    if (!engram_slots_persistent())
        return refuse(response, ENGRAM_ERR_NOT_SUPPORTED, 0);
    if (!is_idle(response))
        return;
    engram_upload_yield_state();
    refuse(response, engram_slots_forget(), 0);
}

/* --- runs --- */

static void begin_run(engram_response *response, engram_run_request request)
{
    if (!has_image(response) || !is_idle(response))
        return;
    const uint32_t left = UINT32_MAX - engram_core_machine.tick;
    if (request.ticks > left || left == 0u)
        return refuse(response, ENGRAM_ERR_TICK_LIMIT, left);
    /* A run without end ends with the last tick there is. */
    if (request.ticks == 0u)
        request.ticks = left;
    engram_run_begin(&request);
}

static void run_lockstep(engram_response *response, const engram_frame *frame)
{
    engram_run_lockstep request;
    const uint32_t bad = engram_run_lockstep_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    const engram_run_request run = {request.ticks, request.hash_every, request.progress_every, 0, request.options};
    begin_run(response, run);
}

static void run_realtime(engram_response *response, const engram_frame *frame)
{
    engram_run_realtime request;
    const uint32_t bad = engram_run_realtime_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    if ((engram_port_about()->capabilities & ENGRAM_CAPABILITY_REALTIME) == 0u)
        return refuse(response, ENGRAM_ERR_NOT_SUPPORTED, 0);
    if (!has_image(response))
        return;
    const uint32_t tick = request.tick_microseconds != 0u ? request.tick_microseconds
                                                          : engram_core_machine.image.network->tick_microseconds;
    const engram_run_request run = {request.ticks, request.hash_every, request.progress_every, tick, request.options};
    begin_run(response, run);
}

static void select_spikes(engram_response *response, const engram_frame *frame)
{
    engram_spikes_select request;
    const uint32_t bad = engram_spikes_select_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    if (!is_paused(response))
        return;
    const engram_machine *m = &engram_core_machine;
    const int all = request.population == 65535u;
    if (!all && request.population >= m->image.population_count)
        return refuse(response, ENGRAM_ERR_UNKNOWN_POPULATION, request.population);
    for (uint32_t n = 0; n < m->image.population_count; n++)
        if (all || n == request.population)
            m->spikes_out[n] = request.on;
}

static void set_probe(engram_response *response, const engram_frame *frame)
{
    if (is_paused(response))
        engram_state_set_probe(response, frame);
}

static void clear_probe(engram_response *response, const engram_frame *frame)
{
    engram_probe_clear request;
    const uint32_t bad = engram_probe_clear_read(frame->payload, frame->size, &request);
    if (bad)
        return refuse(response, bad, 0);
    if (is_running() && !engram_run_is_realtime())
        return refuse(response, ENGRAM_ERR_BUSY, 0);
    engram_probe_remove(request.probe);
}

static void hash_state(engram_response *response)
{
    if (!has_image(response))
        return;
    if (is_running())
        return refuse(response, ENGRAM_ERR_BUSY, 0);
    const engram_machine *m = &engram_core_machine;
    const engram_state_hash_reply reply = {m->tick, engram_state_hash(m)};
    response->type = ENGRAM_MSG_STATE_HASH_REPLY;
    response->size = (uint32_t)engram_state_hash_reply_write(response->payload, sizeof response->payload, &reply);
}

/* A request without fields must come without bytes. */
static int is_bare(engram_response *response, const engram_frame *frame)
{
    if (frame->size == 0u)
        return 1;
    refuse(response, ENGRAM_ERR_BAD_LENGTH, 0);
    return 0;
}

static void do_bare(const engram_frame *frame, engram_response *response)
{
    if (!is_bare(response, frame))
        return;
    switch (frame->type) {
    case ENGRAM_MSG_INFO:
        return info(response);
    case ENGRAM_MSG_RESET:
        return reset(response);
    case ENGRAM_MSG_STOP:
        return engram_run_stop();
    case ENGRAM_MSG_UPLOAD_COMMIT:
        return upload_commit(response);
    case ENGRAM_MSG_UPLOAD_CANCEL:
        return engram_upload_drop();
    case ENGRAM_MSG_DOWNLOAD_END:
        return engram_download_close();
    case ENGRAM_MSG_STATE_SAVE:
        return save(response);
    case ENGRAM_MSG_STATE_FORGET:
        return forget(response);
    case ENGRAM_MSG_STATE_HASH:
        return hash_state(response);
    case ENGRAM_MSG_STATISTICS_READ:
        response->type = ENGRAM_MSG_STATISTICS;
        response->size = engram_statistics_write_all(response->payload, sizeof response->payload);
        return;
    case ENGRAM_MSG_STATISTICS_CLEAR:
        return engram_statistics_clear();
    default: /* PING */
        return;
    }
}

static void take_input(const engram_frame *frame, engram_response *response)
{
    if (!takes_input(response))
        return;
    if (frame->type == ENGRAM_MSG_SPIKES_IN)
        response->answer = engram_input_spikes(frame->payload, frame->size);
    else if (frame->type == ENGRAM_MSG_REWARD)
        response->answer = engram_input_rewards(frame->payload, frame->size);
    else
        response->answer = engram_input_controls(frame->payload, frame->size);
}

void engram_request_do(const engram_frame *frame, uint32_t max_payload, engram_response *response)
{
    refuse(response, ENGRAM_OK, 0);
    response->text = "";
    response->type = 0;
    switch (frame->type) {
    case ENGRAM_MSG_PING:
    case ENGRAM_MSG_INFO:
    case ENGRAM_MSG_RESET:
    case ENGRAM_MSG_STOP:
    case ENGRAM_MSG_UPLOAD_COMMIT:
    case ENGRAM_MSG_UPLOAD_CANCEL:
    case ENGRAM_MSG_DOWNLOAD_END:
    case ENGRAM_MSG_STATE_SAVE:
    case ENGRAM_MSG_STATE_FORGET:
    case ENGRAM_MSG_STATE_HASH:
    case ENGRAM_MSG_STATISTICS_READ:
    case ENGRAM_MSG_STATISTICS_CLEAR:
        return do_bare(frame, response);
    case ENGRAM_MSG_REBOOT:
        return ask_reboot(response, frame);
    case ENGRAM_MSG_RESEND:
        return resend(response, frame);
    case ENGRAM_MSG_UPLOAD_BEGIN:
        return upload_begin(response, frame);
    case ENGRAM_MSG_UPLOAD_DATA:
        return upload_data(response, frame);
    case ENGRAM_MSG_DOWNLOAD_BEGIN:
        return download_begin(response, frame);
    case ENGRAM_MSG_DOWNLOAD_READ:
        return download_read(response, frame, max_payload);
    case ENGRAM_MSG_RUN_LOCKSTEP:
        return run_lockstep(response, frame);
    case ENGRAM_MSG_RUN_REALTIME:
        return run_realtime(response, frame);
    case ENGRAM_MSG_SPIKES_IN:
    case ENGRAM_MSG_REWARD:
    case ENGRAM_MSG_CONTROL:
        return take_input(frame, response);
    case ENGRAM_MSG_SPIKES_SELECT:
        return select_spikes(response, frame);
    case ENGRAM_MSG_PROBE_SET:
        return set_probe(response, frame);
    case ENGRAM_MSG_PROBE_CLEAR:
        return clear_probe(response, frame);
    case ENGRAM_MSG_STATE_READ:
        if (has_image(response))
            engram_state_read_range(response, frame, max_payload);
        return;
    case ENGRAM_MSG_STATE_WRITE:
        if (has_image(response) && is_idle(response))
            engram_state_write_range(response, frame);
        return;
    default:
        return refuse(response, ENGRAM_ERR_UNKNOWN_MESSAGE, frame->type);
    }
}
