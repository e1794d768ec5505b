/* Sets that wait to be opened, highest bound first and of equal ones the first that came: a binary heap. */

#ifndef CAUSELY_QUEUE_H
#define CAUSELY_QUEUE_H

#include "room.h"

struct queued {
    double most;                      /* what none of its supersets exceeds */
    int64_t order;
    int32_t set, at;                  /* an open set that it is larger than, by the set's ``rest[at]`` */
};

struct queue {
    int64_t count, room, order;
    struct queued *at;
};

static inline int sooner(const struct queued *one, const struct queued *other) {
    return one->most != other->most ? one->most > other->most : one->order < other->order;
}

/* Returns 0 when there is no memory left. */
static inline int push(struct queue *queue, double most, int32_t set, int32_t place) {
    if (!ROOM_FOR(queue->at, queue->count, queue->room)) return 0;
    struct queued item = {most, queue->order++, set, place};
    int64_t at = queue->count++;
    for (; at > 0 && sooner(&item, queue->at + (at - 1) / 2); at = (at - 1) / 2) queue->at[at] = queue->at[(at - 1) / 2];
    queue->at[at] = item;
    return 1;
}

/* There must be one. */
static inline struct queued pop(struct queue *queue) {
    struct queued top = queue->at[0], last = queue->at[--queue->count];
    int64_t at = 0, below;
    while ((below = 2 * at + 1) < queue->count) {
        if (below + 1 < queue->count && sooner(queue->at + below + 1, queue->at + below)) below++;
        if (!sooner(queue->at + below, &last)) break;
        queue->at[at] = queue->at[below];
        at = below;
    }
    queue->at[at] = last;
    return top;
}

#endif
