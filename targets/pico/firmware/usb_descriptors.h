/* What the device says of itself to a USB host. */
#ifndef PICO_USB_DESCRIPTORS_H
#define PICO_USB_DESCRIPTORS_H

#include <stdint.h>

/* A descriptor by type and index; 0 if there is none. */
const uint8_t *pico_usb_descriptor(uint32_t type, uint32_t index, uint32_t *length);

/* What the capabilities in the binary object store announce, by vendor request; 0 if there is none. */
const uint8_t *pico_usb_vendor_descriptor(uint32_t request, uint32_t index, uint32_t *length);

#endif
