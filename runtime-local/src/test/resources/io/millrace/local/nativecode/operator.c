/*
 * An operator behind dora's C interface, without dora's library: does what the id of an input says. Sent values go through Arrow's C data interface, so their memory is freed
 * by this file's own functions; how many are not freed yet, 'held' tells.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stddef.h>

#define EXPORTED __attribute__((visibility("default")))

struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

typedef struct { char *at; size_t length, capacity; } Text;
typedef struct { Text *error; } Result;
typedef struct { Result result; void *operator; } InitResult;
typedef struct { Result result; uint8_t status; } EventResult;
typedef struct { uint64_t has_data; struct ArrowArray array; Text id, context; struct ArrowSchema schema; } Input;
typedef struct { Text id, context; struct ArrowArray array; struct ArrowSchema schema; } Output;
typedef struct { Input *input; Text closed; bool stop; Text error; } Event;
typedef struct { void *self; Result (*call)(void *, Output); void (*release)(void *), (*retain)(void *); } Send;

static int held;

static Text text(const char *from) {
    Text text = {malloc(strlen(from) + 1), strlen(from), strlen(from) + 1};
    memcpy(text.at, from, strlen(from));
    return text;
}

static Result failed(const char *why) {
    Text *error = malloc(sizeof(Text));
    *error = text(why);
    return (Result){error};
}

static void free_array(struct ArrowArray *array) {
    for (int i = 0; i < array->n_children; i++) {
        array->children[i]->release(array->children[i]);
        free(array->children[i]);
    }
    for (int i = 0; i < array->n_buffers; i++) {
        free((void *) array->buffers[i]);
    }
    free(array->children);
    free(array->buffers);
    array->release = NULL;
    held--;
}

static void free_schema(struct ArrowSchema *schema) {
    for (int i = 0; i < schema->n_children; i++) {
        schema->children[i]->release(schema->children[i]);
        free(schema->children[i]);
    }
    free(schema->children);
    schema->release = NULL;
    held--;
}

static void *copy(const void *from, size_t bytes) {
    void *to = malloc(bytes ? bytes : 1);
    memcpy(to, from, bytes);
    return to;
}

static struct ArrowArray array(int64_t length, int64_t offset, int buffers) {
    held++;
    return (struct ArrowArray){length, 0, offset, buffers, 0, calloc(3, sizeof(void *)), NULL, NULL, free_array, NULL};
}

static struct ArrowSchema schema(const char *format) {
    held++;
    return (struct ArrowSchema){format, "value", NULL, 2, 0, NULL, NULL, free_schema, NULL};
}

static Result send(const Send *send, const char *id, struct ArrowArray array, struct ArrowSchema schema, Text context) {
    Output output = {text(id), context, array, schema};
    return send->call(send->self, output);
}

static Result send_text(const Send *to, const char *value) {
    int32_t offsets[] = {0, (int32_t) strlen(value)};
    struct ArrowArray made = array(1, 0, 3);
    made.buffers[1] = copy(offsets, sizeof offsets);
    made.buffers[2] = copy(value, strlen(value));
    return send(to, "out", made, schema("u"), text(""));
}

static Result send_fixed(const Send *to, const char *format, const void *values, size_t width, int length, int offset, int from_bits) {
    struct ArrowArray made = array(length, offset, 2);
    if (from_bits >= 0) {
        uint8_t validity[] = {(uint8_t) from_bits, 0xff};
        made.buffers[0] = copy(validity, sizeof validity);
        made.null_count = -1;
    }
    made.buffers[1] = copy(values, width * (length + offset));
    return send(to, "out", made, schema(format), text(""));
}

/* What came in, sent on with other values behind. */
static Result pass_on(const Send *to, Input *input) {
    Output output = {text("out"), {copy(input->context.at, input->context.length), input->context.length, input->context.length ? 1 : 0}, input->array, schema(input->schema.format)};
    input->has_data = 0;
    if (input->schema.n_children > 0) {
        output.schema.n_children = input->schema.n_children;
        output.schema.children = calloc(input->schema.n_children, sizeof(void *));
        for (int i = 0; i < input->schema.n_children; i++) {
            output.schema.children[i] = malloc(sizeof(struct ArrowSchema));
            *output.schema.children[i] = schema(input->schema.children[i]->format);
            output.schema.children[i]->name = input->schema.children[i]->name;
        }
    }
    Result result = to->call(to->self, output);
    return result;
}

