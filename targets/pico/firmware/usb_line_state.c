#include "usb_line_state.h"

#include "clock.h"
#include "registers.h"

#define FIRST_FIXED_REVISION 2u
#define LOOK_MICROSECONDS 500u
#define FORCE_MICROSECONDS 1000u
/* A reset lasts 10 to 50 ms; looks after which its end is not waited for any longer. */
#define LOOKS 400u

enum phase { IDLE, IN_RESET, FORCED };

static enum phase phase;
static uint32_t looks;
static uint32_t function_before, pad_before;

static void force_idle_line(void)
{
    function_before = IO_GPIO15_CTRL;
    pad_before = PADS_GPIO15;
    /* Both pulls keep the pin where it is; its output stays off, and the function reads 1. */
    PADS_GPIO15 = pad_before | PADS_PULL_UP | PADS_PULL_DOWN;
    IO_GPIO15_CTRL = IO_CTRL_INPUT_HIGH | IO_CTRL_OUTPUT_DISABLE | IO_CTRL_USB_DEBUG;
    /* The pull-up stays on the bus while the controller does not hold it. */
    USB_PHY_DIRECT = USB_PHY_DIRECT_DP_PULL_UP;
    USB_PHY_DIRECT_OVERRIDE = USB_PHY_DIRECT_OVERRIDE_DP_PULL_UP;
    USB_MUXING = USB_MUXING_TO_DIGITAL_PAD | USB_MUXING_SOFTCON;
}

static void release_line(void)
{
    USB_MUXING = USB_MUXING_TO_PHY | USB_MUXING_SOFTCON;
    USB_PHY_DIRECT_OVERRIDE = 0;
    USB_PHY_DIRECT = 0;
    IO_GPIO15_CTRL = function_before;
    PADS_GPIO15 = pad_before;
}

void pico_line_state_reset(void)
{
    if (SYSINFO_CHIP_ID >> SYSINFO_CHIP_ID_REVISION_SHIFT >= FIRST_FIXED_REVISION) return;
    if (phase == FORCED) release_line();
    phase = IN_RESET;
    looks = 0;
    pico_alarm(PICO_ALARM_LINE_STATE, LOOK_MICROSECONDS);
}

void pico_line_state_interrupt(void)
{
    pico_alarm_done(PICO_ALARM_LINE_STATE);
    if (phase == IN_RESET) {
        if ((USB_SIE_STATUS & USB_SIE_STATUS_LINE_STATE) == 0 && ++looks < LOOKS)
            return pico_alarm(PICO_ALARM_LINE_STATE, LOOK_MICROSECONDS);
        force_idle_line();
        phase = FORCED;
        looks = 0;
        return pico_alarm(PICO_ALARM_LINE_STATE, FORCE_MICROSECONDS);
    }
    if (phase == FORCED) {
        if ((USB_SIE_STATUS & USB_SIE_STATUS_CONNECTED) == 0 && ++looks < LOOKS)
            return pico_alarm(PICO_ALARM_LINE_STATE, LOOK_MICROSECONDS);
        release_line();
        phase = IDLE;
    }
}
