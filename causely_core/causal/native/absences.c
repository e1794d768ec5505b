/* What the absences that a walk reaches say; absences.py gives the formulas. */

#include "weigh.h"

/* Told along the walk's tree from the deepest cells up. Terms are rounded, so that sums depend on no order. */
double absence_of(const struct ground *on, const struct cells *cells, const struct scale *scale, struct desk *desk) {
    int32_t deepest = -1, count = (int32_t)cells->count;
    double said = 0.0;
    for (int32_t cell = 0; cell < count; cell++) {
        desk->newest[cell] = -1;
        desk->below[cell] = desk->followed[cell] = 0;
    }
    for (int32_t cell = 0; cell < count; cell++) {
        int32_t depth = cells->depth[cell];
        desk->older[cell] = desk->newest[depth];
        desk->newest[depth] = cell;
        if (depth > deepest) deepest = depth;
    }
    for (int32_t depth = deepest; depth >= 0; depth--)
        for (int32_t cell = desk->newest[depth]; cell >= 0; cell = desk->older[cell]) {
            int32_t via = cells->via[cell], rule = cells->rule[cell];
            int active = cells->number[cell] > 0, followed = desk->followed[cell];
            double chance = rule < 0 ? cells->belief[cell] : on->probability[rule], below = desk->below[cell];
            double miss = active ? 1.0 : cells->miss[cell], told = 0.0;
            if (!active && followed)
                told = (miss < 1.0 ? log(1.0 - chance + chance * miss) : 0.0) + below;
            else if (!active && (miss < 1.0 || below < 0.0))
                told = cells->share[cell] * log(1.0 - chance + chance * miss * (below < 0.0 ? exp(below) : 1.0));
            if (via < 0) {
                said += whole(told, scale->parts);
            } else {
                desk->below[via] += whole(scale->far * told, scale->parts);
                desk->followed[via] |= active || followed;
            }
        }
    return said;
}
