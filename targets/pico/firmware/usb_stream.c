#include "usb_stream.h"

#include <string.h>

#include "clock.h"
#include "engram_config.h"
#include "port.h"
#include "usb_controller.h"
#include "usb_endpoints.h"

#define PACKET_WORDS (PICO_USB_PACKET_BYTES / 4u)
/* A host that has not taken a packet for so long does not listen. */
#define DEAF_MICROSECONDS 500000u
#define NOBODY PICO_STREAMS

#define IN_PACKETS PICO_USB_PACKETS
#define OUT_PACKETS 32u

_Static_assert((IN_PACKETS & (IN_PACKETS - 1u)) == 0 && (OUT_PACKETS & (OUT_PACKETS - 1u)) == 0, "powers of two");

/* Packets put in and taken out; both counts wrap. */
static struct {
    uint32_t in;
    uint32_t out;
    uint8_t length[IN_PACKETS];
    uint32_t words[IN_PACKETS][PACKET_WORDS];
} incoming;
static uint32_t read_at; /* in the packet that is being read */

static struct {
    uint32_t in;
    uint32_t out;
    uint8_t length[OUT_PACKETS];
    uint32_t words[OUT_PACKETS][PACKET_WORDS];
} outgoing;
static uint32_t fill; /* bytes of the packet that is being written, which is not in the queue yet */

static struct {
    uint8_t is_open;
    uint8_t receiving;   /* the controller may put a packet into the endpoint's memory */
    uint8_t sending;     /* a packet waits to be taken */
    uint8_t owes_empty;  /* the last packet was full: without another, the host waits for the transfer's end */
    uint8_t halted_in;
    uint8_t halted_out;
} streams[PICO_STREAMS];

static uint8_t is_configured;
static uint8_t is_suspended;
static unsigned owner = NOBODY;
static uint32_t progress; /* when a packet last was handed over or taken */

static inline uint32_t hold_interrupts(void)
{
    uint32_t before;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(before)::"memory");
    return before;
}

static inline void allow_interrupts(uint32_t before)
{
    __asm volatile("msr primask, %0" ::"r"(before) : "memory");
}

static inline unsigned endpoint_in(unsigned stream)
{
    return PICO_USB_CDC_IN + 2u * stream;
}

static inline unsigned endpoint_out(unsigned stream)
{
    return PICO_USB_CDC_OUT + 2u * stream;
}

static inline unsigned stream_of(unsigned index)
{
    return (index - PICO_USB_CDC_IN) / 2u;
}

/* The interrupt changes what the program looks at. */
static inline uint32_t now(const uint32_t *count)
{
    return *(const volatile uint32_t *)count;
}

static inline uint32_t packets_in(void)
{
    return now(&incoming.in) - now(&incoming.out);
}

static inline uint32_t packets_out(void)
{
    return now(&outgoing.in) - now(&outgoing.out);
}

static inline void copy_words(volatile uint32_t *to, const volatile uint32_t *from, uint32_t bytes)
{
    for (uint32_t n = 0; n < bytes; n += 4u) *to++ = *from++;
}

/* --- to the host --- */

static int is_listening(void)
{
    return owner != NOBODY && is_configured && !is_suspended && streams[owner].is_open;
}

static void drop_output(void)
{
    outgoing.out = outgoing.in;
    fill = 0;
}

/* The written packet goes into the queue. */
static inline void close_packet(void)
{
    outgoing.length[outgoing.in % OUT_PACKETS] = (uint8_t)fill;
    outgoing.in++;
    fill = 0;
}

/* Hands over the next packet, if there is one and the endpoint is free. */
ENGRAM_HOT static void send_next(unsigned stream)
{
    if (!is_configured || streams[stream].sending || streams[stream].halted_in) return;
    int has_data = stream == owner && (packets_out() > 0 || fill > 0);
    if (!has_data && !streams[stream].owes_empty) return;
    if (!pico_usb_may_send()) return;
    uint32_t length = 0;
    if (has_data) {
        if (packets_out() == 0) close_packet();
        uint32_t slot = outgoing.out % OUT_PACKETS;
        length = outgoing.length[slot];
        copy_words(pico_usb_packet(endpoint_in(stream)), outgoing.words[slot], length);
        outgoing.out++;
    }
    streams[stream].owes_empty = length == PICO_USB_PACKET_BYTES;
    streams[stream].sending = 1;
    progress = pico_microseconds();
    pico_usb_send(endpoint_in(stream), length);
}

ENGRAM_HOT void pico_stream_sent(unsigned index)
{
    unsigned stream = stream_of(index);
    progress = pico_microseconds();
    streams[stream].sending = 0;
    send_next(stream);
}

void pico_stream_frame(void)
{
    for (unsigned stream = 0; stream < PICO_STREAMS; stream++) send_next(stream);
}

