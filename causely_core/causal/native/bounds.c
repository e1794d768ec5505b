/* Upper bounds on scores; search.py tells why they hold. */

#include <math.h>
#include <stdlib.h>

#include "bounds.h"

struct bounds bounds_of(const struct problem *on, const double *used, int64_t count, const double *parts,
                        const struct slate *slate) {
    struct bounds bounds = {count, calloc((size_t)count, sizeof *bounds.at)};
    double *given = malloc((size_t)(on->ways + 1) * sizeof *given);
    int failed = !bounds.at || !given;
    for (int64_t each = 0; each < count && !failed; each++) {
        struct bound *bound = bounds.at + each;
        bound->gains = malloc((size_t)(on->candidates + 1) * sizeof *bound->gains);
        failed = !bound->gains;
        if (failed) break;
        for (int64_t way = 0; way < on->ways; way++) given[way] = used[way] * parts[each];
        bound->evidence = gains(on, given, slate, bound->gains);
    }
    free(given);
    if (failed) bounds_free(&bounds);
    return bounds;
}

void bounds_free(struct bounds *bounds) {
    for (int64_t each = 0; each < bounds->count && bounds->at; each++) free(bounds->at[each].gains);
    free(bounds->at);
    *bounds = (struct bounds){0};
}

void bounds_with(struct bounds *bounds, const int32_t *members, int64_t count) {
    for (struct bound *bound = bounds->at; bound < bounds->at + bounds->count; bound++) {
        bound->with = bound->evidence;
        for (int64_t each = 0; each < count; each++) bound->with += bound->gains[members[each]];
        bound->highest = -INFINITY;
        bound->after = 0.0;
    }
}

double bounds_next(struct bounds *bounds, int32_t candidate) {
    double most = INFINITY;
    for (struct bound *bound = bounds->at; bound < bounds->at + bounds->count; bound++) {
        double gain = bound->gains[candidate];
        double reached = bound->with + gain + (bound->highest > 0.0 ? bound->after : bound->highest);
        if (reached < most) most = reached;
        if (gain > 0.0) bound->after += gain;
        if (gain > bound->highest) bound->highest = gain;
    }
    return most;
}
