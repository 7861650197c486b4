#include "requests.h"

#include "clock.h"
#include "generated/engram_wire.h"
#include "input.h"
#include "machine.h"
#include "port.h"
#include "request_needs.h"
#include "run.h"
#include "state_requests.h"
#include "statistics.h"
#include "stream.h"
#include "transfer_requests.h"
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
        return engram_refuse(response, bad, 0);
    const uint32_t capabilities = engram_port_about()->capabilities;
    if (request.mode > ENGRAM_REBOOT_BOOTLOADER)
        return engram_refuse(response, ENGRAM_ERR_BAD_VALUE, 0);
    if (request.mode == ENGRAM_REBOOT_BOOTLOADER && (capabilities & ENGRAM_CAPABILITY_BOOTLOADER) == 0u)
        return engram_refuse(response, ENGRAM_ERR_NOT_SUPPORTED, 0);
    engram_run_abandon();
    reboot = request.mode;
}

static void resend(engram_response *response, const engram_frame *frame)
{
    engram_resend request;
    const uint32_t bad = engram_resend_read(frame->payload, frame->size, &request);
    if (bad)
        engram_refuse(response, bad, 0);
    else if (!engram_stream_resend(request.next, request.window))
        engram_refuse(response, ENGRAM_ERR_STREAM_GONE, engram_stream_oldest());
}

static void reset(engram_response *response)
{
    if (!engram_has_image(response) || !engram_is_idle(response))
        return;
    engram_machine *m = &engram_core_machine;
    engram_machine_reset(m);
    engram_machine_select_image(m);
    engram_probes_reset(m);
    engram_begin_anew();
}

/* --- runs --- */

static void begin_run(engram_response *response, engram_run_request request)
{
    if (!engram_has_image(response) || !engram_is_idle(response))
        return;
    const uint32_t left = UINT32_MAX - engram_core_machine.tick;
    if (request.ticks > left || left == 0u)
        return engram_refuse(response, ENGRAM_ERR_TICK_LIMIT, left);
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
        return engram_refuse(response, bad, 0);
    const engram_run_request run = {request.ticks, request.hash_every, request.progress_every, 0, request.options};
    begin_run(response, run);
}

static void run_realtime(engram_response *response, const engram_frame *frame)
{
    engram_run_realtime request;
    const uint32_t bad = engram_run_realtime_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    if ((engram_port_about()->capabilities & ENGRAM_CAPABILITY_REALTIME) == 0u)
        return engram_refuse(response, ENGRAM_ERR_NOT_SUPPORTED, 0);
    if (!engram_has_image(response))
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
        return engram_refuse(response, bad, 0);
    if (!engram_is_paused(response))
        return;
    const engram_machine *m = &engram_core_machine;
    const int all = request.population == 65535u;
    if (!all && request.population >= m->image.population_count)
        return engram_refuse(response, ENGRAM_ERR_UNKNOWN_POPULATION, request.population);
    for (uint32_t n = 0; n < m->image.population_count; n++)
        if (all || n == request.population)
            m->spikes_out[n] = request.on;
}

static void set_probe(engram_response *response, const engram_frame *frame)
{
    if (engram_is_paused(response))
        engram_state_set_probe(response, frame);
}

static void clear_probe(engram_response *response, const engram_frame *frame)
{
    engram_probe_clear request;
    const uint32_t bad = engram_probe_clear_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    if (engram_run_active() && !engram_run_is_realtime())
        return engram_refuse(response, ENGRAM_ERR_BUSY, 0);
    engram_probe_remove(request.probe);
}

static void hash_state(engram_response *response)
{
    if (!engram_has_image(response))
        return;
    if (engram_run_active())
        return engram_refuse(response, ENGRAM_ERR_BUSY, 0);
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
    engram_refuse(response, ENGRAM_ERR_BAD_LENGTH, 0);
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
        return engram_request_upload_commit(response);
    case ENGRAM_MSG_UPLOAD_CANCEL:
        return engram_upload_drop();
    case ENGRAM_MSG_DOWNLOAD_END:
        return engram_download_close();
    case ENGRAM_MSG_STATE_SAVE:
        return engram_request_state_save(response);
    case ENGRAM_MSG_STATE_FORGET:
        return engram_request_state_forget(response);
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

static int takes_input(engram_response *response)
{
    if (!engram_has_image(response))
        return 0;
    if (!engram_download_frozen())
        return 1;
    engram_refuse(response, ENGRAM_ERR_BUSY, 0);
    return 0;
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
    engram_refuse(response, ENGRAM_OK, 0);
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
        return engram_request_upload_begin(response, frame);
    case ENGRAM_MSG_UPLOAD_DATA:
        return engram_request_upload_data(response, frame);
    case ENGRAM_MSG_DOWNLOAD_BEGIN:
        return engram_request_download_begin(response, frame);
    case ENGRAM_MSG_DOWNLOAD_READ:
        return engram_request_download_read(response, frame, max_payload);
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
        if (engram_has_image(response))
            engram_state_read_range(response, frame, max_payload);
        return;
    case ENGRAM_MSG_STATE_WRITE:
        if (engram_has_image(response) && engram_is_idle(response))
            engram_state_write_range(response, frame);
        return;
    default:
        return engram_refuse(response, ENGRAM_ERR_UNKNOWN_MESSAGE, frame->type);
    }
}
