/* Endpoints and interfaces of this device, as its descriptors say. */
#ifndef PICO_USB_ENDPOINTS_H
#define PICO_USB_ENDPOINTS_H

#define PICO_USB_PACKET_BYTES 64u

/* Numbered as the controller does: 2n into the host, 2n + 1 out of it. */
enum {
    PICO_USB_CONTROL_IN,
    PICO_USB_CONTROL_OUT,
    PICO_USB_NOTIFY_IN,
    PICO_USB_CDC_IN = 4,
    PICO_USB_CDC_OUT,
    PICO_USB_VENDOR_IN,
    PICO_USB_VENDOR_OUT,
    PICO_USB_ENDPOINTS,
};

enum { PICO_USB_INTERFACE_CDC, PICO_USB_INTERFACE_CDC_DATA, PICO_USB_INTERFACE_VENDOR, PICO_USB_INTERFACES };

#endif
