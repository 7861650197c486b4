#include "request_needs.h"

#include "queue.h"
#include "run.h"
#include "statistics.h"
#include "transfers.h"

void engram_refuse(engram_response *response, uint32_t error, uint32_t detail)
{
    response->answer.error = (uint16_t)error;
    response->answer.detail = detail;
}

void engram_take_verdict(engram_response *response, engram_verdict verdict)
{
    engram_refuse(response, verdict.error, verdict.detail);
    response->text = verdict.reason;
}

int engram_has_image(engram_response *response)
{
    if (engram_core_machine.loaded)
        return 1;
    engram_refuse(response, ENGRAM_ERR_NO_IMAGE, 0);
    return 0;
}

int engram_is_idle(engram_response *response)
{
    if (!engram_run_active() && !engram_download_frozen())
        return 1;
    engram_refuse(response, ENGRAM_ERR_BUSY, 0);
    return 0;
}

int engram_is_paused(engram_response *response)
{
    if (!engram_has_image(response))
        return 0;
    if (!engram_run_active() || engram_run_is_realtime())
        return 1;
    engram_refuse(response, ENGRAM_ERR_BUSY, 0);
    return 0;
}

void engram_begin_anew(void)
{
    engram_queue_clear();
    engram_statistics_clear();
}
