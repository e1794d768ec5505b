/* What the absences that walks reach say; absences.py gives the formulas. */

#include "ground.h"

/* A log likelihood for each walk, told along its tree from the deepest cells up. Terms are rounded to whole ``parts``,
   so that sums do not depend on their order. ``newest``, ``older``, ``below`` and ``followed`` are room for as many
   cells as the largest walk has: the cells of one depth are a chain from the newest to older ones. */
void absences(const struct ground *on, int64_t walks, const int64_t *offsets,
              const struct cells *cells, double far, double parts, int32_t *newest, int32_t *older, double *below,
              uint8_t *followed, double *said) {
    for (int64_t walk = 0; walk < walks; walk++) {
        int64_t begin = offsets[walk], count = offsets[walk + 1] - begin;
        int32_t deepest = -1;
        said[walk] = 0.0;
        for (int64_t each = 0; each < count; each++) {
            newest[each] = -1;
            below[each] = followed[each] = 0;
        }
        for (int64_t each = 0; each < count; each++) {
            int32_t depth = cells->depth[begin + each];
            older[each] = newest[depth];
            newest[depth] = (int32_t)each;
            if (depth > deepest) deepest = depth;
        }
        for (int32_t depth = deepest; depth >= 0; depth--)
            for (int64_t each = newest[depth]; each >= 0; each = older[each]) {
                int64_t cell = begin + each, via = cells->via[cell], rule = cells->rule[cell];
                int active = cells->number[cell] > 0, certain = active || followed[each];
                double chance = rule < 0 ? cells->belief[cell] : on->probability[rule];
                double miss = active ? 1.0 : cells->miss[cell], told = 0.0;
                if (!certain && (miss < 1.0 || below[each] < 0.0))
                    told = cells->share[cell] * log(1.0 - chance + chance * miss * (below[each] < 0.0 ? exp(below[each]) : 1.0));
                else if (followed[each] && !active)
                    told = (miss < 1.0 ? log(1.0 - chance + chance * miss) : 0.0) + below[each];
                if (via < 0) {
                    said[walk] += whole(told, parts);
                } else {
                    below[via - begin] += whole(far * told, parts);
                    followed[via - begin] |= certain;
                }
            }
    }
}
