/* Stands for the operator of dora's example of two machines, in C, with dora's own header and library: its state is a number of ticks. */
#include "operator_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

EXPORT DoraInitResult_t dora_init_operator(void) {
    return (DoraInitResult_t){.operator_context = calloc(1, sizeof(int))};
}

EXPORT DoraResult_t dora_drop_operator(void *ticks) {
    free(ticks);
    return (DoraResult_t){0};
}

EXPORT OnEventResult_t dora_on_event(RawEvent_t *event, const SendOutput_t *send_output, void *ticks) {
    OnEventResult_t result = {.status = DORA_STATUS_CONTINUE};
    if (event->input != NULL) {
        char *id = dora_read_input_id(event->input);
        if (strcmp(id, "tick") == 0) {
            ++*(int *) ticks;
        } else {
            Vec_uint8_t data = dora_read_data(event->input);
            char status[128];
            int length = snprintf(status, sizeof status, "operator received %zu bytes after %d ticks", data.ptr == NULL ? 0 : data.len, *(int *) ticks);
            result.result = dora_send_operator_output(send_output, "status", (const uint8_t *) status, (size_t) length);
            if (data.ptr != NULL) {
                dora_free_data(data);
            }
        }
        dora_free_input_id(id);
    } else if (event->input_closed.ptr != NULL && strncmp((const char *) event->input_closed.ptr, "bytes", event->input_closed.len) == 0) {
        result.status = DORA_STATUS_STOP;
    }
    return result;
}
