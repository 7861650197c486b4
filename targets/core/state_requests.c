#include "state_requests.h"

#include "check.h"
#include "request_needs.h"
#include "run.h"
#include "state_access.h"

/* STATE_DATA before its values, with both counts. */
#define DATA_BYTES 15u

/* Finds a variable; false if it or the core does not exist. */
static int find(engram_response *response, uint32_t core, uint32_t name, engram_variable *variable)
{
    const uint32_t error = engram_variable_find(&engram_core_machine, core, name, variable);
    engram_refuse(response, error, error == ENGRAM_ERR_UNKNOWN_CORE ? core : name);
    return error == ENGRAM_OK;
}

static int holds(engram_response *response, const engram_variable *variable, uint32_t first, uint32_t count)
{
    if (engram_within(first, count, variable->length))
        return 1;
    engram_refuse(response, ENGRAM_ERR_OUT_OF_RANGE, variable->length);
    return 0;
}

void engram_state_read_range(engram_response *response, const engram_frame *frame, uint32_t max_payload)
{
    engram_state_read request;
    engram_variable variable;
    const engram_machine *m = &engram_core_machine;
    const uint32_t bad = engram_state_read_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    if (!find(response, request.core, request.variable, &variable) ||
        !holds(response, &variable, request.first, request.count))
        return;
    const uint32_t width = variable.narrow ? 2u : 4u;
    const uint32_t most = (max_payload - DATA_BYTES) / width;
    const uint32_t count = request.count < most ? request.count : most;
    uint8_t *at = response->payload;
    engram_put_u32(at, m->tick);
    engram_put_u16(at + 4, request.core);
    engram_put_u8(at + 6, request.variable);
    engram_put_u32(at + 7, request.first);
    at += 11;
    if (!variable.narrow) {
        engram_put_u16(at, 0);
        at += 2;
    }
    engram_put_u16(at, count);
    at += 2;
    for (uint32_t n = 0; n < count; n++, at += width) {
        const int32_t value = engram_variable_read(m, &variable, request.first + n);
        if (variable.narrow)
            engram_put_i16(at, value);
        else
            engram_put_i32(at, value);
    }
    if (variable.narrow) {
        engram_put_u16(at, 0);
        at += 2;
    }
    response->type = ENGRAM_MSG_STATE_DATA;
    response->size = (uint32_t)(at - response->payload);
}

static int32_t value_at(const engram_view *values, int narrow, uint32_t n)
{
    return narrow ? engram_get_i16(values->at + 2u * n) : engram_get_i32(values->at + 4u * n);
}

void engram_state_write_range(engram_response *response, const engram_frame *frame)
{
    engram_state_write request;
    engram_variable variable;
    engram_machine *m = &engram_core_machine;
    const uint32_t bad = engram_state_write_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    if (!find(response, request.core, request.variable, &variable))
        return;
    const engram_view *values = variable.narrow ? &request.values16 : &request.values32;
    const engram_view *others = variable.narrow ? &request.values32 : &request.values16;
    if (values->count == 0u || others->count != 0u)
        return engram_refuse(response, ENGRAM_ERR_BAD_VALUE, 0);
    if (!holds(response, &variable, request.first, values->count))
        return;
    for (uint32_t n = 0; n < values->count; n++) {
        const uint32_t index = request.first + n;
        const uint32_t error = engram_variable_writable(m, &variable, index, value_at(values, variable.narrow, n));
        if (error)
            return engram_refuse(response, error, error == ENGRAM_ERR_READ_ONLY ? index : 0u);
    }
    for (uint32_t n = 0; n < values->count; n++)
        engram_variable_write(m, &variable, request.first + n, value_at(values, variable.narrow, n));
}

void engram_state_set_probe(engram_response *response, const engram_frame *frame)
{
    engram_probe_set request;
    engram_variable variable;
    const uint32_t bad = engram_probe_set_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    if (request.probe >= ENGRAM_PROBES)
        return engram_refuse(response, ENGRAM_ERR_UNKNOWN_PROBE, ENGRAM_PROBES);
    if (find(response, request.core, request.variable, &variable) &&
        holds(response, &variable, request.first, request.count))
        engram_probe_put(request.probe, &request);
}