ENGRAM_HOT size_t engram_port_write(const uint8_t *bytes, size_t size)
{
    size_t taken = 0;
    while (taken < size) {
        uint32_t interrupts = hold_interrupts();
        if (!is_listening() || packets_out() == OUT_PACKETS) {
            allow_interrupts(interrupts);
            break;
        }
        size_t count = PICO_USB_PACKET_BYTES - fill;
        if (count > size - taken) count = size - taken;
        memcpy((uint8_t *)outgoing.words[outgoing.in % OUT_PACKETS] + fill, bytes + taken, count);
        fill += (uint32_t)count;
        taken += count;
        if (fill == PICO_USB_PACKET_BYTES) close_packet();
        send_next(owner);
        allow_interrupts(interrupts);
    }
    return taken;
}

int engram_port_drained(void)
{
    uint32_t interrupts = hold_interrupts();
    int done = 1;
    if (is_listening() && (packets_out() > 0 || fill > 0 || streams[owner].sending || streams[owner].owes_empty))
        done = pico_microseconds() - progress > DEAF_MICROSECONDS;
    allow_interrupts(interrupts);
    return done;
}

/* --- from the host --- */

static inline void receive_if_room(unsigned stream)
{
    if (!is_configured || streams[stream].receiving || streams[stream].halted_out) return;
    /* Each packet may need a place for a delimiter too. */
    uint32_t wanted = 2u * (1u + streams[0].receiving + streams[1].receiving);
    if (IN_PACKETS - packets_in() < wanted) return;
    streams[stream].receiving = 1;
    pico_usb_receive(endpoint_out(stream));
}

static void change_owner(unsigned stream)
{
    uint32_t slot = incoming.in % IN_PACKETS;
    incoming.words[slot][0] = 0;
    incoming.length[slot] = 1;
    incoming.in++;
    drop_output();
    owner = stream;
}

ENGRAM_HOT void pico_stream_received(unsigned index)
{
    unsigned stream = stream_of(index);
    uint32_t length = pico_usb_received(index);
    streams[stream].receiving = 0;
    if (length > 0) {
        is_suspended = 0;
        streams[stream].is_open = 1;
        if (stream != owner) change_owner(stream);
        uint32_t slot = incoming.in % IN_PACKETS;
        copy_words(incoming.words[slot], pico_usb_packet(index), length);
        incoming.length[slot] = (uint8_t)length;
        incoming.in++;
    }
    receive_if_room(stream);
}

int pico_stream_waiting(void)
{
    return packets_in() > 0;
}

ENGRAM_HOT size_t engram_port_read(uint8_t *bytes, size_t size)
{
    size_t taken = 0;
    int freed = 0;
    while (taken < size && packets_in() > 0) {
        __asm volatile("" ::: "memory"); /* nothing of the packet is looked at before its count */
        uint32_t slot = incoming.out % IN_PACKETS;
        size_t count = incoming.length[slot] - read_at;
        if (count > size - taken) count = size - taken;
        memcpy(bytes + taken, (const uint8_t *)incoming.words[slot] + read_at, count);
        taken += count;
        read_at += (uint32_t)count;
        if (read_at == incoming.length[slot]) {
            read_at = 0;
            __asm volatile("" ::: "memory"); /* the interrupt may fill the place from here on */
            incoming.out++;
            freed = 1;
        }
    }
    if (freed) {
        uint32_t interrupts = hold_interrupts();
        for (unsigned stream = 0; stream < PICO_STREAMS; stream++) receive_if_room(stream);
        allow_interrupts(interrupts);
    }
    return taken;
}

/* --- what happens to the streams --- */

void pico_stream_configure(int configured)
{
    is_configured = 0;
    is_suspended = 0;
    owner = NOBODY;
    drop_output();
    memset(streams, 0, sizeof streams);
    for (unsigned stream = 0; stream < PICO_STREAMS; stream++)
        for (unsigned index = endpoint_in(stream); index <= endpoint_out(stream); index++) {
            if (configured)
                pico_usb_open(index, PICO_USB_BULK);
            else
                pico_usb_close(index);
        }
    is_configured = configured != 0;
    for (unsigned stream = 0; stream < PICO_STREAMS; stream++) receive_if_room(stream);
}

void pico_stream_set_open(unsigned stream, int open)
{
    /* What was meant for the program before does not greet the next. */
    if (stream == owner && streams[stream].is_open != (open != 0)) drop_output();
    streams[stream].is_open = open != 0;
}

int pico_stream_halt(unsigned index, int halted)
{
    if (index < PICO_USB_CDC_IN || index >= PICO_USB_ENDPOINTS) return 0;
    unsigned stream = stream_of(index);
    pico_usb_take_back(index);
    if (index == endpoint_in(stream)) {
        /* A packet under way is lost, as is said of halted endpoints. */
        streams[stream].sending = 0;
        streams[stream].owes_empty = 0;
        streams[stream].halted_in = halted != 0;
    } else {
        streams[stream].receiving = 0;
        streams[stream].halted_out = halted != 0;
    }
    if (halted) {
        pico_usb_refuse(index);
    } else {
        send_next(stream);
        receive_if_room(stream);
    }
    return 1;
}

int pico_stream_is_halted(unsigned index)
{
    if (index < PICO_USB_CDC_IN || index >= PICO_USB_ENDPOINTS) return 0;
    unsigned stream = stream_of(index);
    return index == endpoint_in(stream) ? streams[stream].halted_in : streams[stream].halted_out;
}

void pico_stream_suspend(int suspended)
{
    is_suspended = suspended != 0;
}
