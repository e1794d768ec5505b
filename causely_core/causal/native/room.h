/* Arrays that grow. */

#ifndef CAUSELY_ROOM_H
#define CAUSELY_ROOM_H

#include <stdint.h>
#include <stdlib.h>

/* Room for ``room`` elements of ``size`` in ``column``; 0 when there is no memory left. */
static inline int resized(void **column, int64_t room, size_t size) {
    void *moved = realloc(*column, (size_t)room * size);
    if (moved) *column = moved;
    return moved != NULL;
}

#define RESIZED(column, room) resized((void **)&(column), room, sizeof *(column))

/* Room for one more at ``count`` in a column that has ``limit``. */
#define ROOM_FOR(column, count, limit) \
    ((count) < (limit) || ((limit) = (limit) ? 2 * (limit) : 1024, RESIZED(column, limit)))

#endif
