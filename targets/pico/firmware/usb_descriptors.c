#include "usb_descriptors.h"

#include "port.h"
#include "usb_endpoints.h"

#define VENDOR_ID 0x2e8au
#define PRODUCT_ID 0x000au
/* Windows keeps what it learnt of a vendor, product and version: this one has a vendor interface, others of the same
   product do not. */
#define DEVICE_VERSION 0x0e01u

#define VENDOR_CODE_WEBUSB 1u
#define VENDOR_CODE_MICROSOFT 2u
#define MS_OS_20_DESCRIPTOR_INDEX 7u

enum { DEVICE = 1, CONFIGURATION, STRING, INTERFACE, ENDPOINT, ASSOCIATION = 11, BOS = 15, CAPABILITY };
enum { CS_INTERFACE = 0x24 };
enum { TEXT_LANGUAGES, TEXT_MANUFACTURER, TEXT_PRODUCT, TEXT_SERIAL, TEXT_CDC, TEXT_VENDOR };

#define LOW(value) ((value) & 0xffu)
#define HIGH(value) ((value) >> 8 & 0xffu)
#define WORD(value) LOW(value), HIGH(value)

static const uint8_t device[] = {
    18, DEVICE, WORD(0x0210u),
    0xef, 2, 1, /* functions are told by interface associations */
    PICO_USB_PACKET_BYTES, WORD(VENDOR_ID), WORD(PRODUCT_ID), WORD(DEVICE_VERSION),
    TEXT_MANUFACTURER, TEXT_PRODUCT, TEXT_SERIAL, 1,
};

#define ADDRESS_IN(index) (0x80u | (index) / 2u)
#define ADDRESS_OUT(index) ((index) / 2u)
#define BULK(address) 7, ENDPOINT, (address), 2, WORD(PICO_USB_PACKET_BYTES), 0
#define CONFIGURATION_BYTES (9u + 8u + 9u + 5u + 5u + 4u + 5u + 7u + 9u + 7u + 7u + 9u + 7u + 7u)

static const uint8_t configuration[] = {
    9, CONFIGURATION, WORD(CONFIGURATION_BYTES), PICO_USB_INTERFACES, 1, 0, 0x80, 50, /* 100 mA */
    /* A serial port: CDC, abstract control model. */
    8, ASSOCIATION, PICO_USB_INTERFACE_CDC, 2, 2, 2, 0, TEXT_CDC,
    9, INTERFACE, PICO_USB_INTERFACE_CDC, 0, 1, 2, 2, 0, TEXT_CDC,
    5, CS_INTERFACE, 0, WORD(0x0120u),
    5, CS_INTERFACE, 1, 0, PICO_USB_INTERFACE_CDC_DATA,
    4, CS_INTERFACE, 2, 2, /* line coding and line state */
    5, CS_INTERFACE, 6, PICO_USB_INTERFACE_CDC, PICO_USB_INTERFACE_CDC_DATA,
    7, ENDPOINT, ADDRESS_IN(PICO_USB_NOTIFY_IN), 3, WORD(8u), 16,
    9, INTERFACE, PICO_USB_INTERFACE_CDC_DATA, 0, 2, 10, 0, 0, 0,
    BULK(ADDRESS_OUT(PICO_USB_CDC_OUT)),
    BULK(ADDRESS_IN(PICO_USB_CDC_IN)),
    /* The same for programs that speak USB themselves. */
    9, INTERFACE, PICO_USB_INTERFACE_VENDOR, 0, 2, 0xff, 0, 0, TEXT_VENDOR,
    BULK(ADDRESS_OUT(PICO_USB_VENDOR_OUT)),
    BULK(ADDRESS_IN(PICO_USB_VENDOR_IN)),
};
_Static_assert(sizeof configuration == CONFIGURATION_BYTES, "length of the configuration");

#define MS_OS_20_BYTES (10u + 8u + 8u + 20u + 132u)

