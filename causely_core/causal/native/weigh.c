/* Weigh candidates: walk from each, and keep only what the walk says. */

#include "room.h"
#include "walker.h"
#include "weigh.h"

static int desk_for(struct desk *desk, int64_t active, int64_t rules) {
    desk->seen = calloc((size_t)(active / 64 + 1), sizeof *desk->seen);
    desk->cell = malloc((size_t)(active + 1) * sizeof *desk->cell);
    desk->passed = calloc((size_t)(rules + 1), sizeof *desk->passed);
    desk->again = malloc((size_t)(rules + 1) * sizeof *desk->again);
    return desk->seen && desk->cell && desk->passed && desk->again;
}

static int desk_grown(struct desk *desk, int64_t cells) {
    if (cells < desk->room) return 1;
    int64_t room = 2 * cells + 1024;
    if (!RESIZED(desk->onward, room) || !RESIZED(desk->doubt, room) ||
        !RESIZED(desk->active, room) || !RESIZED(desk->leading, room) ||
        !RESIZED(desk->newest, room) || !RESIZED(desk->older, room) ||
        !RESIZED(desk->below, room) || !RESIZED(desk->followed, room))
        return 0;
    for (int64_t cell = desk->room; cell < room; cell++) desk->onward[cell] = 0;
    desk->room = room;
    return 1;
}

static void desk_free(struct desk *desk) {
    free(desk->seen);
    free(desk->cell);
    free(desk->passed);
    free(desk->again);
    free(desk->onward);
    free(desk->doubt);
    free(desk->active);
    free(desk->leading);
    free(desk->newest);
    free(desk->older);
    free(desk->below);
    free(desk->followed);
}

static int signs_resize(struct signs *signs, int64_t room) {
    signs->room = room;
    return RESIZED(signs->number, room) && RESIZED(signs->via, room) &&
           RESIZED(signs->weight, room) && RESIZED(signs->own, room);
}

/* Weigh ``count`` candidates, on the entities at ``place``; the starts of candidate i are ``first[i]:first[i + 1]``,
   and its signs end at ``ends[i]``. The columns of ``signs`` are the caller's to free. Returns 0, or 1 when there is
   no memory left. */
int weigh(const struct ground *on, const struct scale *scale, int64_t active, int64_t rules, int64_t count,
          const int64_t *place, const int64_t *first, const int64_t *node, const int64_t *cost, const double *belief,
          int64_t *ends, struct signs *signs, double *absent, double *own, double *caused) {
    struct cells cells = {0};
    struct desk desk = {0};
    struct walker *walker = walker_on(on, &cells);
    int failed = !walker || !desk_for(&desk, active, rules);
    for (int64_t row = 0; row < count && !failed; row++) {
        int64_t start = first[row];
        cells.count = 0;
        failed = walk_from(walker, first[row + 1] - start, node + start, cost + start, belief + start) ||
                 !desk_grown(&desk, cells.count) ||
                 (signs->count + cells.count > signs->room && !signs_resize(signs, 2 * (signs->count + cells.count)));
        if (failed) break;
        absent[row] = absence_of(on, &cells, scale, &desk);
        signs_of(on, &cells, scale, active, place[row], &desk, signs, own + row, caused + row);
        ends[row] = signs->count;
    }
    walker_free(walker);
    desk_free(&desk);
    cells_free(&cells);
    return failed || (signs->count && !signs_resize(signs, signs->count));
}
