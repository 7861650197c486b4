/* Reading and writing state by variable and index (docs/core.md, section 11). */
#ifndef ENGRAM_STATE_ACCESS_H
#define ENGRAM_STATE_ACCESS_H

#include "machine.h"

/* One variable of the board (core 65535) or the core, found once and then accessed by index. */
typedef struct {
    uint32_t variable;
    uint32_t length;
    int of_board;
    int narrow; /* 16 bits: W and T */
} engram_variable;

/* ENGRAM_OK, UNKNOWN_CORE or UNKNOWN_VARIABLE. */
uint32_t engram_variable_find(const engram_machine *m, uint32_t core, uint32_t variable, engram_variable *out);

/* A value; index is below the variable's length. What a group or block does not have reads 0. */
int32_t engram_variable_read(const engram_machine *m, const engram_variable *variable, uint32_t index);

/* Whether a value may be written there: ENGRAM_OK, READ_ONLY or BAD_VALUE. */
uint32_t engram_variable_writable(const engram_machine *m, const engram_variable *variable, uint32_t index, int32_t value);

/* Writes a value that engram_variable_writable allows. */
void engram_variable_write(engram_machine *m, const engram_variable *variable, uint32_t index, int32_t value);

#endif