static const uint8_t object_store[] = {
    5, BOS, WORD(5u + 24u + 28u), 2,
    /* WebUSB 1.0, without a page to open */
    24, CAPABILITY, 5, 0, 0x38, 0xb6, 0x08, 0x34, 0xa9, 0x09, 0xa0, 0x47, 0x8b, 0xfd, 0xa0, 0x76, 0x88, 0x15, 0xb6, 0x65,
    WORD(0x0100u), VENDOR_CODE_WEBUSB, 0,
    /* Microsoft OS 2.0, for Windows 8.1 and above */
    28, CAPABILITY, 5, 0, 0xdf, 0x60, 0xdd, 0xd8, 0x89, 0x45, 0xc7, 0x4c, 0x9c, 0xd2, 0x65, 0x9d, 0x9e, 0x64, 0x8a, 0x9f,
    WORD(0u), WORD(0x0603u), WORD(MS_OS_20_BYTES), VENDOR_CODE_MICROSOFT, 0,
};
_Static_assert(sizeof object_store == 5 + 24 + 28, "length of the object store");

/* A character and the half of it that is 0. */
#define C(character) (character), 0

/* The vendor function gets Windows' own driver for such (WinUSB), and a name by which programs find it. */
static const uint8_t ms_os_20[] = {
    WORD(10u), WORD(0u), WORD(0u), WORD(0x0603u), WORD(MS_OS_20_BYTES),
    WORD(8u), WORD(1u), 0, 0, WORD(MS_OS_20_BYTES - 10u),
    WORD(8u), WORD(2u), PICO_USB_INTERFACE_VENDOR, 0, WORD(MS_OS_20_BYTES - 18u),
    WORD(20u), WORD(3u), 'W', 'I', 'N', 'U', 'S', 'B', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    WORD(132u), WORD(4u), WORD(7u), /* several texts, each ended by a 0, and another at the end */
    WORD(42u), C('D'), C('e'), C('v'), C('i'), C('c'), C('e'), C('I'), C('n'), C('t'), C('e'), C('r'), C('f'), C('a'),
    C('c'), C('e'), C('G'), C('U'), C('I'), C('D'), C('s'), C(0),
    WORD(80u), C('{'), C('8'), C('D'), C('3'), C('B'), C('6'), C('1'), C('F'), C('0'), C('-'), C('5'), C('E'), C('2'),
    C('A'), C('-'), C('4'), C('C'), C('7'), C('9'), C('-'), C('9'), C('1'), C('4'), C('E'), C('-'), C('C'), C('A'),
    C('0'), C('7'), C('B'), C('4'), C('F'), C('6'), C('2'), C('D'), C('1'), C('8'), C('}'), C(0), C(0),
};
_Static_assert(sizeof ms_os_20 == MS_OS_20_BYTES, "length of the Microsoft descriptors");

#define LONGEST_TEXT 32u

static const uint8_t languages[] = {4, STRING, WORD(0x0409u)};

static const char *text_of(uint32_t index)
{
    switch (index) {
    case TEXT_MANUFACTURER:
        return "engram";
    case TEXT_PRODUCT:
        return "Engram Pico";
    case TEXT_SERIAL:
        return engram_port_about()->serial;
    case TEXT_CDC:
        return "Engram serial port";
    case TEXT_VENDOR:
        return "Engram";
    default:
        return 0;
    }
}

/* Made for one answer; the next string is asked for when it has been sent. */
static const uint8_t *text(uint32_t index, uint32_t *length)
{
    static uint8_t bytes[2u + 2u * LONGEST_TEXT];
    if (index == TEXT_LANGUAGES) {
        *length = sizeof languages;
        return languages;
    }
    const char *characters = text_of(index);
    if (characters == 0) return 0;
    uint32_t count = 0;
    for (; count < LONGEST_TEXT && characters[count] != 0; count++) {
        bytes[2u + 2u * count] = (uint8_t)characters[count];
        bytes[3u + 2u * count] = 0;
    }
    *length = 2u + 2u * count;
    bytes[0] = (uint8_t)*length;
    bytes[1] = STRING;
    return bytes;
}

const uint8_t *pico_usb_descriptor(uint32_t type, uint32_t index, uint32_t *length)
{
    if (type == STRING) return text(index, length);
    if (index != 0) return 0;
    switch (type) {
    case DEVICE:
        *length = sizeof device;
        return device;
    case CONFIGURATION:
        *length = sizeof configuration;
        return configuration;
    case BOS:
        *length = sizeof object_store;
        return object_store;
    default:
        return 0; /* no high speed, hence no qualifier of it */
    }
}

const uint8_t *pico_usb_vendor_descriptor(uint32_t request, uint32_t index, uint32_t *length)
{
    if (request != VENDOR_CODE_MICROSOFT || index != MS_OS_20_DESCRIPTOR_INDEX) return 0;
    *length = sizeof ms_os_20;
    return ms_os_20;
}
