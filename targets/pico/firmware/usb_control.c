#include "usb_control.h"

#include "usb_controller.h"
#include "usb_descriptors.h"
#include "usb_endpoints.h"
#include "usb_stream.h"

/* Direction, kind and recipient of a request. */
enum {
    TO_DEVICE = 0x00,
    TO_INTERFACE = 0x01,
    TO_ENDPOINT = 0x02,
    CLASS_TO_DEVICE = 0x20,
    CLASS_TO_INTERFACE = 0x21,
    FROM_DEVICE = 0x80,
    FROM_INTERFACE = 0x81,
    FROM_ENDPOINT = 0x82,
    CLASS_FROM_INTERFACE = 0xa1,
    VENDOR_FROM_DEVICE = 0xc0,
};

enum {
    GET_STATUS = 0,
    CLEAR_FEATURE = 1,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_DESCRIPTOR = 6,
    GET_CONFIGURATION = 8,
    SET_CONFIGURATION = 9,
    GET_INTERFACE = 10,
    SET_INTERFACE = 11,
    SET_LINE_CODING = 0x20,
    GET_LINE_CODING = 0x21,
    SET_CONTROL_LINE_STATE = 0x22,
    SEND_BREAK = 0x23,
};

#define ENDPOINT_HALT 0u
#define LINE_STATE_DTR 1u
#define TOUCH_BAUD 1200u
#define LINE_CODING_BYTES 7u
#define NO_ADDRESS 0xffu

typedef struct {
    uint8_t type;
    uint8_t request;
    uint16_t value;
    uint16_t index;
    uint16_t length;
} setup;

enum stage { IDLE, DATA_IN, DATA_OUT, STATUS_IN, STATUS_OUT };

static enum stage stage;
static setup asked;
static const uint8_t *reply;
static uint32_t reply_left;
static uint8_t empty_at_end; /* the reply is shorter than what was asked for and fills its last packet */
static uint8_t small[2];
static uint8_t new_address = NO_ADDRESS;
static uint8_t configuration;
/* Baud, stop bits, parity, data bits: kept for whoever asks, of no effect. */
static uint8_t line_coding[LINE_CODING_BYTES] = {0x00, 0xc2, 0x01, 0x00, 0, 0, 8};
static uint8_t is_terminal_ready;
static uint8_t touch_due;
static volatile uint8_t touched;

static void send_part(void)
{
    uint32_t count = reply_left < PICO_USB_PACKET_BYTES ? reply_left : PICO_USB_PACKET_BYTES;
    volatile uint32_t *packet = pico_usb_packet(PICO_USB_CONTROL_IN);
    for (uint32_t at = 0; at < count; at += 4u) {
        uint32_t word = 0;
        for (uint32_t n = 0; n < 4u && at + n < count; n++) word |= (uint32_t)reply[at + n] << (8u * n);
        packet[at / 4u] = word;
    }
    reply += count;
    reply_left -= count;
    if (count < PICO_USB_PACKET_BYTES) empty_at_end = 0;
    pico_usb_send(PICO_USB_CONTROL_IN, count);
}

static int answer(const uint8_t *bytes, uint32_t length)
{
    reply = bytes;
    reply_left = length < asked.length ? length : asked.length;
    empty_at_end = reply_left < asked.length && reply_left % PICO_USB_PACKET_BYTES == 0;
    return 1;
}

static int answer_small(uint32_t value, uint32_t length)
{
    small[0] = (uint8_t)value;
    small[1] = 0;
    return answer(small, length);
}

static int send_descriptor(void)
{
    uint32_t length;
    const uint8_t *bytes = pico_usb_descriptor(asked.value >> 8, asked.value & 0xffu, &length);
    return bytes != 0 && answer(bytes, length);
}

static int send_vendor_descriptor(void)
{
    uint32_t length;
    const uint8_t *bytes = pico_usb_vendor_descriptor(asked.request, asked.index, &length);
    return bytes != 0 && answer(bytes, length);
}

