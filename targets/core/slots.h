/* Image and state that outlive power: two image areas, two slots (docs/image.md, Saved state). */
#ifndef ENGRAM_SLOTS_H
#define ENGRAM_SLOTS_H

#include <stdint.h>

#include "machine.h"

/* True if the port keeps anything without power. */
int engram_slots_persistent(void);

/* Loads the newest valid slot; true if a machine was restored. image_area is told where its image is. */
int engram_slots_restore(unsigned *image_area);

/* Saves the machine, whose image is in that area, in the older slot; ENGRAM_OK or ENGRAM_ERR_STORAGE. */
uint32_t engram_slots_save(const engram_machine *m, unsigned image_area);

/* Forgets all that is saved, the older first. */
uint32_t engram_slots_forget(void);

/* The image area that no saved state needs, and the slot that is not the newest: free for an upload. */
unsigned engram_slots_free_image_area(void);
unsigned engram_slots_free_state_area(void);

#endif
