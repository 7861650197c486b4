#include "usb_controller.h"

#include "clock.h"
#include "engram_config.h"
#include "registers.h"
#include "usb_control.h"
#include "usb_endpoints.h"
#include "usb_line_state.h"
#include "usb_stream.h"

/* Part of a frame in which no packet is handed over (RP2040-E15), in microseconds since its start. */
#define FRAME_LATE_FROM 800u
#define FRAME_LATE_TO 998u
/* Frames without anything to send after which starts of frames are not looked at any more. */
#define QUIET_FRAMES 16u

static uint8_t data1[PICO_USB_ENDPOINTS]; /* of the next packet */
static uint32_t frame_start;
static uint32_t quiet_frames;
static uint8_t watches_frames;

void pico_usb_start(void)
{
    for (uint32_t at = 0; at < USB_MEMORY_BYTES; at += 4u) PICO_REGISTER(USB_MEMORY + at) = 0;
    USB_MUXING = USB_MUXING_TO_PHY | USB_MUXING_SOFTCON;
    /* A Pico does not lead VBUS to the chip's own pin for it: it has power, so there is a host. */
    USB_PWR = USB_PWR_VBUS_DETECT | USB_PWR_VBUS_DETECT_OVERRIDE;
    USB_MAIN_CTRL = USB_MAIN_CTRL_ENABLE;
    USB_INTE = USB_INT_BUFFER | USB_INT_BUS_RESET | USB_INT_SETUP | USB_INT_SUSPEND | USB_INT_RESUME;
    NVIC_ISER = 1u << USB_INTERRUPT;
    USB_SIE_CTRL = USB_SIE_CTRL_EP0_INTERRUPT | USB_SIE_CTRL_PULL_UP;
}

void pico_usb_set_address(uint32_t address)
{
    USB_ADDR_ENDP = address;
}

static uint32_t packet_offset(unsigned index)
{
    return index <= PICO_USB_CONTROL_OUT ? USB_ENDPOINT0_BUFFER : USB_FREE_MEMORY + PICO_USB_PACKET_BYTES * (index - 2u);
}

void pico_usb_open(unsigned index, uint32_t type)
{
    pico_usb_take_back(index);
    USB_ENDPOINT_CONTROL(index) =
        USB_ENDPOINT_ENABLE | USB_ENDPOINT_INTERRUPT | type << USB_ENDPOINT_TYPE_SHIFT | packet_offset(index);
}

void pico_usb_close(unsigned index)
{
    USB_ENDPOINT_CONTROL(index) = 0;
    pico_usb_take_back(index);
}

ENGRAM_HOT volatile uint32_t *pico_usb_packet(unsigned index)
{
    return &PICO_REGISTER(USB_MEMORY + packet_offset(index));
}

/* The controller looks at the word with its own, slower clock: all else must have arrived before it sees AVAILABLE. */
static inline void order(unsigned index, uint32_t control)
{
    if (data1[index]) control |= USB_BUFFER_DATA1;
    data1[index] ^= 1u;
    USB_BUFFER_CONTROL(index) = control;
    __asm volatile("nop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop");
    USB_BUFFER_CONTROL(index) = control | USB_BUFFER_AVAILABLE;
}

ENGRAM_HOT void pico_usb_send(unsigned index, uint32_t length)
{
    order(index, USB_BUFFER_FULL | length);
}

ENGRAM_HOT void pico_usb_receive(unsigned index)
{
    order(index, PICO_USB_PACKET_BYTES);
}

ENGRAM_HOT uint32_t pico_usb_received(unsigned index)
{
    return USB_BUFFER_CONTROL(index) & USB_BUFFER_LENGTH;
}

void pico_usb_refuse(unsigned index)
{
    if (index <= PICO_USB_CONTROL_OUT) USB_EP_STALL_ARM = 3;
    USB_BUFFER_CONTROL(index) = USB_BUFFER_STALL;
}

void pico_usb_take_back(unsigned index)
{
    USB_BUFFER_CONTROL(index) = 0;
    USB_BUFF_STATUS = 1u << index; /* what ended in the meantime is not told any more */
    data1[index] = index <= PICO_USB_CONTROL_OUT;
}

/* RP2040-E15: with some hubs (those of a Raspberry Pi 4) an answer to the host at the very end of a frame can be damaged
   so that the controller hangs. It is not given an opportunity. */
ENGRAM_HOT int pico_usb_may_send(void)
{
    quiet_frames = 0;
    if (!watches_frames) {
        watches_frames = 1;
        (void)USB_SOF_RD; /* forgets the last start of a frame, which came who knows when */
        USB_INTE_SET = USB_INT_FRAME;
        return 1;
    }
    uint32_t passed = pico_microseconds() - frame_start;
    return passed < FRAME_LATE_FROM || passed > FRAME_LATE_TO;
}

static void frame_started(void)
{
    frame_start = pico_microseconds();
    (void)USB_SOF_RD; /* takes the request back */
    if (++quiet_frames > QUIET_FRAMES) {
        watches_frames = 0;
        USB_INTE_CLEAR = USB_INT_FRAME;
    }
}

static void bus_reset(void)
{
    USB_SIE_STATUS = USB_SIE_STATUS_BUS_RESET;
    USB_ADDR_ENDP = 0;
    pico_control_reset();
    pico_line_state_reset();
}

ENGRAM_HOT static void packets_done(void)
{
    uint32_t done = USB_BUFF_STATUS;
    USB_BUFF_STATUS = done;
    if (done & 1u << PICO_USB_CONTROL_IN) pico_control_sent();
    if (done & 1u << PICO_USB_CONTROL_OUT) pico_control_received();
    if (done & 1u << PICO_USB_CDC_OUT) pico_stream_received(PICO_USB_CDC_OUT);
    if (done & 1u << PICO_USB_VENDOR_OUT) pico_stream_received(PICO_USB_VENDOR_OUT);
    if (done & 1u << PICO_USB_CDC_IN) pico_stream_sent(PICO_USB_CDC_IN);
    if (done & 1u << PICO_USB_VENDOR_IN) pico_stream_sent(PICO_USB_VENDOR_IN);
}

ENGRAM_HOT void pico_usb_interrupt(void)
{
    uint32_t why = USB_INTS;
    if (why & USB_INT_FRAME) frame_started();
    /* Before SETUP, also where the flash was being written and much has come together: what ended before the host began
       anew, and the reset after which it did. */
    if (why & USB_INT_BUFFER) packets_done();
    if (why & USB_INT_BUS_RESET) bus_reset();
    if (why & USB_INT_FRAME) pico_stream_frame();
    if (why & USB_INT_SETUP) {
        USB_SIE_STATUS = USB_SIE_STATUS_SETUP;
        pico_control_setup((const volatile uint32_t *)USB_SETUP_PACKET);
    }
    if (why & USB_INT_SUSPEND) {
        USB_SIE_STATUS = USB_SIE_STATUS_SUSPENDED;
        pico_stream_suspend(1);
    }
    if (why & USB_INT_RESUME) {
        USB_SIE_STATUS = USB_SIE_STATUS_RESUME;
        pico_stream_suspend(0);
    }
}