static Result on_input(Input *input, const Send *to, int *seen, uint8_t *status) {
    ++*seen;
    if (!strcmp(input->schema.format, "?")) {
        return failed("no format");
    }
    if (!strncmp(input->id.at, "pass", input->id.length)) {
        return pass_on(to, input);
    }
    if (!strncmp(input->id.at, "count", input->id.length)) {
        char answer[64];
        snprintf(answer, sizeof answer, "%d: %lld of %s", *seen, (long long) input->array.length, input->schema.format);
        return send_text(to, answer);
    }
    if (!strncmp(input->id.at, "halves", input->id.length)) {
        const int64_t *values = input->array.buffers[1];
        double *halves = malloc(input->array.length * sizeof(double) + 8);
        for (int i = 0; i < input->array.length; i++) {
            halves[i] = values[i] / 2.0;
        }
        Result result = send_fixed(to, "g", halves, sizeof(double), (int) input->array.length, 0, -1);
        free(halves);
        return result;
    }
    if (!strncmp(input->id.at, "sliced", input->id.length)) {
        int16_t values[] = {10, 11, 12, 13, 14};
        return send_fixed(to, "s", values, sizeof *values, 3, 2, 0x17); /* the second of the three is missing */
    }
    if (!strncmp(input->id.at, "bytes", input->id.length)) {
        uint8_t values[] = {9, 1, 2, 3};
        return send_fixed(to, "C", values, 1, 3, 1, -1);
    }
    if (!strncmp(input->id.at, "nowhere", input->id.length)) {
        struct ArrowArray made = array(0, 0, 0);
        return send(to, "nowhere", made, schema("n"), text(""));
    }
    if (!strncmp(input->id.at, "map", input->id.length)) {
        struct ArrowArray made = array(0, 0, 1);
        return send(to, "out", made, schema("+m"), text(""));
    }
    if (!strncmp(input->id.at, "held", input->id.length)) {
        char answer[32];
        snprintf(answer, sizeof answer, "%d held", held);
        return send_text(to, answer);
    }
    if (!strncmp(input->id.at, "stop", input->id.length)) {
        *status = 1;
        return (Result){NULL};
    }
    if (!strncmp(input->id.at, "crash", input->id.length)) {
        abort();
    }
    return failed("the operator does not know this input");
}

EXPORTED InitResult dora_init_operator(void) {
#ifdef FAILS_AT_INIT
    return (InitResult){failed("the sensor is not plugged in"), NULL};
#else
    held = 0;
    return (InitResult){{NULL}, calloc(1, sizeof(int))};
#endif
}

#ifndef WITHOUT_DROP
EXPORTED Result dora_drop_operator(void *operator) {
    free(operator);
    return (Result){NULL};
}
#endif

EXPORTED EventResult dora_on_event(Event *event, const Send *to, void *operator) {
    EventResult result = {{NULL}, 0};
    if (event->input) {
        result.result = on_input(event->input, to, operator, &result.status);
    } else if (event->closed.at) {
        char answer[128];
        snprintf(answer, sizeof answer, "closed %.*s", (int) event->closed.length, event->closed.at);
        result.result = send_text(to, answer);
    } else if (event->stop) {
        result.result = send_text(to, "stopped");
    }
    return result;
}

#ifdef WITH_LIBRARY
/* As in dora's own library, which finds an input's id where the compiler has put it. */
#ifndef ID_AT
#define ID_AT offsetof(Input, id)
#endif

EXPORTED char *dora_read_input_id(const Input *input) {
    const Text *id = (const Text *) ((const char *) input + ID_AT);
    char *copied = calloc(id->length + 1, 1);
    if (id->length) {
        memcpy(copied, id->at, id->length);
    }
    return copied;
}

EXPORTED void dora_free_input_id(char *id) { free(id); }

EXPORTED Result dora_send_operator_output(const Send *to, const char *id, const uint8_t *bytes, size_t length) {
    struct ArrowArray made = array((int64_t) length, 0, 2);
    made.buffers[1] = copy(bytes, length);
    return send(to, id, made, schema("C"), (Text){(char *) 1, 0, 0});
}
#endif