static int configure(uint32_t value)
{
    if (value > 1u) return 0;
    configuration = (uint8_t)value;
    is_terminal_ready = 0;
    if (value)
        pico_usb_open(PICO_USB_NOTIFY_IN, PICO_USB_INTERRUPT_TYPE);
    else
        pico_usb_close(PICO_USB_NOTIFY_IN);
    pico_stream_configure(value != 0);
    return 1;
}

/* Number of the controller for an endpoint's address. */
static unsigned endpoint_index(uint32_t address)
{
    return 2u * (address & 15u) + ((address & 0x80u) ? 0u : 1u);
}

static int is_endpoint(unsigned index)
{
    return index <= PICO_USB_NOTIFY_IN || (index >= PICO_USB_CDC_IN && index < PICO_USB_ENDPOINTS);
}

static int set_halt(unsigned index, int halted)
{
    if (asked.value != ENDPOINT_HALT || !is_endpoint(index)) return 0;
    if (index == PICO_USB_NOTIFY_IN) {
        pico_usb_take_back(index);
        if (halted) pico_usb_refuse(index);
    }
    if (index >= PICO_USB_CDC_IN) pico_stream_halt(index, halted);
    return 1;
}

/* Each interface has one setting only; choosing it starts its endpoints anew. */
static int set_interface(void)
{
    if (!configuration || asked.value != 0 || asked.index >= PICO_USB_INTERFACES) return 0;
    if (asked.index == PICO_USB_INTERFACE_CDC) pico_usb_take_back(PICO_USB_NOTIFY_IN);
    if (asked.index == PICO_USB_INTERFACE_CDC_DATA) {
        pico_stream_halt(PICO_USB_CDC_IN, 0);
        pico_stream_halt(PICO_USB_CDC_OUT, 0);
    }
    if (asked.index == PICO_USB_INTERFACE_VENDOR) {
        pico_stream_halt(PICO_USB_VENDOR_IN, 0);
        pico_stream_halt(PICO_USB_VENDOR_OUT, 0);
    }
    return 1;
}

/* Programs that use the vendor interface as a serial line may say so in the words of CDC. */
static int set_line_state(void)
{
    uint8_t ready = asked.value & LINE_STATE_DTR;
    if (asked.index == PICO_USB_INTERFACE_VENDOR) {
        pico_stream_set_open(PICO_STREAM_VENDOR, ready);
        return 1;
    }
    uint32_t baud = (uint32_t)line_coding[0] | (uint32_t)line_coding[1] << 8 | (uint32_t)line_coding[2] << 16 |
                    (uint32_t)line_coding[3] << 24;
    touch_due = is_terminal_ready && !ready && baud == TOUCH_BAUD;
    is_terminal_ready = ready;
    pico_stream_set_open(PICO_STREAM_CDC, ready);
    return 1;
}

/* True if it is answered; what has a data stage from the host is dealt with when that has come. */
static int answer_request(void)
{
    switch (asked.type << 8 | asked.request) {
    case FROM_DEVICE << 8 | GET_DESCRIPTOR:
        return send_descriptor();
    case FROM_DEVICE << 8 | GET_STATUS:
    case FROM_INTERFACE << 8 | GET_STATUS:
        return answer_small(0, 2);
    case FROM_ENDPOINT << 8 | GET_STATUS:
        return is_endpoint(endpoint_index(asked.index)) &&
               answer_small((uint32_t)pico_stream_is_halted(endpoint_index(asked.index)), 2);
    case FROM_DEVICE << 8 | GET_CONFIGURATION:
        return answer_small(configuration, 1);
    case FROM_INTERFACE << 8 | GET_INTERFACE:
        return answer_small(0, 1);
    case CLASS_FROM_INTERFACE << 8 | GET_LINE_CODING:
        return answer(line_coding, sizeof line_coding);
    default:
        return asked.type == VENDOR_FROM_DEVICE && send_vendor_descriptor();
    }
}

static int obey_request(void)
{
    switch (asked.type << 8 | asked.request) {
    case TO_DEVICE << 8 | SET_ADDRESS:
        new_address = asked.value & 0x7fu;
        return 1;
    case TO_DEVICE << 8 | SET_CONFIGURATION:
        return configure(asked.value);
    case TO_INTERFACE << 8 | SET_INTERFACE:
        return set_interface();
    case TO_ENDPOINT << 8 | SET_FEATURE:
        return set_halt(endpoint_index(asked.index), 1);
    case TO_ENDPOINT << 8 | CLEAR_FEATURE:
        return set_halt(endpoint_index(asked.index), 0);
    case CLASS_TO_INTERFACE << 8 | SET_CONTROL_LINE_STATE:
    case CLASS_TO_DEVICE << 8 | SET_CONTROL_LINE_STATE:
        return set_line_state();
    case CLASS_TO_INTERFACE << 8 | SEND_BREAK:
        return 1;
    default:
        return 0;
    }
}

static int wants_line_coding(void)
{
    return asked.type == CLASS_TO_INTERFACE && asked.request == SET_LINE_CODING && asked.length == LINE_CODING_BYTES;
}

static void refuse(void)
{
    stage = IDLE;
    pico_usb_refuse(PICO_USB_CONTROL_IN);
    pico_usb_refuse(PICO_USB_CONTROL_OUT);
}

void pico_control_setup(const volatile uint32_t *packet)
{
    uint32_t first = packet[0], second = packet[1];
    asked = (setup){(uint8_t)first, (uint8_t)(first >> 8), (uint16_t)(first >> 16), (uint16_t)second,
                    (uint16_t)(second >> 16)};
    /* An earlier request that was not finished is forgotten. */
    pico_usb_take_back(PICO_USB_CONTROL_IN);
    pico_usb_take_back(PICO_USB_CONTROL_OUT);
    new_address = NO_ADDRESS;
    touch_due = 0;
    if (asked.type & 0x80u) {
        if (!answer_request()) return refuse();
        stage = DATA_IN;
        send_part();
    } else if (asked.length > 0) {
        if (!wants_line_coding()) return refuse();
        stage = DATA_OUT;
        pico_usb_receive(PICO_USB_CONTROL_OUT);
    } else {
        if (!obey_request()) return refuse();
        stage = STATUS_IN;
        pico_usb_send(PICO_USB_CONTROL_IN, 0);
    }
}

void pico_control_sent(void)
{
    if (stage == DATA_IN) {
        if (reply_left > 0 || empty_at_end) return send_part();
        stage = STATUS_OUT;
        pico_usb_receive(PICO_USB_CONTROL_OUT);
    } else if (stage == STATUS_IN) {
        stage = IDLE;
        if (new_address != NO_ADDRESS) pico_usb_set_address(new_address);
        if (touch_due) touched = 1;
    }
}

void pico_control_received(void)
{
    if (stage == DATA_OUT) {
        if (pico_usb_received(PICO_USB_CONTROL_OUT) != LINE_CODING_BYTES) return refuse();
        const volatile uint32_t *packet = pico_usb_packet(PICO_USB_CONTROL_OUT);
        for (uint32_t n = 0; n < LINE_CODING_BYTES; n++) line_coding[n] = (uint8_t)(packet[n / 4u] >> (8u * (n % 4u)));
        stage = STATUS_IN;
        pico_usb_send(PICO_USB_CONTROL_IN, 0);
    } else if (stage == STATUS_OUT)
        stage = IDLE;
}

void pico_control_reset(void)
{
    stage = IDLE;
    pico_usb_take_back(PICO_USB_CONTROL_IN);
    pico_usb_take_back(PICO_USB_CONTROL_OUT);
    configure(0);
}

int pico_control_touched(void)
{
    return touched;
}
